/** What would lose something asks first; Cancel keeps everything, and what is replaced is kept beside. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { answerIn } from '../../src/client/exercises/answer';
import { progressFile, readProgress, type Progress } from '../../src/client/exercises/progress';
import { answering } from './dialogs';
import { extension, lab, modelFile, original, run, write } from './lab';

const LESSON = 'backpropagation';
const LOSS = { lesson: LESSON, exercise: 'loss' };
const OTHER = { lesson: LESSON, exercise: 'output-gradient' };
const EDITED = 'export function loss(): never {\n  throw new Error("mine");\n}';

const progress = (): Promise<Progress> => readProgress(progressFile(lab().own));
const backups = (): string[] =>
  fs.existsSync(lab().backups) ? fs.readdirSync(lab().backups, { recursive: true, encoding: 'utf8' }).sort() : [];
const text = async (): Promise<string> => (await vscode.workspace.openTextDocument(modelFile(LESSON))).getText();

describe('main: questions before something is lost', () => {
  let edited: string;

  before(async () => {
    await run('openLessonModel', LESSON);
    await answering({ press: 'Forget' }, () => run('resetProgress'));
  });
  beforeEach(async () => {
    const begun = original(LESSON);
    edited = begun.replace(answerIn(begun, 'loss')!, EDITED).replace('export function outputGradient(', '// mine\n$&');
    await write(modelFile(LESSON), edited);
  });
  after(async () => {
    await write(modelFile(LESSON), original(LESSON));
  });

  it('Reset of an exercise: Cancel changes nothing; else that declaration alone is as it began', async () => {
    const before = backups();
    const { questions } = await answering({}, () => run('resetExercise', LOSS));
    assert.deepEqual(questions, ['Reset “The loss”?']);
    assert.equal(await text(), edited);
    assert.deepEqual(backups(), before);

    await answering({ press: 'Reset' }, () => run('resetExercise', LOSS));
    assert.equal(await text(), edited.replace(EDITED, answerIn(original(LESSON), 'loss')!), 'the rest is as it was');
    const [kept = ''] = backups().filter((name) => name.endsWith('loss.ts') && !before.includes(name));
    assert.equal(fs.readFileSync(path.join(lab().backups, kept), 'utf8'), `${EDITED}\n`);
  });

  it('Solution: not before all hints, then after a question, and not in place of the others', async () => {
    const refused = await answering({ press: 'Show Solution' }, () => run('showSolution', LOSS));
    assert.deepEqual(refused.questions, []);
    assert.match(refused.told.join(), /when all 3 hints have been shown/);
    assert.equal(await text(), edited);

    for (let hint = 1; hint <= 3; hint++) {
      const { told } = await answering({}, () => run('showHint', LOSS));
      assert.match(told.join(), new RegExp(`^Hint ${hint} of 3`));
    }
    const { questions } = await answering({}, () => run('showSolution', LOSS));
    assert.deepEqual(questions, ['Put the solution of “The loss” in place of your code?']);
    assert.equal(await text(), edited, 'Cancel keeps it');
    assert.equal((await progress())[`${LESSON}/loss`]?.solutionAt, undefined);

    await answering({ press: 'Show Solution' }, () => run('showSolution', LOSS));
    const folder = path.join(extension().extensionPath, 'samples', LESSON, 'exercises', '01-loss');
    const solution = answerIn(fs.readFileSync(path.join(folder, 'solution.ts'), 'utf8'), 'loss')!;
    assert.equal(await text(), edited.replace(EDITED, solution));
    assert.notEqual((await progress())[`${LESSON}/loss`]?.solutionAt, undefined);
  });

  it('Reset Lesson: Cancel keeps all; else the files are as they were and the versions of the learner kept', async () => {
    const before = backups();
    const { questions } = await answering({}, () => run('resetLesson', LESSON));
    assert.equal(questions.length, 1);
    assert.equal(fs.readFileSync(modelFile(LESSON), 'utf8'), edited);
    assert.deepEqual(backups(), before);

    await answering({ press: 'Reset' }, () => run('resetLesson', LESSON));
    assert.equal(fs.readFileSync(modelFile(LESSON), 'utf8'), original(LESSON));
    const [kept = ''] = backups().filter((name) => name.endsWith('model.ts') && !before.includes(name));
    assert.equal(fs.readFileSync(path.join(lab().backups, kept), 'utf8'), edited);
  });

  it('the progress: exported as CSV and JSON; forgotten after a question, the code left alone', async () => {
    await run('checkExercise', OTHER);
    const kept = await progress();
    assert.deepEqual(Object.keys(kept).sort(), [`${LESSON}/loss`, `${LESSON}/output-gradient`]);

    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-progress-'));
    try {
      const csv = path.join(folder, 'progress.csv');
      const json = path.join(folder, 'progress.json');
      await answering({}, () => run('exportProgress'));
      assert.deepEqual(fs.readdirSync(folder), [], 'cancelled');
      await answering({ save: csv }, () => run('exportProgress'));
      await answering({ save: json }, () => run('exportProgress'));
      assert.deepEqual(JSON.parse(fs.readFileSync(json, 'utf8')), kept);
      const [head = '', ...rows] = fs.readFileSync(csv, 'utf8').trimEnd().split('\n');
      const columns = head.split(',');
      const other = rows.map((row) => row.split(',')).find(([, exercise]) => exercise === 'output-gradient')!;
      assert.equal(other[columns.indexOf('attempts')], '1');
      assert.equal(other[columns.indexOf('lastCheckedAt')], kept[`${LESSON}/output-gradient`]?.last?.at);
      assert.equal(other[columns.indexOf('passedAt')], '');
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }

    const { questions } = await answering({}, () => run('resetProgress'));
    assert.deepEqual(questions, ['Forget the progress of all exercises?']);
    assert.deepEqual(await progress(), kept);
    await answering({ press: 'Forget' }, () => run('resetProgress'));
    assert.deepEqual(await progress(), {});
    assert.equal(await text(), edited);
  });
});
