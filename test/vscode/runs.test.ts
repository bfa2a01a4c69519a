/** What the Runs view does with runs that have ended: export, resume, delete. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { isMadeHere, seal } from '../../src/files/seal';
import { isPinned } from '../../src/runFolder/pin';
import { readPoints } from '../../src/runFolder/points';
import { eventually } from '../support/wait';
import { records } from '../support/records';
import { answering } from './dialogs';
import { ended, lab, LESSON, newRun, run, runs, until, withEpochs } from './lab';

describe('main: runs', () => {
  let folder: string;
  let target: string;

  before(async () => {
    target = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-exports-'));
    await withEpochs(2);
    ({ folder } = await newRun(() => run('runLesson', LESSON)));
    assert.equal((await ended(folder)).record.state, 'finished');
  });
  after(() => {
    fs.rmSync(target, { recursive: true, force: true });
  });

  it('are exported as CSV to the file that is chosen, each point a row', async () => {
    const file = path.join(target, 'run.csv');
    await answering({}, () => run('exportCsv', folder));
    assert.equal(fs.existsSync(file), false, 'cancelled');
    const { told } = await answering({ save: file }, () => run('exportCsv', folder));
    assert.ok(
      told.some((text) => text.includes('run.csv')),
      told.join(),
    );
    const [head = '', ...rows] = fs.readFileSync(file, 'utf8').trimEnd().split('\r\n');
    const names = head.split(',');
    assert.deepEqual(names.slice(0, 5), ['kind', 'step', 'epoch', 'time', 'learning_rate']);
    const points = await readPoints(folder);
    assert.equal(rows.length, points.length);
    rows.forEach((row, index) => {
      const cells = row.split(',');
      const { kind, step, values } = points[index]!;
      assert.equal(cells[0], kind);
      assert.equal(Number(cells[1]), step);
      for (const [name, value] of Object.entries(values)) assert.equal(Number(cells[names.indexOf(name)]), value, name);
    });
  });

  it("are exported to TensorBoard by TensorFlow's own writer, into a folder of their own", async () => {
    const { told } = await answering({ folder: target }, () => run('exportTensorBoard', folder));
    assert.ok(
      told.some((text) => text.includes(`tensorboard --logdir "${target}"`)),
      told.join(),
    );
    const own = path.join(target, path.basename(folder));
    assert.deepEqual(fs.readdirSync(own).sort(), ['train', 'validation']);
    const read = (split: string): string => {
      const [name = ''] = fs.readdirSync(path.join(own, split));
      return records(fs.readFileSync(path.join(own, split, name)))
        .map((bytes) => bytes.toString('latin1'))
        .join('\n');
    };
    const points = await readPoints(folder);
    const count = (kind: string): number => points.filter((point) => point.kind === kind).length;
    assert.equal(read('train').split('batch_loss').length - 1, count('step'));
    assert.equal(read('validation').split('epoch_accuracy').length - 1, count('epoch'));
  });

  it('are resumed from a checkpoint: the new run begins with the old curve and goes on from there', async () => {
    const before = await readPoints(folder);
    // Of two checkpoints, the newest is first; the run is complete, so that as many epochs again are offered.
    const resumed = await newRun(() => answering({}, () => run('resumeFromCheckpoint', folder)));
    const { record } = await ended(resumed.folder);
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    assert.equal(record.resumedFrom?.run, path.basename(folder));
    const points = await readPoints(resumed.folder);
    assert.deepEqual(points.slice(0, before.length), before);
    const steps = points.filter(({ kind }) => kind === 'step').map(({ step }) => step);
    assert.deepEqual(
      steps,
      steps.map((_, index) => index + 1),
      'no step missing, none twice',
    );
    const epochs = points.filter(({ kind }) => kind === 'epoch');
    assert.equal(epochs.length, 4);
    const last = before.at(-1)!.time;
    assert.ok(
      points.slice(before.length).every(({ time }) => time > last),
      'its time goes on, too',
    );
  });

  it('whose checkpoint is damaged offer the one before, and go on from there', async () => {
    const copy = path.join(path.dirname(folder), 'damaged-checkpoint');
    fs.cpSync(folder, copy, { recursive: true });
    seal(copy);
    const [newest = ''] = fs.readdirSync(path.join(copy, 'checkpoints')).sort().reverse();
    fs.appendFileSync(path.join(copy, 'checkpoints', newest, 'weights.bin'), 'x');
    let resumed = '';
    await answering({ button: /^Resume from/ }, async () => {
      ({ folder: resumed } = await newRun(() => run('resumeFromCheckpoint', copy)));
    });
    const { record } = await ended(resumed);
    assert.equal(record.state, 'finished', JSON.stringify(record.end));
    assert.notEqual(record.resumedFrom?.checkpoint, newest);
    await answering({ press: 'Delete' }, () => run('deleteRuns', copy));
    await answering({ press: 'Delete' }, () => run('deleteRuns', resumed));
  });

  it('that came with the folder are not resumed before the user trusts them', async () => {
    const foreign = path.join(path.dirname(folder), 'came-with-it');
    fs.cpSync(folder, foreign, { recursive: true });
    const before = (await runs()).length;
    const { told } = await answering({}, () => run('resumeFromCheckpoint', foreign));
    assert.ok(
      told.some((text) => text.includes('Trust Run')),
      told.join(),
    );
    assert.equal((await runs()).length, before, 'no run is left of the attempt');
    const { questions } = await answering({}, () => run('trustRuns', foreign));
    assert.deepEqual(questions, ['Trust the run “came-with-it”, which was not made here?']);
    assert.equal(isMadeHere(foreign), false, 'Cancel trusts nothing');
    await answering({ press: 'Trust' }, () => run('trustRuns', foreign));
    assert.equal(isMadeHere(foreign), true);
    await answering({ press: 'Delete' }, () => run('deleteRuns', foreign));
  });

  it('that cannot be read are deleted like any other, and nothing outside of the runs is', async () => {
    const damaged = path.join(path.dirname(folder), 'damaged');
    fs.cpSync(folder, damaged, { recursive: true });
    fs.writeFileSync(path.join(damaged, 'run.json'), '{"format":1,');
    assert.equal(fs.existsSync(damaged), true);
    await answering({ press: 'Delete' }, () => run('deleteRuns', damaged));
    assert.equal(fs.existsSync(damaged), false);
    await answering({ press: 'Delete' }, () => run('deleteRuns', target));
    await answering({ press: 'Delete' }, () => run('deleteRuns', path.join(folder, 'checkpoints')));
    assert.ok(fs.existsSync(target) && fs.existsSync(path.join(folder, 'checkpoints')));
  });

  it('are pinned in their folder, and deleted only after a question that says so', async () => {
    const copy = path.join(path.dirname(folder), 'pinned-copy');
    fs.cpSync(folder, copy, { recursive: true });
    seal(copy);
    await run('pinRuns', copy);
    assert.equal(isPinned(copy), true);
    const { questions } = await answering({ press: 'Delete' }, () => run('deleteRuns', copy));
    assert.deepEqual(questions, ['Delete the run “A small neural network”, which is pinned?']);
    assert.ok(fs.existsSync(copy), 'the usual answer is not enough');
    await run('unpinRuns', copy);
    assert.equal(isPinned(copy), false);
    const unpinned = (await runs()).filter((one) => !isPinned(one.folder)).length;
    await answering({}, () => run('pinRuns', target));
    assert.equal(isPinned(target), false, 'nothing outside of the runs is written to');
    assert.equal((await runs()).filter((one) => !isPinned(one.folder)).length, unpinned);
    await run('pinRuns', copy);
    await answering({ press: 'Delete Although Pinned' }, () => run('deleteRuns', copy));
    assert.equal(fs.existsSync(copy), false);
  });

  it('are kept within the bounds of the settings: the oldest go by themselves and that is said, pinned ones stay', async () => {
    // Older than the run that they are copies of, the first the oldest.
    const copies = [1, 2, 3].map((day) => {
      const copy = path.join(path.dirname(folder), `old-${String(day)}`);
      fs.cpSync(folder, copy, { recursive: true });
      const file = path.join(copy, 'run.json');
      const record = JSON.parse(fs.readFileSync(file, 'utf8')) as object;
      fs.writeFileSync(file, JSON.stringify({ ...record, createdAt: `2026-01-0${String(day)}T00:00:00.000Z` }));
      seal(copy);
      return copy;
    });
    await run('pinRuns', copies[0]);
    const counting = (await runs()).filter((one) => !isPinned(one.folder)).length;
    const settings = vscode.workspace.getConfiguration();
    const { told } = await answering({}, async () => {
      await settings.update('deepLearningLab.runs.keep', counting - 1, vscode.ConfigurationTarget.Workspace);
      try {
        await eventually(() => (fs.existsSync(copies[1]!) ? undefined : true), 'the oldest run deleted');
        // The message comes once all are deleted.
        await eventually(
          () => (fs.readdirSync(lab().runs).some((name) => name.startsWith('.')) ? undefined : true),
          'all of it',
        );
        await new Promise((resolve) => setTimeout(resolve, 200));
      } finally {
        await settings.update('deepLearningLab.runs.keep', undefined, vscode.ConfigurationTarget.Workspace);
      }
    });
    assert.match(
      told.join(),
      /^Old runs deleted: 1 \([\d.]+ [kM]B\)\. The lab keeps at most \d+ runs and 5 GB; a run that is pinned stays\.$/,
    );
    assert.deepEqual(
      copies.map((copy) => fs.existsSync(copy)),
      [true, false, true],
    );
    await answering({ press: 'Delete Although Pinned' }, () => run('deleteRuns', copies[0]));
    await answering({ press: 'Delete' }, () => run('deleteRuns', copies[2]));
  });

  it('are deleted after a question only, and not while they train', async () => {
    const there = async (): Promise<boolean> => (await runs()).some((one) => one.folder === folder);
    const { questions } = await answering({}, () => run('deleteRuns', folder));
    assert.deepEqual(questions, ['Delete the run “A small neural network”?']);
    assert.equal(await there(), true, 'Cancel keeps it');
    await answering({ press: 'Delete' }, () => run('deleteRuns', folder));
    assert.equal(await there(), false);
    assert.equal(fs.existsSync(folder), false);

    await withEpochs(100_000);
    const training = await newRun(() => run('runLesson', LESSON));
    await until(training.folder, ({ record }) => record.points > 0, 'points');
    const { questions: asked, told } = await answering({ press: 'Delete' }, () => run('deleteRuns', training.folder));
    assert.deepEqual(asked, []);
    assert.ok(
      told.some((text) => text.includes('still training')),
      told.join(),
    );
    await run('stop');
    assert.equal((await ended(training.folder)).record.state, 'stopped');
  });
});
