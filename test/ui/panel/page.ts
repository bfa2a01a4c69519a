/** Serves the built page over HTTP under its real policy and opens it in a real browser, without VS Code around it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { pageHtml } from '../../../src/host/app/pageHtml';
import { BROWSER_ARGUMENTS, findBrowser } from '../../../src/setup/browser';
import type { HostToPanel, PanelToHost } from '../../../src/protocol/panel';
import themes from './themes.json';

export type ThemeName = keyof typeof themes;
export const THEMES = ['dark', 'light', 'hc-dark', 'hc-light'] as const satisfies readonly ThemeName[];

export const root = process.env['DEEP_LEARNING_LAB_ROOT'] ?? process.cwd();
const NONCE = 'bm9uY2U';

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/panel.js': ['dist/webview/panel.js', 'text/javascript'],
  '/panel.css': ['dist/webview/panel.css', 'text/css'],
  '/codicon.ttf': ['dist/webview/codicon.ttf', 'font/ttf'],
  '/harness.js': ['test/ui/panel/harness.js', 'text/javascript'],
  '/kit.js': ['dist/test/kit/harness.js', 'text/javascript'],
  '/kit.css': ['test/ui/kit/page.css', 'text/css'],
  '/output.js': ['dist/test/output/harness.js', 'text/javascript'],
};

/** The host's own document, with the harness before the page's script. */
function html(origin: string, language: string): string {
  const bundle = path.join(root, `l10n/bundle.l10n.${language}.json`);
  const page = pageHtml({
    cspSource: origin,
    nonce: NONCE,
    script: '/panel.js',
    style: '/panel.css',
    language,
    bundle: fs.existsSync(bundle) ? JSON.parse(fs.readFileSync(bundle, 'utf8')) : undefined,
  });
  const before = page.lastIndexOf('<script');
  const script = (file: string): string => `<script nonce="${NONCE}" src="/${file}"></script>\n`;
  return page.slice(0, before) + script('harness.js') + script('begin.js') + page.slice(before);
}

/** A page that is not the panel's, under the same policy: the kit in it has nothing but itself. */
function kitHtml(cspSource: string, script: string): string {
  return pageHtml({ cspSource, nonce: NONCE, script, style: '/kit.css', language: 'en', bundle: undefined });
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export async function servePage(): Promise<Served> {
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const file = FILES[url.pathname];
    if (file !== undefined) {
      response.setHeader('Content-Type', file[1]);
      response.end(fs.readFileSync(path.join(root, file[0])));
    } else if (url.pathname === '/favicon.ico') {
      response.statusCode = 204;
      response.end();
    } else if (url.pathname === '/kit' || url.pathname === '/output') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      response.end(kitHtml(`http://${request.headers.host ?? ''}`, `${url.pathname}.js`));
    } else if (url.pathname === '/') {
      response.setHeader('Content-Type', 'text/html; charset=utf-8');
      const language = url.searchParams.get('lang') ?? 'en';
      response.end(html(`http://${request.headers.host ?? ''}`, language));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

export function launchBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error('No Chromium found: install it, or let CHROME_PATH name one.');
  return chromium.launch({ executablePath, args: [...BROWSER_ARGUMENTS] });
}

export interface PanelOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly language?: string;
  readonly state?: unknown;
}

/** The page, open and listening. */
export class PanelPage {
  /** Errors and warnings on the console. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, url: string, options: PanelOptions = {}): Promise<PanelPage> {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 900, height: options.height ?? 1000 },
      reducedMotion: 'reduce',
      timezoneId: 'UTC',
    });
    // The theme and the kept state are there before the page's script runs, as in VS Code.
    const begin = [`harness.theme(${JSON.stringify(themes[options.theme ?? 'dark'])});`];
    if (options.state !== undefined) begin.push(`harness.state = ${JSON.stringify(options.state)};`);
    await page.route('**/begin.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: begin.join('\n') }),
    );
    const panel = new PanelPage(page);
    await page.goto(`${url}?lang=${options.language ?? 'en'}`);
    await panel.until("harness.sent.some((message) => message.type === 'ready')");
    return panel;
  }

  async send(...messages: readonly HostToPanel[]): Promise<void> {
    for (const message of messages) {
      await this.page.evaluate(async (clone) => {
        const { harness } = globalThis as unknown as { harness: { send(message: HostToPanel): Promise<unknown> } };
        await harness.send(clone);
      }, message);
    }
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.page.evaluate('harness.settled()');
  }

  async theme(name: ThemeName): Promise<void> {
    await this.page.evaluate(`harness.theme(${JSON.stringify(themes[name])})`);
    await this.settled();
  }

  async resize(width: number): Promise<void> {
    await this.page.setViewportSize({ width, height: this.page.viewportSize()!.height });
    await this.settled();
  }

  /** By how many pixels the page is wider than its window. */
  overflow(): Promise<number> {
    return this.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  sent(): Promise<readonly PanelToHost[]> {
    return this.page.evaluate('harness.sent');
  }

  violations(): Promise<readonly string[]> {
    return this.page.evaluate('harness.violations');
  }

  evaluate<T>(expression: string): Promise<T> {
    return this.page.evaluate(expression);
  }

  /** Playwright's own waitForFunction evaluates strings in the page, which the policy rightly forbids. */
  async until(expression: string): Promise<void> {
    for (const end = Date.now() + 20_000; !(await this.evaluate<boolean>(`Boolean(${expression})`));) {
      if (Date.now() > end) throw new Error(`Never true: ${expression}`);
      await this.page.waitForTimeout(20);
    }
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/**
 * To be called in a `describe`: one browser and one server for all of its tests. After each, the pages that it opened must
 * have kept to the policy and to themselves, and are closed.
 */
export function usePanels(): { readonly open: (options?: PanelOptions) => Promise<PanelPage> } {
  let browser: Browser;
  let served: Served;
  const panels: PanelPage[] = [];
  before(async () => {
    [browser, served] = await Promise.all([launchBrowser(), servePage()]);
  });
  after(async () => {
    await browser.close();
    await served.close();
  });
  afterEach(async () => {
    for (const panel of panels.splice(0)) {
      if (panel.page.isClosed()) continue;
      assert.deepEqual(await panel.violations(), []);
      assert.deepEqual(panel.complaints, []);
      await panel.close();
    }
  });
  return {
    open: async (options) => {
      const panel = await PanelPage.open(browser, served.url, options);
      panels.push(panel);
      return panel;
    },
  };
}
