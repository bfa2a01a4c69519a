/** Exercise cards: what they say, what their buttons ask for, and where the focus is when a verdict arrives. */
import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { EXERCISES } from './exercises';
import { launchBrowser, PanelPage, servePage, type Served } from './page';
import { clothesScene } from './scenes';

describe('the exercises in the panel', function () {
  this.timeout(60_000);
  let browser: Browser;
  let served: Served;
  let panel: PanelPage;

  before(async () => {
    [browser, served] = await Promise.all([launchBrowser(), servePage()]);
  });
  after(async () => {
    await browser.close();
    await served.close();
  });
  beforeEach(async () => {
    panel = await PanelPage.open(browser, served.url);
    await panel.send(...clothesScene('training', 0.4), { type: 'exercises', cards: EXERCISES });
  });
  afterEach(async () => {
    assert.deepEqual(await panel.violations(), []);
    await panel.close();
  });

  const card = (title: string): string => `.exercise:has(h3:text-is("${title}"))`;

  it('show the state, what was expected and found, the input, hints that were asked for, and what to read', async () => {
    const text = await panel.page.locator(card('The scaling')).innerText();
    for (const part of ['0 of 3', 'not scaled', '[1.25, 0, 3.75, 5]', '[1, 0, 3, 4]', 'rate = 0.2', 'Hint 1: Write']) {
      assert.ok(text.includes(part), `${part} in ${text}`);
    }
    assert.match(await panel.page.locator(card('The mask')).innerText(), /passed on 2026-11-20/);
  });

  it('offer the solution only where it may be seen', async () => {
    assert.equal(await panel.page.getByRole('button', { name: 'Solution: The mask' }).count(), 1);
    assert.equal(await panel.page.getByRole('button', { name: 'Solution: The scaling' }).count(), 0);
  });

  it('ask the host for what their buttons say', async () => {
    const actions = { Check: 'check', 'Go to Code': 'open', 'Hint 2 of 2': 'hint', Reset: 'reset' };
    for (const [name, action] of Object.entries(actions)) {
      await panel.page.getByRole('button', { name: `${name}: The scaling` }).click();
      const last = (await panel.sent()).at(-1);
      assert.deepEqual(last, { type: 'exercise', action, lesson: 'dropout', exercise: 'scaling' });
    }
  });

  it('keep the focus when a verdict arrives', async () => {
    const check = panel.page.getByRole('button', { name: 'Check: The scaling' });
    await check.focus();
    const cards = EXERCISES.map((one) => (one.exercise === 'scaling' ? { ...one, state: 'checking' as const } : one));
    await panel.send({ type: 'exercises', cards });
    const focused = "document.activeElement?.closest('[data-focus]')?.getAttribute('data-focus')";
    assert.equal(await panel.evaluate(focused), 'scaling check');
  });

  it('are not there for a lesson without any', async () => {
    await panel.send({ type: 'exercises', cards: [] });
    assert.equal(await panel.page.locator('[data-section="exercises"]').isVisible(), false);
  });
});
