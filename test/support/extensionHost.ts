/** Code of ours in the extension host of the real VS Code: its browser edition, in Chromium. */
import type { Page } from 'playwright-core';
import { serveVscode } from '../../src/setup/vscode';
import { launchBrowser } from './browser';
import { paths, root, type World } from './world';

export interface InHost {
  readonly world: World;
  /** A script whose `run` VS Code calls. */
  readonly script: string;
  readonly env: NodeJS.ProcessEnv;
  readonly trust?: boolean;
  /** What the script writes to its console. */
  readonly onLog?: (type: string, values: readonly unknown[]) => void;
  /** Rejects when it takes too long. */
  readonly limit?: (page: Page) => Promise<never>;
}

/** Resolves with what the script's `run` came to: 0 or 1. */
export async function runInHost({ world, script, env, trust = true, onLog, limit }: InHost): Promise<number> {
  const server = await serveVscode({ paths, ...world.places, trust, env, settings: { 'files.autoSave': 'off' } });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const exit = new Promise<number>((resolve, reject) => {
      page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    });
    await page.exposeFunction('codeAutomationLog', (type: string, values: readonly unknown[]) => onLog?.(type, values));
    const target = { folder: world.workspace, extensionDevelopmentPath: root, extensionTestsPath: script };
    await page.goto(server.workbenchUrl(target));
    return await Promise.race([exit, ...(limit === undefined ? [] : [limit(page)])]);
  } finally {
    await browser.close();
    await server.stop();
  }
}
