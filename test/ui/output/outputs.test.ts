/** The renderer of cells' outputs in a real browser: every kind of display, in every theme, by pointer and keyboard. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { toColumns } from '../../../src/protocol/columns';
import { runMessage } from '../../../src/client/notebook/runMessage';
import type { HostToPanel, PanelRun } from '../../../src/protocol/panel';
import type { Display } from '../../../src/protocol/display';
import type { HostToOutput, OutputToHost } from '../../../src/protocol/output';
import { sample } from '../../support/sample';
import { eventually } from '../../support/wait';
import { launchBrowser, root, servePage, THEMES, type Served } from '../panel/page';
import { clothesRun, panelRun } from '../panel/scenes';
import themes from '../panel/themes.json';
import { DISPLAYS, pages } from './displays';

const FOLDER = path.join(root, 'test/ui/screenshots/output');

describe('the outputs of cells', function () {
  this.timeout(120_000);
  let browser: Browser;
  let served: Served;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    fs.mkdirSync(FOLDER, { recursive: true });
    [browser, served] = await Promise.all([launchBrowser(), servePage()]);
  });
  after(async () => {
    await browser.close();
    await served.close();
  });
  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 800, height: 700 }, reducedMotion: 'reduce' });
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    await page.goto(`${served.url}output`);
    await theme('dark');
    await send({ type: 'texts', bundle: undefined, language: 'en' });
  });
  afterEach(async () => {
    assert.deepEqual(await page.evaluate('harness.violations'), []);
    assert.deepEqual(await page.evaluate('harness.faults'), []);
    assert.deepEqual(complaints.splice(0), []);
    await page.close();
  });

  const call = async (method: string, ...given: readonly unknown[]): Promise<void> => {
    await page.evaluate(
      async ([name, list]) => {
        const { harness } = globalThis as unknown as { harness: Record<string, (...all: unknown[]) => unknown> };
        await harness[name]!(...list);
      },
      [method, given] as const,
    );
  };
  const theme = (name: keyof typeof themes): Promise<void> => call('theme', themes[name]);
  const send = (message: HostToOutput): Promise<void> => call('send', message);
  const show = (id: string, display: Display): Promise<void> => call('show', id, display);
  const posted = (): Promise<readonly OutputToHost[]> => page.evaluate('harness.posted');
  const made = async (name: string): Promise<Display> => await DISPLAYS[name]!();

  const sampled = sample({ scene: Object.keys(DISPLAYS), theme: THEMES });
  for (const name of Object.keys(DISPLAYS)) {
    it(`show "${name}" without faults, findings of axe or sideways scrolling`, async () => {
      await show(name, await made(name));
      for (const { theme: wanted } of sampled.filter(({ scene }) => scene === name)) {
        await theme(wanted);
        await page.waitForTimeout(50);
        await page.screenshot({ path: path.join(FOLDER, `${name}-${wanted}.png`) });
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate<axe.AxeResults>(
          "axe.run('[data-output]', { resultTypes: ['violations'] })",
        );
        const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
        assert.deepEqual(
          serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
          [],
          wanted,
        );
      }
      const wider = await page.evaluate<number>(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      assert.equal(wider, 0);
    });
  }

  it('read a long tensor page by page, and say so when its kernel is gone', async () => {
    const display = await made('long-table');
    assert.ok(display.kind === 'tensor' && display.handle !== undefined);
    await show('t', display);
    assert.equal(await page.locator('tbody tr').count(), 100);
    await page.getByRole('button', { name: 'Next page' }).click();
    const [asked] = (await posted()).filter((message) => message.type === 'page');
    assert.ok(asked?.type === 'page');
    assert.deepEqual([asked.handle, asked.from, asked.count], [display.handle, 100, 100]);
    await send({ type: 'page', request: asked.request, page: pages.read(asked) });
    assert.equal(await page.locator('tbody th').first().textContent(), '100');
    await page.getByRole('button', { name: 'Last page' }).click();
    const last = (await posted()).filter((message) => message.type === 'page').at(-1);
    assert.ok(last?.type === 'page');
    await send({ type: 'page', request: last.request, page: undefined });
    await page.getByText('gone with its kernel').waitFor();
    assert.equal(await page.locator('tbody th').first().textContent(), '100', 'what was read stays');
  });

  it('show a tensor in each way that fits its shape', async () => {
    await show('t', await made('heat-map'));
    assert.equal(await page.locator('canvas.heat').count(), 1);
    await page.getByRole('radio', { name: 'table' }).check({ force: true });
    assert.equal(await page.locator('tbody tr').count(), 24);
    await page.getByRole('radio', { name: 'line' }).check({ force: true });
    assert.equal(await page.locator('.figure canvas').count(), 1);
  });

  it('keep what the reader chose when the cell shows something newer of the same kind', async () => {
    await show('t', await made('heat-map'));
    await page.getByRole('radio', { name: 'table' }).check({ force: true });
    await show('t', await made('heat-map'));
    assert.equal(await page.locator('tbody tr').count(), 24);
    await show('t', await made('tree'));
    assert.equal(await page.locator('.tree').count(), 1, 'another kind takes its place');
    assert.equal(await page.locator('table').count(), 0);
  });

  it('write what a learner calls things as text, never as HTML', async () => {
    await show('t', await made('table'));
    assert.equal(await page.locator('tbody b').count(), 0);
    await page.getByText('row <b>1</b>').first().waitFor();
  });

  it('tell a slider by pointer and keyboard, once it has moved', async () => {
    await show('c', await made('slider'));
    const slider = page.getByRole('slider', { name: 'learning rate' });
    await slider.fill('1000');
    await page.waitForTimeout(100);
    const moved = (await posted()).filter((message) => message.type === 'control');
    assert.deepEqual(moved, [{ type: 'control', control: 'cell learning rate', value: 1 }]);
    await slider.press('Home');
    await page.waitForTimeout(100);
    assert.deepEqual((await posted()).at(-1), { type: 'control', control: 'cell learning rate', value: 0.0001 });
  });

  it('tell a choice, and a text when it has rested', async () => {
    await show('c', await made('choice'));
    await page.getByRole('combobox', { name: 'activation' }).selectOption('relu');
    await show('t', await made('text'));
    await page.getByRole('textbox', { name: 'prompt' }).press('End');
    await page.getByRole('textbox', { name: 'prompt' }).pressSequentially(' or not', { delay: 10 });
    await page.waitForTimeout(500);
    const told = (await posted()).flatMap((message) => (message.type === 'control' ? [message.value] : []));
    assert.deepEqual(told, ['relu', 'To be or not']);
  });

  it('give what was drawn, by pointer and by keyboard', async () => {
    await show('d', await made('drawing'));
    const canvas = page.locator('.drawing canvas');
    const box = (await canvas.boundingBox())!;
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 4);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + (box.height * 3) / 4, { steps: 10 });
    await page.mouse.up();
    await page.waitForTimeout(500);
    const drawn = (await posted()).at(-1);
    assert.ok(drawn?.type === 'control' && Array.isArray(drawn.value));
    const pixels = drawn.value as readonly number[];
    assert.equal(pixels.length, 784);
    assert.ok(pixels[14 * 28 + 14]! > 0.9, 'white in the middle');
    assert.equal(pixels[14 * 28 + 2], 0);
    await page.getByRole('button', { name: 'Clear' }).click();
    await canvas.focus();
    await page.keyboard.press('Space');
    await page.waitForTimeout(500);
    const typed = (await posted()).at(-1);
    assert.ok(typed?.type === 'control' && Array.isArray(typed.value));
    assert.ok((typed.value as readonly number[]).some((pixel) => pixel > 0.9));
    assert.equal((typed.value as readonly number[])[5 * 28 + 14], 0, 'cleared');
  });

  it('follow a run from its beginning, update it in place, and hand over its buttons', async () => {
    const { points } = clothesRun();
    const folder = '/runs/clothes';
    const runIn = (state: 'training' | 'finished'): PanelRun => ({
      ...panelRun(clothesRun(), { state, points, epochs: 10 }),
      key: folder,
    });
    await show('r', { kind: 'run', folder, title: 'Clothes', epochs: 10 });
    assert.deepEqual((await posted()).at(-1), { type: 'follow', folder });
    const tell = (message: HostToPanel): Promise<void> => send({ type: 'run', folder, message: runMessage(message) });
    await tell({ type: 'show', run: runIn('training'), lesson: null });
    await tell({ type: 'points', key: folder, from: 0, columns: toColumns(points) });
    await page.waitForTimeout(300);
    const charts = page.locator('section.chart');
    assert.ok((await charts.count()) >= 2);
    await page.locator('.chart-waiting').first().waitFor({ state: 'hidden' });
    const first = await charts.first().elementHandle();
    await page.getByRole('button', { name: 'Pause' }).click();
    assert.deepEqual((await posted()).at(-1), { type: 'run', folder, action: 'pause' });
    const rate = page.getByRole('slider', { name: 'Learning rate, slider by powers of ten' });
    await rate.fill('-3');
    await eventually(
      async () => ((await posted()).at(-1)?.type === 'learningRate' ? true : undefined),
      'the rate is told',
    );
    assert.deepEqual((await posted()).at(-1), { type: 'learningRate', folder, learningRate: 0.001 });
    await page.screenshot({ path: path.join(FOLDER, 'run-training-dark.png') });
    await tell({ type: 'record', run: runIn('finished') });
    await show('r', { kind: 'run', folder, title: 'Clothes', epochs: 10, latest: runIn('finished').record.latest });
    await page.waitForTimeout(300);
    assert.equal(await charts.first().evaluate((now, before) => now === before, first), true, 'the same chart');
    assert.equal(await page.getByRole('button', { name: 'Pause' }).count(), 0);
    assert.equal(await rate.count(), 0);
    await page.screenshot({ path: path.join(FOLDER, 'run-dark.png') });
    await call('remove', 'r');
    assert.deepEqual((await posted()).at(-1), { type: 'unfollow', folder });
  });

  it('are told in Chinese when the window is', async () => {
    const bundle: unknown = JSON.parse(fs.readFileSync(path.join(root, 'l10n/bundle.l10n.zh-cn.json'), 'utf8'));
    await send({ type: 'texts', bundle, language: 'zh-cn' });
    await show('m', await made('model'));
    await page.getByText('层，', { exact: false }).first().waitFor();
  });
});
