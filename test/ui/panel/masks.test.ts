/** The masks of dropout: who reads them is not disturbed by newer ones. */
import assert from 'node:assert/strict';
import { INSIDE } from './inside';
import { usePanels } from './page';

describe('the masks in the panel', function () {
  this.timeout(60_000);
  const { open } = usePanels();

  it('stay where the reader is, with the focus, when newer ones come', async () => {
    const messages = await INSIDE.masks();
    const newest = messages.find((message) => message.type === 'picture')!;
    const { picture } = newest;
    assert.ok(picture.kind === 'dropoutMasks');
    const wide = picture.layers.map((layer) => ({ ...layer, masks: layer.masks.map((mask) => mask.repeat(8)) }));
    const masks = { ...newest, picture: { ...picture, layers: wide } };
    const panel = await open({ width: 400, state: { collapsed: [] } });
    await panel.send(...messages, masks);
    const scroller = panel.page.getByRole('region', { name: 'Masks of Dropout 1' });
    await scroller.focus();
    await scroller.evaluate((element: { scrollLeft: number }) => {
      element.scrollLeft = 100;
    });
    await panel.send({ ...masks, picture: { ...masks.picture, step: 999 } });
    assert.match(await panel.page.locator('[data-section=masks] .walk-top').innerText(), /step 999/);
    assert.equal(await panel.evaluate("document.activeElement.getAttribute('aria-label')"), 'Masks of Dropout 1');
    assert.equal(await scroller.evaluate((element: { scrollLeft: number }) => element.scrollLeft), 100);
    assert.equal(await panel.page.locator('.masked-layers > section').count(), 1);
    // Other layers: nothing of the ones before is left.
    const [layer] = wide;
    await panel.send({ ...masks, picture: { ...masks.picture, layers: [layer!, layer!] } });
    assert.equal(await panel.page.locator('.masked-layers > section').count(), 2);
    await panel.send(masks);
    assert.equal(await panel.page.locator('.masked-layers > section').count(), 1);
  });
});
