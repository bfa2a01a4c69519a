import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { readPoints } from '../../src/runFolder/points';
import { readRun } from '../../src/runFolder/runs';
import { Launcher } from '../../src/host/training/launcher';
import { eventually } from '../support/wait';
import { answering } from './dialogs';
import { ended, lab, LESSON, modelFile, newRun, run, runs, until, withEpochs } from './lab';

describe('main: Run Lesson', () => {
  it('makes the working copy, opens it on the left with the cursor in it, and trains on the real engine', async () => {
    await withEpochs(2);
    const { folder, record: begun } = await newRun(() => run('runLesson', LESSON));
    assert.equal(begun.lesson, LESSON);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, modelFile());
    assert.equal(vscode.window.activeTextEditor.viewColumn, vscode.ViewColumn.One);
    const tabs = vscode.window.tabGroups.all.map(({ tabs: [first] }) => first?.input);
    assert.ok(tabs[0] instanceof vscode.TabInputText);
    assert.ok(tabs[1] instanceof vscode.TabInputWebview, 'the panel is beside it');

    const { record } = await ended(folder);
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    assert.equal(record.environment.engine?.kind, 'native');
    const points = await readPoints(folder);
    const epochs = points.filter(({ kind }) => kind === 'epoch');
    assert.equal(epochs.length, 2);
    for (const name of ['loss', 'accuracy', 'val_loss', 'val_accuracy']) {
      assert.ok(Number.isFinite(epochs[1]!.values[name]), name);
    }
    assert.ok(epochs[1]!.values['loss']! < epochs[0]!.values['loss']!, 'it learns');
    assert.equal(points.filter(({ kind }) => kind === 'step').length, record.progress.totalSteps);
    assert.equal(record.end?.unattended, false);
  });

  it('runs what the editor shows, saved or not', async () => {
    await withEpochs(1);
    const document = await vscode.workspace.openTextDocument(modelFile());
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// not saved\n');
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.isDirty, true);
    const { folder } = await newRun(() => run('runLesson', LESSON));
    await ended(folder);
    assert.match(fs.readFileSync(path.join(folder, 'model.ts'), 'utf8'), /^\/\/ not saved/);
    assert.ok(await document.save());
  });

  it('trains again in the same trainer, where nothing that files share was changed', async () => {
    await withEpochs(1);
    const first = await ended((await newRun(() => run('runLesson', LESSON))).folder);
    const second = await ended((await newRun(() => run('runLesson', LESSON))).folder);
    assert.equal(second.record.trainer.instance, first.record.trainer.instance);
  });

  it('starts a new trainer where the one before was killed while it had nothing to do', async () => {
    await withEpochs(1);
    const first = await newRun(() => run('runLesson', LESSON));
    const { record } = await ended(first.folder);
    process.kill(record.trainer.pid, 'SIGKILL');
    const second = await newRun(() => run('runLesson', LESSON));
    const after = await ended(second.folder);
    assert.equal(after.record.state, 'finished');
    assert.notEqual(after.record.trainer.pid, record.trainer.pid);
  });

  it('asks nothing about a run that has ended, though its window has not been told yet', async () => {
    await withEpochs(1);
    const { folder } = await newRun(() => run('runLesson', LESSON));
    const { record } = await ended(folder);
    const session = { run: { folder, record: { ...record, state: 'training', end: undefined } } };
    let isAskedForTrainer = false;
    const pool = {
      get: () => session,
      use: () => {
        isAskedForTrainer = true;
        return Promise.reject(new Error('as far as this test goes'));
      },
    };
    const stage = { announce: () => Promise.resolve(), withdraw: () => undefined };
    const app = { trust: { allows: () => true }, lab };
    const parts = [app, pool, stage, {}] as unknown as ConstructorParameters<typeof Launcher>;
    const { questions } = await answering({}, async () => {
      await assert.rejects(new Launcher(...parts).run({ modelFile: modelFile(), title: 'A lesson' }), /this test goes/);
    });
    assert.deepEqual(questions, []);
    assert.ok(isAskedForTrainer);
  });

  it('runs a model file that belongs to no lesson', async () => {
    const file = path.join(path.dirname(path.dirname(path.dirname(modelFile()))), 'own', 'mine.ts');
    fs.mkdirSync(path.dirname(file));
    fs.writeFileSync(file, fs.readFileSync(modelFile(), 'utf8').replace(/epochs: \d+/, 'epochs: 1'));
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(file));
    const { folder } = await newRun(() => run('runModelFile'));
    const { record } = await ended(folder);
    assert.equal(record.state, 'finished');
    assert.equal(record.lesson, undefined);
    assert.equal(record.modelFile, file);
  });
});

describe('main: controls', () => {
  const steps = async (folder: string): Promise<number> =>
    (await readPoints(folder)).filter(({ kind }) => kind === 'step').length;

  it('pause, step, resume and stop do what they say', async () => {
    await withEpochs(100_000);
    const { folder } = await newRun(() => run('runLesson', LESSON));
    await until(folder, ({ record }) => record.points > 0, 'points');
    await run('pause');
    await until(folder, ({ record }) => record.state === 'paused', 'the pause');
    const before = await steps(folder);
    await run('step');
    assert.equal(await steps(folder), before + 1);
    await run('step');
    assert.equal(await steps(folder), before + 2);
    assert.equal((await readRun(folder)).state, 'paused');
    await run('resume');
    await eventually(async () => ((await steps(folder)) > before + 20 ? true : undefined), 'further steps');
    await run('stop');
    const { state, end } = await readRun(folder);
    assert.equal(state, 'stopped');
    assert.equal(end?.reason, 'stoppedByUser');
  });

  it('stop ends a model file that loops for ever, after the grace time of the settings', async () => {
    const configuration = vscode.workspace.getConfiguration('deepLearningLab');
    await configuration.update('stop.graceSeconds', 1, vscode.ConfigurationTarget.Workspace);
    // A process that builds the model of the file would leave the mark as well.
    await configuration.update('modelFiles.inspect', false, vscode.ConfigurationTarget.Workspace);
    const text = await withEpochs(1);
    const mark = path.join(path.dirname(modelFile()), 'looping');
    fs.writeFileSync(
      modelFile(),
      `declare const require: (name: 'fs') => { writeFileSync(file: string, text: string): void };
require('fs').writeFileSync(${JSON.stringify(mark)}, '');
for (;;);
${text}`,
    );
    // It is not awaited: the command waits for a training that does not come.
    const started = run('runLesson', LESSON);
    await eventually(() => (fs.existsSync(mark) ? true : undefined), 'the loop');
    const looping = (await runs())[0]!;
    assert.equal(looping.record.state, 'preparing');
    await run('stop');
    await started;
    const { state, end } = await readRun(looping.folder);
    assert.equal(state, 'stopped');
    assert.equal(end?.reason, 'killed');
    for (const setting of ['stop.graceSeconds', 'modelFiles.inspect'])
      await configuration.update(setting, undefined, vscode.ConfigurationTarget.Workspace);
    fs.rmSync(mark);
  });

  it('of nothing say so and change nothing', async () => {
    const before = (await runs()).map(({ record }) => record);
    for (const command of ['pause', 'step', 'resume', 'stop']) await run(command);
    assert.deepEqual(
      (await runs()).map(({ record }) => record),
      before,
    );
  });
});
