/** A run beside the model that it is compared with: values by pointer and keyboard, its end, and the study after it. */
import assert from 'node:assert/strict';
import type { HostToPanel } from '../../../src/protocol/panel';
import { usePanels, type PanelPage } from './page';
import { comparedScene, SCENES, sizeStudy } from './scenes';

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
});
