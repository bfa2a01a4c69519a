import assert from 'node:assert/strict';
import { logisticSteps, measureStream } from './million';
import { usePanels } from './page';

const POINTS = 1_000_000;

describe('a million points in the panel', function () {
  this.timeout(180_000);
  const { open } = usePanels();

  for (const [name, size] of [
    ['live, 5000 points a frame', 5000],
    ['as the snapshot of a late page, 50000 points a message', 50_000],
  ] as const) {
    it(`${name}: are stored to the last, without a fault`, async () => {
      const panel = await open();
      const figures = await measureStream(panel, logisticSteps(POINTS), size);
      // The figures are for the reader: how fast this machine is proves nothing.
      console.log(`      ms a frame: ${JSON.stringify(figures)}`);
      // The slider reads the whole series: its end is the last point.
      const plot = panel.page.getByRole('slider', { name: /^loss/ });
      await plot.focus();
      await panel.page.keyboard.press('End');
      assert.match((await plot.getAttribute('aria-valuetext')) ?? '', /^Step 1,000,000 · epoch 100/);
      assert.deepEqual(
        (await panel.sent()).filter(({ type }) => type === 'fault'),
        [],
      );
    });
  }
});
