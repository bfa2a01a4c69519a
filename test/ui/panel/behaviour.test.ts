/** What the page does: keyboard, messages to the host, points in any order of arrival, values under the pointer. */
import assert from 'node:assert/strict';
import type { HostToPanel, PanelToHost } from '../../../src/protocol/panel';
import { usePanels, type PanelOptions, type PanelPage } from './page';
import {
  clothesRun,
  clothesScene,
  CLOTHES_LESSON,
  overlayMessages,
  panelRun,
  pointsMessage,
  SCENES,
  spiralRun,
} from './scenes';

describe('the panel in use', function () {
  this.timeout(60_000);
  const panels = usePanels();
  let panel: PanelPage;

  const open = async (messages: readonly HostToPanel[], options: PanelOptions = {}): Promise<void> => {
    panel = await panels.open(options);
    await panel.send(...messages);
  };
  const lastSent = async (): Promise<PanelToHost | undefined> => (await panel.sent()).at(-1);
  const text = (selector: string): Promise<string> => panel.page.locator(selector).innerText();

  it('says what to do when there is no run, and Run Lesson asks for it', async () => {
    await open(SCENES.empty());
    await panel.page.getByRole('button', { name: 'Run Lesson' }).click();
    assert.deepEqual(await lastSent(), { type: 'command', command: 'runLesson' });
  });

  it('is usable with the keyboard alone, in the order in which it is read', async () => {
    await open(clothesScene('paused', 0.3));
    const order: string[] = [];
    for (let i = 0; i < 16; i++) {
      await panel.page.keyboard.press('Tab');
      order.push(
        await panel.evaluate<string>(
          "(() => { const e = document.activeElement; return e.getAttribute('aria-label') ?? e.value ?? e.textContent.trim(); })()",
        ),
      );
    }
    assert.deepEqual(order.slice(0, 14), [
      'Continue',
      'Single Step',
      'Stop',
      'Open Model File',
      'Show Log',
      'Export Charts as PNG',
      'Export Points as CSV',
      'Learning rate, slider by powers of ten',
      'Learning rate, number',
      'step',
      '1',
      'Log loss',
      'loss by position; arrow keys read values',
      'accuracy by position; arrow keys read values',
    ]);
    await panel.page.getByRole('button', { name: 'Single Step' }).focus();
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await lastSent(), { type: 'command', command: 'step' });
  });

  it('shows where the focus is on every control', async () => {
    await open(clothesScene('training', 0.3));
    for (let i = 0; i < 13; i++) {
      await panel.page.keyboard.press('Tab');
      // A border alone is no sign: something has to look different without the focus.
      const [name, isSeen] = await panel.evaluate<[string, boolean]>(`(() => {
        const host = document.activeElement;
        let e = host;
        while (e.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
        const styles = ['outline', 'border', 'boxShadow'];
        const look = (x) => {
          const style = x && getComputedStyle(x);
          return style && style.opacity !== '0' ? styles.map((name) => style[name]).join(' ') : '';
        };
        const looks = () => [e, e.nextElementSibling, e.parentElement].map(look).join('; ');
        const focused = looks();
        host.blur();
        const blurred = looks();
        host.focus();
        return [host.getAttribute('aria-label') ?? host.outerHTML, focused !== blurred];
      })()`);
      assert.ok(isSeen, `Tab ${i + 1}, ${name}`);
    }
  });

  it('keeps the focus on a living button when the run ends', async () => {
    await open(clothesScene('training', 0.5));
    await panel.page.getByRole('button', { name: 'Stop' }).focus();
    await panel.send(...clothesScene('stopped', 0.5, { reason: 'stoppedByUser' }));
    await panel.until("document.activeElement?.getAttribute('aria-label') === 'Run Again'");
    await panel.page.getByRole('button', { name: 'Resume From Last Checkpoint' }).click();
    assert.deepEqual(await lastSent(), { type: 'command', command: 'resumeFromCheckpoint' });
  });

  it('reads values with the arrow keys, at one position in all charts', async () => {
    await open(clothesScene('training', 0.5));
    const loss = panel.page.getByRole('slider', { name: /^loss/ });
    await loss.focus();
    await panel.page.keyboard.press('Home');
    const said = await loss.getAttribute('aria-valuetext');
    const first = clothesRun().points[0]!;
    // With its start corrected, the average of one value is that value.
    assert.equal(
      said,
      `Step 1 · epoch ${(1 / clothesRun().stepsPerEpoch).toFixed(2)} · 0 s: validation ${clothesRun()
        .points.find((point) => point.kind === 'epoch')!
        .values['val_loss']!.toFixed(
          4,
        )}, train, smoothed ${first.values['loss']!.toFixed(4)}, train, each step ${first.values['loss']!.toFixed(4)}`,
    );
    assert.equal(await panel.page.locator('.tooltip:visible').count(), 1);
    await panel.page.keyboard.press('Escape');
    assert.equal(await panel.page.locator('.tooltip:visible').count(), 0);
  });

  it('does not talk while the training goes on under a chart that has the focus', async () => {
    await open(clothesScene('training', 0.4));
    const loss = panel.page.getByRole('slider', { name: /^loss/ });
    await loss.focus();
    const now = await loss.getAttribute('aria-valuenow');
    const most = Number(await loss.getAttribute('aria-valuemax'));
    await panel.send(...clothesScene('training', 0.6));
    assert.ok(Number(await loss.getAttribute('aria-valuemax')) > most);
    assert.equal(await loss.getAttribute('aria-valuenow'), now);
  });

  it('shows the values under the pointer', async () => {
    await open(clothesScene('training', 0.5));
    await panel.page.locator('[data-metric=accuracy] .plot').hover({ position: { x: 200, y: 80 } });
    const tooltip = await text('[data-metric=accuracy] .tooltip');
    assert.match(tooltip, /Step \d+ · epoch [\d.]+/);
    assert.match(tooltip, /this run\s+0\.\d{4}\s+0\.\d{4}$/);
  });

  it('goes on reading values when the next run has fewer metrics', async () => {
    await open(clothesScene('training', 0.5));
    await panel.page.locator('[data-metric=accuracy] .plot').hover({ position: { x: 200, y: 80 } });
    const points = clothesRun().points.map((point) => {
      const entries = Object.entries(point.values).filter(([name]) => name.endsWith('loss'));
      return { ...point, values: Object.fromEntries(entries) };
    });
    const run = panelRun(clothesRun(), { state: 'training', points, epochs: 10, id: 'loss-alone' });
    const record = { ...run.record, config: { ...run.record.config!, metrics: [] } };
    await panel.send({ type: 'show', run: { ...run, record }, lesson: CLOTHES_LESSON }, pointsMessage(run, points));
    assert.equal(await panel.page.locator('.chart').count(), 1);
    // The first chart listens to the pointer before the one that is gone did; one that comes again, after it.
    await panel.send(...clothesScene('training', 0.5));
    for (const metric of ['loss', 'accuracy']) {
      await panel.page.locator(`[data-metric=${metric}] .plot`).hover({ position: { x: 200, y: 80 } });
      assert.match(await text(`[data-metric=${metric}] .tooltip`), /Step \d+/);
    }
    assert.ok(!(await panel.sent()).some(({ type }) => type === 'fault'), JSON.stringify(await panel.sent()));
  });

  it('forgets the values that it read when nothing is pointed at', async () => {
    await open(clothesScene('training', 0.5));
    const loss = panel.page.getByRole('slider', { name: /^loss/ });
    await loss.focus();
    await panel.page.keyboard.press('Home');
    assert.match((await loss.getAttribute('aria-valuetext')) ?? '', /^Step 1 /);
    await panel.page.keyboard.press('Escape');
    assert.equal(await loss.getAttribute('aria-valuetext'), null);
  });

  it('sends a learning rate from the field and refuses what is none', async () => {
    await open(clothesScene('training', 0.5));
    const field = panel.page.getByRole('textbox', { name: 'Learning rate, number' });
    await field.fill('-1');
    await field.press('Enter');
    assert.equal(await panel.page.getByRole('alert').innerText(), 'A number above 0 is needed, for example 0.001.');
    assert.ok(!(await panel.sent()).some((message) => message.type === 'setLearningRate'));
    await field.fill('2.5e-3');
    await field.press('Enter');
    assert.deepEqual(await lastSent(), { type: 'setLearningRate', key: '/runs/run-1', learningRate: 0.0025 });
  });

  it('moves the learning rate by powers of ten with the slider', async () => {
    await open(clothesScene('training', 0.5));
    const slider = panel.page.getByRole('slider', { name: /powers of ten/ });
    assert.equal(Number(await slider.inputValue()), -1);
    await slider.fill('-3');
    await panel.until("harness.sent.some((message) => message.type === 'setLearningRate')");
    assert.deepEqual(await lastSent(), { type: 'setLearningRate', key: '/runs/run-1', learningRate: 0.001 });
    assert.equal(await panel.page.getByRole('textbox', { name: /number/ }).inputValue(), '0.001');
  });

  it('sends a learning rate to the run that it was chosen for, also when another one has come meanwhile', async () => {
    await open(clothesScene('training', 0.5));
    await panel.page.getByRole('slider', { name: /powers of ten/ }).fill('-3');
    const run = panelRun(clothesRun(), { state: 'training', points: [], epochs: 10, id: 'run-2' });
    await panel.send({ type: 'show', run, lesson: CLOTHES_LESSON });
    await panel.until("harness.sent.some((message) => message.type === 'setLearningRate')");
    const sent = (await panel.sent()).find((message) => message.type === 'setLearningRate');
    assert.deepEqual(sent, { type: 'setLearningRate', key: '/runs/run-1', learningRate: 0.001 });
  });

  it('keeps the learning rate that was chosen until the trainer has heard of it, then follows the run again', async () => {
    await open(clothesScene('training', 0.5));
    const field = panel.page.getByRole('textbox', { name: /number/ });
    const { points } = clothesRun();
    const told = (learningRate: number): Promise<void> => {
      const run = panelRun(clothesRun(), { state: 'training', points: points.slice(0, 300), epochs: 10, learningRate });
      return panel.send({ type: 'record', run });
    };
    await panel.page.getByRole('slider', { name: /powers of ten/ }).fill('-3');
    await panel.until("harness.sent.some((message) => message.type === 'setLearningRate')");
    // Was under way already.
    await told(0.1);
    assert.equal(await field.inputValue(), '0.001');
    await told(0.001);
    assert.equal(await field.inputValue(), '0.001');
    // The learner's own schedule.
    await told(0.0005);
    assert.equal(await field.inputValue(), '0.0005');
  });

  it('draws the same from a late snapshot and live points as from points that came one by one', async () => {
    const { points } = clothesRun();
    const run = panelRun(clothesRun(), { state: 'training', points, epochs: 10 });
    const show: HostToPanel = { type: 'show', run, lesson: CLOTHES_LESSON };
    const picture = async (messages: readonly HostToPanel[]): Promise<Buffer> => {
      await open([show, ...messages]);
      // Records change with the clock of the test; what is compared is the drawing.
      const image = await panel.page.locator('.chart-grid').screenshot();
      await panel.close();
      return image;
    };
    const live = points.map((point, index) => pointsMessage(run, [point], index));
    const one = await picture(live);
    // Live points that the snapshot holds already, the snapshot, an overlap, then the rest.
    const late = await picture([
      pointsMessage(run, points.slice(0, 40)),
      pointsMessage(run, points.slice(0, 300)),
      pointsMessage(run, points.slice(250, 400), 250),
      pointsMessage(run, points.slice(400), 400),
    ]);
    assert.ok(one.equals(late));
    await open([show]);
  });

  it('says of a run that has trained that its curves are being read, not that it waits for a step', async () => {
    const [, show] = clothesScene('training', 0.5);
    await open([show!]);
    assert.equal(await text('[data-metric=loss] .chart-waiting'), 'Reading the curves …');
  });

  it('asks for everything again when points are missing', async () => {
    await open(clothesScene('training', 0.2));
    const run = panelRun(clothesRun(), { state: 'training', points: [], epochs: 10 });
    await panel.send(pointsMessage(run, clothesRun().points.slice(300, 310), 300));
    assert.deepEqual(
      (await panel.sent()).map(({ type }) => type),
      ['ready', 'fault', 'ready'],
    );
  });

  it('lays five earlier runs over the curves, each with dashes and markers of its own', async () => {
    await open([...clothesScene('training', 0.8), ...overlayMessages()]);
    // Also where it had been folded, as here by default: what was laid over is to be seen.
    const swatches = await panel.evaluate<
      string[]
    >(`[...document.querySelectorAll('.overlays .swatch')].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      // Only whether a pixel is drawn: colour must not be needed to tell them apart.
      return Array.from({ length: data.length / 4 }, (_, i) => (data[i * 4 + 3] > 96 ? '#' : ' ')).join('');
    })`);
    assert.equal(swatches.length, 5);
    assert.equal(new Set(swatches).size, 5);
    await panel.page.getByRole('checkbox', { name: 'Oct 22, 12:02' }).click();
    const sent = await lastSent();
    assert.deepEqual(sent, {
      type: 'setOverlays',
      keys: ['/runs/earlier-0', '/runs/earlier-1', '/runs/earlier-3', '/runs/earlier-4'],
    });
  });

  it('forgets no run that was chosen before the host has answered to another choice', async () => {
    await open([...clothesScene('training', 0.8), ...overlayMessages(0)]);
    await panel.page.locator('[data-section=compare] > summary').click();
    await panel.page.getByRole('checkbox', { name: 'Oct 20, 10:00' }).click();
    await panel.page.getByRole('checkbox', { name: 'Oct 21, 11:01' }).click();
    assert.deepEqual(await lastSent(), { type: 'setOverlays', keys: ['/runs/earlier-0', '/runs/earlier-1'] });
    // What the host then says counts.
    await panel.send(...overlayMessages(1));
    await panel.page.getByRole('checkbox', { name: 'Oct 22, 12:02' }).click();
    assert.deepEqual(await lastSent(), { type: 'setOverlays', keys: ['/runs/earlier-0', '/runs/earlier-2'] });
  });

  it('opens the place of an error', async () => {
    await open(SCENES.error());
    await panel.page.getByRole('button', { name: /line 21/ }).click();
    assert.deepEqual(await lastSent(), {
      type: 'openLocation',
      file: '/home/ada/deep-learning-lab/image-classification/model.ts',
      line: 21,
      column: 7,
    });
  });

  it('announces the state, not the figures', async () => {
    await open(clothesScene('training', 0.2));
    const status = panel.page.getByRole('status');
    assert.equal(await status.textContent(), 'Training');
    await panel.send(...clothesScene('training', 0.4));
    assert.equal(await status.textContent(), 'Training');
    await panel.send(...clothesScene('finished', 1, { reason: 'completed' }));
    assert.match((await status.textContent()) ?? '', /^Finished\. All 10 epochs are done, after [^.]+\.$/);
  });

  it('announces a lost connection while it matters', async () => {
    await open(clothesScene('training', 0.2));
    const status = panel.page.getByRole('status');
    await panel.send({ type: 'connection', state: 'lost' });
    assert.match((await status.textContent()) ?? '', /^Training\. The connection to the training process is lost\./);
    await panel.send({ type: 'connection', state: 'attached' });
    assert.equal(await status.textContent(), 'Training');
    await panel.send(...clothesScene('finished', 1, { reason: 'completed' }), { type: 'connection', state: 'lost' });
    assert.doesNotMatch((await status.textContent()) ?? '', /connection/);
  });

  it('is not cut at 400 px, beside an editor: the table of layers fits too', async () => {
    const run = panelRun(clothesRun(), { state: 'training', points: [], epochs: 10 });
    const layers = ['Conv2D', 'BatchNormalization', 'GlobalAveragePooling2D'].map((type, index) => ({
      name: `block_${index}_${type.toLowerCase()}_${type}${index}`,
      type,
      outputShape: [null, 128, 128, 64],
      parameters: 1_234_567,
    }));
    const record = { ...run.record, config: { ...run.record.config!, layers } };
    await open([{ type: 'show', run: { ...run, record }, lesson: CLOTHES_LESSON }], {
      width: 400,
      state: { collapsed: [] },
    });
    const [content, room] = await panel.evaluate<[number, number]>(
      "(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.querySelector('.scroller:has(.layers)'))",
    );
    assert.ok(content <= room, `${content} px in ${room}`);
  });

  it('says nothing of the time that is left until it is known', async () => {
    await open(clothesScene('training', 0.2));
    const run = panelRun(clothesRun(), { state: 'training', points: clothesRun().points.slice(0, 3), epochs: 10 });
    const told = async (secondsLeft: number | null): Promise<string> => {
      const progress = { ...run.record.progress, seconds: 1.5, secondsLeft };
      await panel.send({ type: 'record', run: { ...run, record: { ...run.record, progress } } });
      return text('.facts');
    };
    assert.match(await told(null), /step 3\/\d+\s*$/);
    assert.match(await told(58), /58 s left$/);
  });

  it('exports the charts as a PNG and asks the host for the CSV', async () => {
    await open(SCENES.finished());
    await panel.page.getByRole('button', { name: 'Export Points as CSV' }).click();
    assert.deepEqual(await lastSent(), { type: 'export', format: 'csv', key: '/runs/run-1' });
    await panel.page.getByRole('button', { name: 'Export Charts as PNG' }).click();
    const sent = await lastSent();
    assert.ok(sent?.type === 'export' && sent.format === 'png');
    assert.equal(sent.name, 'run-1.png');
    const png = Buffer.from(sent.base64, 'base64');
    assert.equal(png.toString('latin1', 1, 4), 'PNG');
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
    assert.ok(width > 1600 && height > 400, `${width} x ${height}`);
  });

  it('keeps the choices of the learner across a reload', async () => {
    await open(clothesScene('training', 0.5));
    await panel.page.getByRole('radio', { name: 'time' }).check();
    await panel.page.getByRole('checkbox', { name: 'Log loss' }).click();
    const state = await panel.evaluate<{ axis: string; logLoss: boolean }>('harness.state');
    assert.equal(state.axis, 'time');
    assert.equal(state.logLoss, true);
    await panel.close();
    await open(clothesScene('training', 0.5), { state });
    assert.ok(await panel.page.getByRole('radio', { name: 'time' }).isChecked());
    assert.ok(await panel.page.getByRole('checkbox', { name: 'Log loss' }).isChecked());
  });

  it('takes points of a run that is not shown for nothing', async () => {
    await open(clothesScene('training', 0.5));
    const other = panelRun(spiralRun(), { state: 'training', points: [], epochs: 120, id: 'other' });
    await panel.send(pointsMessage(other, spiralRun().points.slice(10, 20), 10));
    assert.deepEqual(
      (await panel.sent()).map(({ type }) => type),
      ['ready'],
    );
  });
});
