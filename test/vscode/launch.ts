/**
 * Runs test/vscode inside the extension host of the real VS Code: the browser edition in Chromium, or desktop VS Code
 * with DEEP_LEARNING_LAB_TEST_VSCODE=desktop (`code` on the PATH, else fetched by @vscode/test-electron).
 */
import path from 'node:path';
import type { Page } from 'playwright-core';
import { findProgram } from '../../src/setup/process';
import { readResults, RESULTS_VARIABLE } from '../runner/results';
import { runInHost } from '../support/extensionHost';
import { root, World } from '../support/world';
import { PART_VARIABLE, REPORT_MARK } from './index';

interface Part {
  readonly name: string;
  readonly trust: boolean;
}
const PARTS: readonly Part[] = [
  { name: 'main', trust: true },
  { name: 'untrusted', trust: false },
];
const TESTS = path.join(root, 'dist', 'test', 'vscode.js');
const LIMIT_MS = 12 * 60_000;

async function main(): Promise<number> {
  let failed = false;
  for (const part of PARTS) {
    const world = new World();
    const results = process.env[RESULTS_VARIABLE] ?? path.join(world.folder, 'results.jsonl');
    const env = { ...world.env, [RESULTS_VARIABLE]: results, [PART_VARIABLE]: part.name, DEEP_LEARNING_LAB_ROOT: root };
    try {
      const run = process.env['DEEP_LEARNING_LAB_TEST_VSCODE'] === 'desktop' ? runInDesktop : runInBrowser;
      failed = (await run(part, world, env)) !== 0 || failed;
      if (!readResults(results).complete) throw new Error(`The part "${part.name}" did not come to its end.`);
    } finally {
      await world.dispose();
    }
  }
  return failed ? 1 : 0;
}

/** Resolves with what the suite's `run` came to: 0 or 1. */
function runInBrowser(part: Part, world: World, env: NodeJS.ProcessEnv): Promise<number> {
  return runInHost({
    world,
    script: TESTS,
    env,
    trust: part.trust,
    // The workbench itself complains about a network that a test does not need.
    onLog: (type, values) => {
      if (values[0] === REPORT_MARK) console.log(...values.slice(1));
      else if (process.env['DEEP_LEARNING_LAB_TEST_VERBOSE'] !== undefined) console.log(`[${type}]`, ...values);
    },
    limit: (page) => tooLong(page, world, part),
  });
}

function tooLong(page: Page, world: World, { name }: Part): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => {
      const picture = path.join(root, 'test', 'ui', 'screenshots', `vscode-${name}-stuck.png`);
      const said = `The part "${name}" gave no result; see ${picture} and ${world.userDataDir}`;
      page.screenshot({ path: picture }).then(
        () => {
          reject(new Error(said));
        },
        () => {
          reject(new Error(said));
        },
      );
    }, LIMIT_MS).unref();
  });
}

async function runInDesktop(part: Part, world: World, env: NodeJS.ProcessEnv): Promise<number> {
  const { runTests } = await import('@vscode/test-electron');
  const own = findProgram(['code'], process.env);
  const args = [world.workspace, '--user-data-dir', world.userDataDir, '--extensions-dir', world.extensionsDir];
  try {
    return await runTests({
      extensionDevelopmentPath: root,
      extensionTestsPath: TESTS,
      extensionTestsEnv: env,
      launchArgs: [...args, ...(part.trust ? ['--disable-workspace-trust'] : [])],
      ...(own === undefined ? {} : { vscodeExecutablePath: own }),
    });
  } catch (error) {
    console.error(error);
    return 1;
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
