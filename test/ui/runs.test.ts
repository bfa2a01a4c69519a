/** Exercises before any run, runs side by side, files that are exported, a learning rate that is moved: as a learner does. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { readPoints } from '../../src/runFolder/points';
import { eventually } from '../support/wait';
import { leavePicture, Workbench, type Window } from './workbench';

const LESSON = 'A small neural network';

describe('exercises and runs in the real VS Code', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.open({ 'deepLearningLab.stop.graceSeconds': 1 });
    workbench.world.lesson('neural-network', 3);
    window = await workbench.window();
  });
  after(() => workbench.dispose());
  leavePicture(() => window);

  /** Two runs of three epochs, the newer one in the panel; made where no test before has. */
  const haveFinished = async (): Promise<void> => {
    await window.views();
    for (let count = (await workbench.world.runs()).length + 1; count <= 2; count++) {
      workbench.world.lesson('neural-network', 3, (text) => text.replace('seed: 1', `seed: ${String(count)}`));
      await window.command('Run Lesson');
      await window.pick(LESSON);
      await eventually(
        async () => {
          const all = await workbench.world.runs();
          return all.length === count && all.every(({ record }) => record.state === 'finished') ? true : undefined;
        },
        `run ${String(count)}`,
      );
      await window.inState('Finished');
    }
  };

  it('shows the exercises of a lesson with its panel, before any run, and their tasks with formulas', async () => {
    await window.command('Open Model File');
    await window.pick('Backpropagation');
    await window.page.locator('.codelens-decoration', { hasText: 'not checked yet' }).first().waitFor();
    await window.command('Open Lab Panel');
    await window.panel.getByRole('heading', { name: 'Backpropagation' }).waitFor();
    await eventually(
      async () => ((await window.panel.locator('.exercise').count()) === 5 ? true : undefined),
      'five cards',
    );
    assert.equal((await workbench.world.runs()).length, 0);
    await window.screenshot('exercises-before-run');
    await window.panel.getByRole('button', { name: 'Task: The loss' }).click();
    await window.page.locator('.tab.active', { hasText: 'The loss' }).waitFor();
    await eventually(async () => {
      for (const frame of window.page.frames()) {
        // Frames come and go while the preview is made.
        if (
          (await frame
            .locator('.katex')
            .count()
            .catch(() => 0)) === 0
        )
          continue;
        const loaded = 'document.fonts.ready.then(() => document.fonts.check("1em KaTeX_Math"))';
        if ((await frame.evaluate(loaded).catch(() => false)) === true) return true;
      }
      return undefined;
    }, 'the formulas in their font');
    await window.screenshot('exercise-task');
    assert.equal(await window.page.locator('.editor-group-container').count(), 2, 'beside the code, over the panel');
    // The panel is the first page in the window again.
    await window.page.locator('.tab', { hasText: 'The loss' }).click({ button: 'middle' });
    await window.panel.locator('.exercise').first().waitFor();
  });

  it('lays runs over each other: Compare Runs opens the list of what is drawn', async () => {
    await haveFinished();
    const runs = window.items(/small neural network, finished/);
    await eventually(async () => ((await runs.count()) === 2 ? true : undefined), 'two runs');
    await runs.first().click();
    await runs.last().click({ modifiers: ['ControlOrMeta'] });
    await window.chooseFrom(runs.last(), 'Compare Runs');
    const section = window.panel.locator('[data-section="compare"]');
    await section.locator('.overlay-swatch canvas').waitFor();
    assert.equal(await section.locator('.overlay-swatch canvas').count(), 1);
    assert.notEqual(await section.getAttribute('open'), null);
    await window.screenshot('compare-dark');
  });

  it('exports the points and the charts to files', async () => {
    await haveFinished();
    const shown = (await workbench.world.runs()).map(({ folder }) => folder);
    await window.panel.getByRole('button', { name: 'Export Points as CSV' }).click();
    const csv = await window.acceptPath('.csv');
    await eventually(() => (fs.existsSync(csv) ? true : undefined), csv);
    const folder = shown.find((candidate) => csv.includes(candidate.split('/').at(-1)!))!;
    const rows = await eventually(() => {
      const lines = fs.readFileSync(csv, 'utf8').trimEnd().split('\n');
      return lines.length > 1 ? lines : undefined;
    }, 'rows');
    assert.equal(rows.length - 1, (await readPoints(folder)).length);

    await window.panel.getByRole('button', { name: 'Export Charts as PNG' }).click();
    const png = await window.acceptPath('.png');
    const bytes = await eventually(
      () => (fs.existsSync(png) && fs.statSync(png).size > 0 ? fs.readFileSync(png) : undefined),
      png,
    );
    assert.equal(bytes.toString('latin1', 1, 4), 'PNG');
    assert.ok(bytes.readUInt32BE(16) > 400 && bytes.readUInt32BE(20) > 200);
  });

  it('resumes from an earlier checkpoint by the menu of a run', async () => {
    await haveFinished();
    const item = window.items(/small neural network, finished/).first();
    await item.click(); // it alone is selected
    await window.chooseFrom(item, 'Resume From Checkpoint');
    const rows = window.quickInput.locator('.monaco-list-row');
    await eventually(async () => ((await rows.count()) === 3 ? true : undefined), 'three checkpoints');
    await rows.last().click();
    const { folder, record } = await workbench.world.run(
      ({ record: one }) => one.resumedFrom !== undefined && one.state === 'finished',
      'the resumed run',
    );
    await window.panel.locator('.run-header').waitFor();
    await window.inState('Finished');
    await eventually(
      async () => ((await window.received()).at(-1)?.step === record.progress.step ? true : undefined),
      'the last point',
    );
    await window.hasEveryPoint(folder, true);
  });

  it('deletes a run after a question; Cancel keeps it', async () => {
    await haveFinished();
    const before = (await workbench.world.runs()).length;
    const dialog = window.page.locator('.monaco-dialog-box');
    const item = window.items(/small neural network, finished/).last();
    await item.click();
    await window.chooseFrom(item, 'Delete');
    await dialog.waitFor();
    await window.screenshot('delete-question');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal((await workbench.world.runs()).length, before);
    await window.chooseFrom(item, 'Delete');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await eventually(
      async () => ((await workbench.world.runs()).length === before - 1 ? true : undefined),
      'one run less',
    );
  });

  it('moves the learning rate of a run that trains: its points carry it', async () => {
    workbench.world.lesson('neural-network', 100_000);
    await window.command('Run Lesson');
    await window.pick(LESSON);
    await window.inState('Training');
    const { folder } = await window.run('training');
    const field = window.panel.getByRole('textbox', { name: 'Learning rate, number' });
    await field.fill('0.0005');
    await field.press('Enter');
    await eventually(
      async () => ((await readPoints(folder)).at(-1)?.learningRate === 0.0005 ? true : undefined),
      'points with the new rate',
    );
    await window.command('Stop');
    await window.inState('Stopped');
    const rates = [...new Set((await readPoints(folder)).map(({ learningRate }) => learningRate))];
    assert.deepEqual(rates, [0.003, 0.0005]);
  });

  it('calls a run off by Cancel of its progress, also one that does not listen', async () => {
    workbench.world.lesson('neural-network', 10, (text) => `for (;;);\n${text}`);
    await window.command('Run Lesson');
    await window.pick(LESSON);
    const progress = await window.told('A small neural network: Preparing');
    await window.screenshot('progress');
    await progress.hover();
    await progress.getByRole('button', { name: 'Cancel' }).click();
    // Its process ends a moment before the record says by whom.
    const ended = await eventually(async () => {
      const { state, end } = (await workbench.world.runs())[0]!.record;
      return state === 'stopped' ? end : undefined;
    }, 'its end');
    assert.equal(ended.reason, 'killed');
    await eventually(async () => ((await progress.count()) === 0 ? true : undefined), 'the notification gone');
  });

  it('makes no complaint of its own on the console', () => {
    assert.deepEqual(window.complaints, []);
  });
});
