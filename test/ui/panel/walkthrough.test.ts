/** The walk of one example: by buttons, keys, slider and map, with the formula and the numbers of each step. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { sample } from '../../support/sample';
import { INSIDE } from './inside';
import { root, THEMES, usePanels, type PanelPage } from './page';

const FOLDER = path.join(root, 'test/ui/screenshots/panel');

describe('the walk of one example', function () {
  this.timeout(120_000);
  const { open } = usePanels();
  let panel: PanelPage;

  before(() => {
    fs.mkdirSync(FOLDER, { recursive: true });
  });

  async function begin(scene: keyof typeof INSIDE): Promise<void> {
    panel = await open({ state: { collapsed: [] } });
    await panel.send(...(await INSIDE[scene]()));
    await panel.until("document.querySelector('.walk-bar > .quiet').textContent !== ''");
  }

  const text = async (selector: string): Promise<string> =>
    (await panel.page.locator(selector).innerText()).replaceAll(/\s+/g, ' ').trim();
  const place = (): Promise<string> => text('.walk-bar > .quiet');
  const said = (): Promise<string> => text('.walk .for-screen-reader');
  const marked = (): Promise<string | null> =>
    panel.page.locator('.walk-chip[aria-current=step]').getAttribute('aria-label');

  it('is walked by buttons, keys, slider and map; each step is said, and only when the user moves', async () => {
    await begin('walkthrough');
    assert.equal(await place(), 'Step 1 of 32, forward');
    assert.equal(await said(), '');
    await panel.page.getByRole('button', { name: 'Next Step' }).click();
    assert.equal(await place(), 'Step 2 of 32, forward');
    assert.match(await said(), /^Forward: x′ = reshape\(x\), Reshape, shape \[1, 784\]: from 0 to 1\.000\.$/);
    await panel.page.keyboard.press('ArrowRight');
    await panel.page.keyboard.press('ArrowRight');
    assert.equal(await marked(), 'u1');
    assert.match(await said(), /^Forward: u1 = x′ · w1, BatchMatMul, shape \[1, 32\]/);
    await panel.page.keyboard.press('End');
    assert.equal(await place(), 'Step 32 of 32, backward');
    assert.equal(await marked(), 'Gradient of w1');
    assert.match(await said(), /^Backward: ∂L\/∂w1 = x′\^T · ∂L\/∂u1, shape \[784, 32\]/);
    assert.match(await text('.walk-numbers'), /∂L\/∂w1, TensorFlow's ∂L\/∂w1, yours/);
    await panel.page.getByRole('button', { name: 'Gradient of z1' }).click();
    assert.match(await said(), /^Backward: ∂L\/∂z1 = ∂L\/∂a ⊙ \(1 − a²\), shape \[1, 32\]/);
    await panel.page.keyboard.press('ArrowLeft');
    assert.equal(await marked(), 'Gradient of a');
    const focused = await panel.evaluate<string>("document.activeElement.getAttribute('aria-label')");
    assert.equal(focused, 'Gradient of a', 'the focus goes along');
    await panel.page.getByLabel('Step of the walk').fill('0');
    assert.equal(await place(), 'Step 1 of 32, forward');
  });

  it('stays where the user is when newer numbers come, and says nothing then', async () => {
    await begin('walkthrough');
    await panel.page.getByRole('button', { name: 'Gradient of w2' }).click();
    const before = [await place(), await said(), await text('.walk-numbers')];
    const newer = (await INSIDE.walkthrough()).find((message) => message.type === 'picture')!;
    const { picture } = newer;
    assert.ok(picture.kind === 'walkthrough');
    const nodes = picture.nodes.map((node) => ({ ...node, value: { ...node.value, mean: 0.125 } }));
    await panel.send({ ...newer, picture: { ...picture, nodes } });
    assert.equal(await place(), before[0]);
    assert.equal(await said(), before[1]);
    assert.match(await text('.walk-numbers'), /mean 0\.1250/);
  });

  it('says the newest numbers at the marks of the map, too', async () => {
    await begin('walkthrough');
    const mark = panel.page.getByRole('button', { name: 'u1', exact: true });
    const newer = (await INSIDE.walkthrough()).find((message) => message.type === 'picture')!;
    const { picture } = newer;
    assert.ok(picture.kind === 'walkthrough');
    const nodes = picture.nodes.map((node) => ({ ...node, value: { ...node.value, max: 7 } }));
    await panel.send({ ...newer, picture: { ...picture, nodes } });
    assert.match((await mark.getAttribute('title')) ?? '', /to 7\.000\.$/);
  });

  it('keeps the focus on a living button at both ends', async () => {
    await begin('walkthrough');
    const focused = "document.activeElement?.getAttribute('aria-label')";
    await panel.page.getByRole('button', { name: 'Next Step' }).focus();
    await panel.page.keyboard.press('End');
    await panel.until(`${focused} === 'Step Back'`);
    await panel.page.keyboard.press('Home');
    assert.equal(await place(), 'Step 1 of 32, forward');
    await panel.until(`${focused} === 'Next Step'`);
  });

  it('leaves the arrow keys to the table of numbers when it has the focus, to scroll it', async () => {
    await begin('walkthrough');
    await panel.page.getByRole('region', { name: 'Numbers of this step' }).focus();
    await panel.page.keyboard.press('ArrowRight');
    assert.equal(await place(), 'Step 1 of 32, forward');
  });

  it('ends at the loss where nothing flows back', async () => {
    await begin('walkthrough-stub');
    await panel.page.getByRole('button', { name: 'Last Step' }).click();
    assert.equal(await marked(), 'L');
    assert.match(await place(), /forward$/);
    assert.match(await text('.walk'), /nothing flows back yet/);
  });

  it('on its way back, in every theme and width', async () => {
    await begin('walkthrough');
    await panel.page.getByRole('button', { name: 'Gradient of z1' }).click();
    const section = panel.page.locator('[data-section=walk]');
    for (const { theme, width } of sample({ theme: THEMES, width: [400, 900] })) {
      await panel.resize(width);
      await panel.theme(theme);
      await section.screenshot({ path: path.join(FOLDER, `walkthrough-back-${theme}-${width}.png`) });
      assert.equal(await panel.overflow(), 0, `wider than ${width} px`);
    }
  });
});
