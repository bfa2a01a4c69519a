/** The learning rate of a run that never had one. */
import assert from 'node:assert/strict';
import { usePanels } from './page';
import { CLOTHES_LESSON, clothesScene, panelRun } from './scenes';

describe('the learning rate in the panel', function () {
  this.timeout(60_000);
  const panels = usePanels();

  it('is not shown for a run that failed before its model was built; for others it is', async () => {
    const panel = await panels.open();
    const field = panel.page.getByRole('textbox', { name: 'Learning rate, number' });
    const run = panelRun(undefined, {
      state: 'failed',
      points: [],
      epochs: 0,
      learningRate: 0,
      end: { reason: 'error', error: { code: 'MODEL_THREW', message: 'The model file threw.' } },
    });
    await panel.send({ type: 'show', run, lesson: CLOTHES_LESSON });
    await panel.page.getByText('The model file threw.').first().waitFor();
    assert.equal(await field.count(), 0);
    await panel.send(...clothesScene('training', 0.3));
    await field.waitFor();
    assert.equal(await field.inputValue(), '0.1');
  });
});
