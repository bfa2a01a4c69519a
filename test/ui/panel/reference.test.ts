/** A run beside the model that it is compared with: values by pointer and keyboard, its end, and the study after it. */
import assert from 'node:assert/strict';
import type { HostToPanel } from '../../../src/protocol/panel';
import { usePanels, type PanelPage } from './page';
import { comparedScene, modelSizes, SCENES, sizeStudy } from './scenes';

const LABEL = 'with a tenth of the learning rate';

describe('the panel with two models', function () {
  this.timeout(120_000);
  const panels = usePanels();
  let panel: PanelPage;

  const open = async (messages: readonly HostToPanel[]): Promise<void> => {
    panel = await panels.open({ state: { collapsed: [] } });
    await panel.send(...messages);
  };
  const text = (selector: string): Promise<string> => panel.page.locator(selector).innerText();

  it('has no charts of their own for its series, and names it in the legend', async () => {
    await open(comparedScene('training', 0.5));
    await panel.page.locator('[data-metric=accuracy] .chart-legend li').nth(3).waitFor();
    assert.equal(await panel.page.locator('.chart').count(), 2);
    const legend = await text('[data-metric=loss] .chart-legend');
    assert.match(legend, new RegExp(`^train\\s+[\\d.]+\\s+validation\\s+[\\d.]+\\s+${LABEL} · train\\s+[\\d.]+`));
    assert.match(await text('[data-metric=loss] .chart-summary'), new RegExp(`Dashed, "${LABEL}": training loss`));
  });

  it('tells its values under the pointer in a row of its own, and to the keyboard', async () => {
    await open(comparedScene('training', 0.5));
    await panel.page.locator('[data-metric=accuracy] .plot').hover({ position: { x: 200, y: 80 } });
    const tooltip = await text('[data-metric=accuracy] .tooltip');
    assert.match(tooltip, new RegExp(`this run\\s+0\\.\\d{4}\\s+0\\.\\d{4}\\s+${LABEL}\\s+0\\.\\d{4}\\s+0\\.\\d{4}$`));
    const loss = panel.page.getByRole('slider', { name: /^loss/ });
    await loss.focus();
    await panel.page.keyboard.press('Home');
    assert.match((await loss.getAttribute('aria-valuetext')) ?? '', new RegExp(`, ${LABEL} · train, smoothed \\d`));
  });

  it('says where and why its curves end', async () => {
    await open(SCENES['reference-ended']());
    await panel.page.getByText(/^The curves of/).waitFor();
    assert.match(
      await text('.charts-note'),
      new RegExp(`^The curves of "${LABEL}" end at step \\d+\\. The loss is NaN`),
    );
  });

  it('shows the study as a table, and what is trained until it is done', async () => {
    await open(SCENES.sizes());
    const rows = panel.page.locator('.size-study tbody tr');
    await rows.nth(3).waitFor();
    assert.equal(await rows.count(), 4);
    assert.match(await text('.activity-text'), /Training both models on 400 examples/);
    const study = sizeStudy();
    await panel.send(
      { type: 'picture', key: '/runs/run-1', picture: study },
      ...comparedScene('finished', 1).slice(1, 2),
    );
    await rows.nth(5).waitFor();
    const { value, reference } = study.rows[5]!;
    assert.equal(
      (await rows.nth(5).innerText()).replaceAll(/\s+/g, ' '),
      `1,000 10 ${value!.toFixed(4)} ${reference!.toFixed(4)}`,
    );
    assert.equal(await text('.size-study > p'), study.summary);
  });

  it('shows models of several sizes: every figure in the table, each slope named, drawings hidden from screen readers', async () => {
    await open(SCENES['model-sizes']());
    const study = modelSizes();
    const rows = panel.page.locator('.model-sizes tbody tr');
    await rows.nth(3).waitFor();
    for (const [index, { label, parameters, value }] of study.rows.entries()) {
      const cells = await rows.nth(index).locator('th, td').allInnerTexts();
      assert.deepEqual([cells[0], cells[1], cells[3]], [label, parameters.toLocaleString('en'), value!.toFixed(4)]);
    }
    assert.equal(await text('.model-sizes > p'), study.summary);
    const legends = panel.page.locator('.model-sizes .chart-legend');
    const { parameters, flops } = study.laws;
    assert.deepEqual(await legends.nth(0).locator('li').allInnerTexts(), [
      'val_loss',
      `fitted: −${parameters!.exponent.toFixed(3)}`,
      'slope of Kaplan 2020: −0.076',
    ]);
    assert.deepEqual(await legends.nth(1).locator('li').allInnerTexts(), [
      ...study.rows.map(({ label }) => label),
      `fitted: −${flops!.exponent.toFixed(3)}`,
      'slope of Kaplan 2020: −0.050',
    ]);
    assert.equal(await panel.page.locator('.model-sizes canvas:not([aria-hidden=true])').count(), 0);
    // The table can be scrolled by keyboard where it is too wide.
    const region = panel.page.locator('.model-sizes .scroller');
    assert.equal(await region.getAttribute('tabindex'), '0');
  });
});
