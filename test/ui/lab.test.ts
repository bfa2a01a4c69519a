/** The main thing, as a learner does it: run a lesson, watch it, reload, come back. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { readRun } from '../../src/runFolder/runs';
import { eventually } from '../support/wait';
import { leavePicture, Workbench, type Window } from './workbench';

const LESSON = 'A small neural network';

describe('the lab in the real VS Code', function () {
  this.timeout(300_000);
  let workbench: Workbench;
  let window: Window;
  let modelFile: string;

  before(async () => {
    workbench = await Workbench.open();
    modelFile = workbench.world.lesson('neural-network', 100_000);
    window = await workbench.window();
  });
  after(() => workbench.dispose());
  leavePicture(() => window);

  /** The folder of a run in this state, which the panel shows; made where no test before has left one. */
  const given = async (state: 'training' | 'stopped'): Promise<string> => {
    const there = (await workbench.world.runs()).find(({ record }) => record.state === state);
    if (there !== undefined) return there.folder;
    if (!(await window.quickInput.isVisible())) await window.command('Run Lesson');
    await window.pick(LESSON);
    await window.inState('Training');
    if (state === 'stopped') await window.panel.getByRole('button', { name: 'Stop' }).click();
    return (await window.run(state)).folder;
  };

  it('Run Lesson asks for the lesson with its minutes and state', async () => {
    // Alone, the panel takes the place of the code; a run makes room.
    await window.command('Open Lab Panel');
    await window.panel.locator('.empty').waitFor();
    await window.command('Run Lesson');
    const rows = window.quickInput.locator('.monaco-list-row');
    await rows.filter({ hasText: LESSON }).first().waitFor();
    assert.match((await rows.filter({ hasText: LESSON }).first().textContent()) ?? '', /\d+ min · started/);
    assert.match((await rows.filter({ hasText: 'Dropout' }).first().textContent()) ?? '', /\d+ min · not started/);
    assert.ok((await rows.count()) >= 2);
    await window.screenshot('pick-lesson');
  });

  it('opens the model file on the left, the panel on the right, and leaves the cursor in the code', async () => {
    await given('training');
    const editor = window.page.locator('.editor-group-container .monaco-editor').first();
    const webview = window.page.locator('iframe.webview');
    const left = await editor.boundingBox();
    const right = await webview.boundingBox();
    assert.ok(left !== null && right !== null && left.x + left.width <= right.x + 1);
    assert.match((await window.page.locator('.tab.active').first().textContent()) ?? '', /model\.ts/);
    // A preview would give way to the next editor.
    assert.equal(await window.page.locator('.tab .monaco-icon-label.italic').count(), 0);
    await window.page.locator('.editor-group-container .monaco-editor.focused').waitFor();
  });

  it('moves: steps, words and drawn curves change while it trains, and the status bar tells of it', async () => {
    await given('training');
    await window.moving();
    // Each chart has a canvas for what stays and one for what moves.
    const picture = (): Promise<string> =>
      window.panel
        .locator('.charts canvas')
        .evaluateAll((all) => all.map((one) => (one as unknown as { toDataURL(): string }).toDataURL()).join());
    const drawn = await picture();
    await eventually(async () => ((await picture()) === drawn ? undefined : true), 'another picture');
    const words = window.panel
      .locator('.charts')
      .getByText(/Training loss started at/)
      .first();
    await words.waitFor();
    const status = window.statusBar.getByText(
      /A small neural network · epoch \d+\/100,?000 · loss [\d.]+ · \d[\w ]* left/,
    );
    await status.waitFor();
    await window.screenshot('training-dark');
  });

  it('survives a reload of the window: same run, panel attached again, no point missing', async () => {
    const folder = await given('training');
    const before = await window.hasEveryPoint(folder, false);
    await window.page.reload();
    await window.ready();
    await window.inState('Training');
    await window.moving();
    await window.hasEveryPoint(folder, false, before + 1);
    assert.equal((await window.run('training')).folder, folder);
  });

  it('shows the same run in a second window', async () => {
    const folder = await given('training');
    const second = await workbench.window();
    await second.statusBar.getByText(/epoch \d+\/100,?000/).waitFor();
    await second.command('Open Lab Panel');
    await second.inState('Training');
    await second.moving();
    await second.hasEveryPoint(folder, false);
    await second.page.close();
  });

  it('pauses, takes single steps and goes on by the buttons of the panel', async () => {
    const folder = await given('training');
    await window.panel.getByRole('button', { name: 'Pause' }).click();
    await window.inState('Paused');
    const step = await window.step();
    await window.panel.getByRole('button', { name: 'Single Step' }).click();
    await eventually(async () => ((await window.step()) === step + 1 ? true : undefined), 'one step');
    await window.hasEveryPoint(folder, true);
    await window.screenshot('paused-dark');
    await window.panel.getByRole('button', { name: 'Continue' }).click();
    await window.inState('Training');
    await window.moving();
  });

  it('is stopped and run again by the question of a second Run Lesson, also after a reload', async () => {
    const folder = await given('training');
    await window.command('Run Lesson');
    await window.pick(LESSON);
    const reached = await window.step();
    await window.page.locator('.monaco-dialog-box').getByRole('button', { name: 'Stop and Run Again' }).click();
    await eventually(async () => {
      const [newest] = (await workbench.world.runs()).filter(({ record }) => record.state === 'training');
      return newest !== undefined && newest.folder !== folder ? true : undefined;
    }, 'another run');
    assert.equal((await readRun(folder)).end?.reason, 'stoppedByUser');
    await eventually(async () => ((await window.step()) < reached ? true : undefined), 'the panel shows the other run');
    await window.inState('Training');
    await window.moving();
  });

  it('stops by the button of the panel, with every point', async () => {
    const folder = await given('training');
    await window.panel.getByRole('button', { name: 'Stop' }).click();
    await window.inState('Stopped');
    const record = await readRun(folder);
    assert.equal(record.end?.reason, 'stoppedByUser');
    await eventually(async () => ((await window.step()) === record.progress.step ? true : undefined), 'the last step');
    await eventually(async () => {
      const last = (await window.received()).at(-1);
      return last?.step === record.progress.step ? true : undefined;
    }, 'the last point');
    await window.hasEveryPoint(folder, true);
  });

  it('works by the keyboard alone: run, pause, resume, stop', async () => {
    const { keyboard } = window.page;
    const chord = async (key: string): Promise<void> => {
      await keyboard.press("Control+'");
      await keyboard.press(key);
    };
    await given('stopped');
    const before = (await workbench.world.runs()).length;
    await window.page.locator('.editor-group-container .monaco-editor').first().click();
    await chord('l');
    await window.quickInput.locator('.monaco-list-row', { hasText: LESSON }).waitFor();
    await keyboard.type('small neural');
    await window.quickInput.locator('.monaco-list-row', { hasText: LESSON }).waitFor();
    await keyboard.press('Enter');
    await window.inState('Training');
    await chord('p');
    await window.inState('Paused');
    await chord('p');
    await window.inState('Training');
    await chord('s');
    await window.inState('Stopped');
    assert.equal((await workbench.world.runs()).length, before + 1);
  });

  it('marks an error of the model file in the code and in the panel', async () => {
    await given('stopped');
    const text = fs.readFileSync(modelFile, 'utf8');
    fs.writeFileSync(modelFile, text.replace('tf.train.adam(0.003)', 'tf.train.adamm(0.003)'));
    await window.page.locator('.view-lines', { hasText: 'adamm' }).waitFor();
    await window.command('Run Lesson');
    await window.pick(LESSON);
    await window.inState('Failed');
    await window.panel.locator('.error-card').waitFor();
    const line = text.split('\n').findIndex((candidate) => candidate.includes('tf.train.adam')) + 1;
    assert.match(
      (await window.panel.locator('.error-card').textContent()) ?? '',
      new RegExp(`line ${String(line)}\\b`),
    );
    await window.page.locator('.squiggly-error').first().waitFor();
    await window.screenshot('error-dark');
    fs.writeFileSync(modelFile, text);
    await window.page.locator('.view-lines', { hasText: 'adam(' }).waitFor();
  });

  it('resets a lesson after a question, and keeps what was changed', async () => {
    await window.command('Reset Lesson');
    await window.pick(LESSON);
    const dialog = window.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    await window.screenshot('reset-question');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.match(fs.readFileSync(modelFile, 'utf8'), /epochs: 100000/);
    await window.command('Reset Lesson');
    await window.pick(LESSON);
    await dialog.getByRole('button', { name: 'Reset' }).click();
    await eventually(
      () => (fs.readFileSync(modelFile, 'utf8').includes('epochs: 60,') ? true : undefined),
      'the reset',
    );
    const { backups } = workbench.world.lab;
    const kept = fs.readdirSync(backups, { recursive: true, encoding: 'utf8' });
    const model = kept.find((name) => path.basename(name) === 'model.ts')!;
    assert.match(fs.readFileSync(path.join(backups, model), 'utf8'), /epochs: 100000/);
  });

  it('lists lessons and runs in its views', async () => {
    await window.views();
    const lessons = window.page.getByRole('treeitem', { name: new RegExp(LESSON) });
    await lessons.first().waitFor();
    await window.page
      .getByRole('treeitem', { name: /Image classification/ })
      .first()
      .waitFor();
    const runs = await workbench.world.runs();
    await eventually(
      async () => ((await lessons.count()) === 1 + runs.length ? true : undefined),
      'the lesson and its runs',
    );
    await window.screenshot('views-dark');
  });

  it('shows the run that is chosen in the view', async () => {
    await given('stopped');
    await window.views();
    await window
      .items(/stopped/i)
      .first()
      .click();
    await window.inState('Stopped');
    await window.panel.locator('.charts canvas').first().waitFor();
  });

  it('makes no complaint of its own on the console', () => {
    assert.deepEqual(window.complaints, []);
  });

  // Each is a window loaded again; the page's own tests have every scene in every theme.
  for (const theme of ['light', 'hc-light'] as const) {
    it(`can be looked at in ${theme}`, async () => {
      await workbench.theme(theme);
      await window.ready();
      if ((await workbench.world.runs()).length > 0) await window.panel.locator('.charts canvas').first().waitFor();
      await window.screenshot(`finished-${theme}`);
    });
  }
});
