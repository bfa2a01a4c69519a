/** The page that a notebook is exported as, in a real browser: what it draws, and that nothing foreign runs in it. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { runMessage } from '../../../src/client/notebook/runMessage';
import { toHtml } from '../../../src/notebook/export/html';
import type { ShownCell } from '../../../src/notebook/export/shown';
import { DISPLAY_MIME, type Display } from '../../../src/protocol/display';
import type { RunMessage } from '../../../src/protocol/output';
import { launchBrowser, root } from '../panel/page';
import { clothesScene } from '../panel/scenes';
import { DISPLAYS } from './displays';

const FOLDER = path.join(root, 'test/ui/screenshots/output');
const ATTACK = '</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 1"><!--<script>';

const cell = (text: string, items: Readonly<Record<string, unknown>>): ShownCell => ({
  kind: 'code',
  language: 'typescript',
  text,
  order: 1,
  outputs: [{ kind: 'show', items }],
});
const shown = (display: unknown): Readonly<Record<string, unknown>> => ({
  [DISPLAY_MIME]: display,
  'text/plain': 'the text of it',
});

describe('the page of an exported notebook', function () {
  this.timeout(120_000);
  let browser: Browser;
  let file: string;
  const script = fs.readFileSync(path.join(root, 'dist/webview/page.js'), 'utf8');

  before(async () => {
    fs.mkdirSync(FOLDER, { recursive: true });
    file = path.join(fs.mkdtempSync('/tmp/lab-page-'), 'page.html');
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    fs.rmSync(path.dirname(file), { recursive: true });
  });

  /** Opens it from its file, and counts whatever goes wrong or leaves it. */
  async function open(
    cells: readonly ShownCell[],
    options: {
      readonly runs?: ReadonlyMap<string, readonly RunMessage[]>;
      readonly dark?: boolean;
      readonly scripts?: boolean;
    } = {},
  ): Promise<{ readonly page: Page; readonly complaints: string[] }> {
    const drawing = { script, runs: options.runs ?? new Map<string, readonly RunMessage[]>() };
    fs.writeFileSync(file, toHtml(cells, { title: 'A page', language: 'en', drawing }));
    const page = await browser.newPage({
      viewport: { width: 900, height: 1200 },
      colorScheme: options.dark === true ? 'dark' : 'light',
      reducedMotion: 'reduce',
      javaScriptEnabled: options.scripts ?? true,
    });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      complaints.push(dialog.message());
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!/^(?:file|data):/.test(request.url())) complaints.push(request.url());
    });
    await page.goto(`file://${file}`);
    await page.waitForTimeout(300);
    return { page, complaints };
  }

  for (const dark of [false, true])
    it(`draws every kind of display, and a run with its curves, ${dark ? 'dark' : 'light'}`, async () => {
      const displays = await Promise.all(Object.values(DISPLAYS).map(async (make) => await make()));
      const run: Display = { kind: 'run', folder: '/runs/one', title: 'Clothes', epochs: 3 };
      const cells = [...displays, run].map((display) => cell(`show(${display.kind})`, shown(display)));
      const { page, complaints } = await open(cells, {
        dark,
        runs: new Map([['/runs/one', clothesScene('finished', 1).map(runMessage)]]),
      });
      try {
        assert.deepEqual(complaints, []);
        const places = await page.locator('[data-output]').all();
        assert.equal(places.length, cells.length);
        for (const [index, place] of places.entries())
          assert.ok(!(await place.innerText()).includes('the text of it'), `${index}: ${cells[index]!.text} is text`);
        const last = page.locator('[data-output]').last();
        assert.match(await last.innerText(), /Finished/);
        assert.ok((await last.locator('canvas').count()) >= 1);
        assert.equal(await page.getByRole('button', { name: 'Open in Panel' }).count(), 0, 'there is no panel');
        const controls = page.locator('[data-kind="control"]');
        assert.ok((await controls.count()) > 0);
        assert.equal(await controls.locator('> [inert]').count(), await controls.count(), 'there is no kernel to tell');
        await page.screenshot({ path: path.join(FOLDER, `page-${dark ? 'dark' : 'light'}.png`), fullPage: true });
      } finally {
        await page.close();
      }
    });

  it('shows the texts where no script runs', async () => {
    const { page } = await open([cell('1', shown(await DISPLAYS['line']!()))], { scripts: false });
    try {
      assert.equal((await page.locator('[data-output]').innerText()).trim(), 'the text of it');
    } finally {
      await page.close();
    }
  });

  it('runs nothing of what cells and outputs say, wherever it stands', async () => {
    const hostile: unknown[] = [
      { kind: 'tree', root: { text: ATTACK, type: 'string', key: ATTACK } },
      { kind: 'table', title: ATTACK, columns: [ATTACK], total: 1, page: { kind: 'table', from: 0, rows: [[ATTACK]] } },
      { kind: 'run', folder: ATTACK, title: ATTACK, epochs: 1, latest: { [ATTACK]: 1 } },
      { kind: ATTACK },
      { kind: 'constructor' },
      { kind: '__proto__' },
      { kind: 'tensor' },
      { kind: 'figure', series: 7 },
    ];
    const cells: ShownCell[] = [
      {
        kind: 'markdown',
        language: 'markdown',
        text: `# ${ATTACK}\n\n[a](javascript:window.hacked=1) ${ATTACK}`,
        outputs: [],
      },
      ...hostile.map((display) => cell(ATTACK, shown(display))),
      cell(ATTACK, { 'text/html': ATTACK, 'text/plain': ATTACK }),
      cell(ATTACK, { 'image/svg+xml': '<svg xmlns="http://www.w3.org/2000/svg" onload="window.hacked=1"/>' }),
      { ...cell(ATTACK, {}), outputs: [{ kind: 'error', name: ATTACK, message: ATTACK, stack: ATTACK }] },
    ];
    const { page, complaints } = await open(cells);
    try {
      assert.equal(await page.evaluate('window.hacked'), undefined);
      assert.equal(await page.locator('script').count(), 2, 'the data and the one script');
      assert.equal(await page.locator('iframe, object, embed, link, base, form').count(), 0);
      // A chart may still stumble in a frame of its own.
      assert.ok(
        complaints.every((text) => /^(?:TypeError|SyntaxError|RangeError|Error)/.test(text)),
        complaints.join('\n'),
      );
      assert.equal(await page.locator('[data-output]').count(), hostile.length);
      const texts = await page.locator('[data-output]').allInnerTexts();
      assert.ok(
        texts.every((text) => text.trim() !== ''),
        JSON.stringify(texts),
      );
      await page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), { text: 'window.hacked = 3' }))",
      );
      assert.equal(await page.evaluate('window.hacked'), undefined, 'the policy keeps out what came in some other way');
    } finally {
      await page.close();
    }
  });

  it('says nothing of where it was made', () => {
    const handled = {
      kind: 'table',
      columns: ['a'],
      total: 9,
      page: { kind: 'table', from: 0, rows: [] },
      handle: 'h1',
    };
    const run = { kind: 'run', folder: '/home/me/secret', title: 'A', epochs: 1 };
    const html = toHtml([cell('1', shown(handled)), cell('2', shown(run))], {
      title: 'A page',
      language: 'en',
      drawing: { script: '', runs: new Map() },
    });
    assert.ok(!html.includes('secret'));
    assert.ok(!html.includes('"handle"'));
  });
});
