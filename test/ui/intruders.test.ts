/** Pages that a browser with an open lab may meet, and folders that its user may open: a real browser, a real VS Code. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { BROWSER_ARGUMENTS, findBrowser } from '../../src/setup/browser';
import { serveVscode, type VscodeServer } from '../../src/setup/vscode';
import { paths, root, World } from '../support/world';

/** A name of the attacker's that leads to this machine. */
const EVIL = 'evil.example';

describe('the browser edition', function () {
  this.timeout(300_000);
  let world: World;
  let server: VscodeServer;
  let browser: Browser;
  let context: BrowserContext;
  let other: string;

  before(async () => {
    world = new World();
    other = path.join(world.folder, 'cloned');
    fs.mkdirSync(other);
    server = await serveVscode({
      paths,
      ...world.places,
      folder: world.workspace,
      // As npm start has it.
      extension: root,
      trust: 'folder',
      env: world.env,
    });
    const executablePath = findBrowser() ?? assert.fail('no browser');
    const args = [...BROWSER_ARGUMENTS, `--host-resolver-rules=MAP ${EVIL} 127.0.0.1`];
    browser = await chromium.launch({ executablePath, args });
    context = await browser.newContext();
    context.setDefaultTimeout(120_000);
  });
  after(async () => {
    await browser.close();
    await server.stop();
    await world.dispose();
  });

  const open = async (address: string): Promise<Page> => {
    const page = await context.newPage();
    await page.goto(address);
    return page;
  };

  it("opens by its address; the lab's own folder is trusted there, another one is not", async () => {
    const own = await open(server.url);
    await own.locator('.monaco-workbench').waitFor();
    assert.doesNotMatch(own.url(), /key=/);
    await own.locator('.statusbar [id="status.notifications"]').waitFor();
    assert.equal(await own.locator('.monaco-dialog-box').count(), 0);
    assert.equal(await own.locator('.statusbar', { hasText: 'Restricted Mode' }).count(), 0);
    await own.close();

    const cloned = await open(`http://127.0.0.1:${String(server.port)}/?folder=${other}`);
    await cloned.locator('.statusbar', { hasText: 'Restricted Mode' }).waitFor();
    await cloned.close();
  });

  it('is not reached by a page whose name was made to lead to this machine', async () => {
    const page = await context.newPage();
    const { port, search } = new URL(server.url);
    for (const query of ['', search]) {
      const response = await page.goto(`http://${EVIL}:${port}/${query}`);
      assert.equal(response?.status(), 403);
    }
    assert.deepEqual(await intrusion(page, `${EVIL}:${port}`), NOTHING);
    await page.close();
  });

  it('is not reached by a page of another port, which the browser gives the cookies of this machine', async () => {
    const pages = http.createServer((_, response) => response.setHeader('Content-Type', 'text/html').end('<p>hello'));
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    try {
      const page = await open(`http://127.0.0.1:${String((pages.address() as AddressInfo).port)}/`);
      assert.deepEqual(await intrusion(page, `127.0.0.1:${String(server.port)}`), NOTHING);
      await page.close();
    } finally {
      pages.close();
    }
  });
});

/** What a page reads of the workbench, whether a web socket to it opens, and what it is answered where it embeds it. */
async function intrusion(page: Page, target: string): Promise<Readonly<Record<string, unknown>>> {
  const read = await page.evaluate(async (address) => {
    return await fetch(address, { credentials: 'include' }).then(
      (response) => response.ok,
      () => false,
    );
  }, `http://${target}/`);
  const socket = await page.evaluate(
    async (address) =>
      await new Promise<boolean>((resolve) => {
        const opened = new WebSocket(address);
        opened.onopen = () => {
          resolve(true);
        };
        opened.onerror = () => {
          resolve(false);
        };
      }),
    `ws://${target}/stable/?reconnectionToken=x`,
  );
  const [answer] = await Promise.all([
    page.waitForResponse((response) => response.request().isNavigationRequest()),
    page.evaluate(
      `document.body.append(Object.assign(document.createElement('iframe'), { src: 'http://${target}/' }))`,
    ),
  ]);
  return { read, socket, framed: answer.status() };
}

const NOTHING = { read: false, socket: false, framed: 403 };
