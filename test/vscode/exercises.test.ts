import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { answerIn } from '../../src/client/exercises/answer';
import { progressFile, readProgress } from '../../src/client/exercises/progress';
import { readExercises } from '../../src/client/exercises/definition';
import { putAnswer } from '../../src/host/exercises/edits';
import type { ExerciseProgress } from '../../src/protocol/exercise';
import { eventually } from '../support/wait';
import { extension, lab, modelFile, original, run, write } from './lab';

const LESSON = 'backpropagation';
const LOSS = { lesson: LESSON, exercise: 'loss' };

const lossLenses = (): Promise<string[]> => lensesAt('export function loss(');

async function lensesAt(text: string): Promise<string[]> {
  const uri = vscode.Uri.file(modelFile(LESSON));
  const document = await vscode.workspace.openTextDocument(uri);
  const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 99);
  const { line } = document.positionAt(document.getText().indexOf(text));
  return lenses.filter(({ range }) => range.start.line === line).map(({ command }) => command?.title ?? '');
}

const reasons = ({ uri }: vscode.TextDocument): vscode.Diagnostic[] =>
  vscode.languages
    .getDiagnostics(uri)
    .filter(({ source, code }) => source === 'Deep Learning Lab' && code === 'The loss');

const progress = async (): Promise<ExerciseProgress | undefined> =>
  (await readProgress(progressFile(lab().own)))[`${LESSON}/loss`];

async function solutionText(): Promise<string> {
  const folder = path.join(extension().extensionPath, 'samples', LESSON);
  const { exercises } = await readExercises({ id: LESSON, folder });
  const { folder: own } = exercises.find(({ id }) => id === 'loss')!;
  return answerIn(fs.readFileSync(path.join(own, 'solution.ts'), 'utf8'), 'loss')!;
}

describe('main: exercises', () => {
  before(async () => {
    await run('openLessonModel', LESSON);
    await write(modelFile(LESSON), original(LESSON));
  });

  it('has lenses above it: state, Check, Hint, Reset, and no solution yet', async () => {
    const titles = await eventually(async () => {
      const found = await lossLenses();
      return found.length > 0 ? found : undefined;
    }, 'lenses above the exercise');
    assert.match(titles[0] ?? '', /not checked yet/);
    assert.deepEqual(titles.slice(1), ['Task', 'Lesson', 'Check', 'Hint 1 of 3', 'Reset']);
    assert.ok((await lensesAt('export default experiment(')).some((title) => /^\d of 5 exercises$/.test(title)));
  });

  it('leads from its code to its cell in the notebook, and from the cell to its code', async () => {
    await run('openLesson', LOSS);
    const shown = await eventually(() => vscode.window.activeNotebookEditor, 'the notebook');
    assert.match(shown.notebook.cellAt(shown.selection.start).document.getText(), /yours\.loss\(/);
    await run('openExercise', LOSS);
    const { document, selection } = await eventually(
      () => (vscode.window.activeNotebookEditor === undefined ? vscode.window.activeTextEditor : undefined),
      'the code',
    );
    assert.equal(document.uri.fsPath, modelFile(LESSON));
    assert.match(document.lineAt(selection.active.line).text, /function loss\(/);
  });

  it('is checked as it stands in the editor, saved or not; the verdict is kept on disk and shown above it', async () => {
    await run('checkExercise', LOSS);
    const failed = await eventually(progress, 'the progress on disk');
    assert.equal(failed.attempts, 1);
    assert.equal(failed.last?.passed, false);
    assert.equal(failed.last.checks[0]?.found, '0');
    await eventually(
      async () => ((await lossLenses())[0]?.includes('0 of 3') === true ? true : undefined),
      'the state',
    );

    const document = await vscode.workspace.openTextDocument(modelFile(LESSON));
    const reason = await eventually(() => reasons(document)[0], 'the reason at the function');
    assert.equal(document.getText(reason.range), 'loss');
    assert.match(reason.message, /Two examples, by hand/);
    assert.match(reason.message, /expected: 2\.3.*\nfound: 0\n/);
    assert.match(reason.message, /Look up: cross-entropy\n2 more checks did not pass\.$/);

    const stub = answerIn(document.getText(), 'loss')!;
    const start = document.getText().indexOf(stub);
    const edit = new vscode.WorkspaceEdit();
    const range = new vscode.Range(document.positionAt(start), document.positionAt(start + stub.length));
    edit.replace(document.uri, range, await solutionText());
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.isDirty, true);
    await run('checkExercise', LOSS);
    const passed = await progress();
    assert.equal(passed?.attempts, 2);
    assert.ok(passed.passedAt !== undefined, JSON.stringify(passed.last, null, 2));
    const titles = await eventually(async () => {
      const found = await lossLenses();
      return found[0]?.includes('passed') === true ? found : undefined;
    }, 'the state');
    assert.ok(titles.includes('Solution'), 'after a pass');
    await eventually(() => (reasons(document).length === 0 ? true : undefined), 'no reason any more');
    assert.equal(document.isDirty, true, 'checking does not save');
    await document.save();
  });

  it('says when the code is another than the one that was checked, and no longer when it is that again', async () => {
    const document = await vscode.workspace.openTextDocument(modelFile(LESSON));
    const solved = document.getText();
    const said = async (changed: boolean): Promise<void> => {
      await eventually(
        async () => {
          const [state = ''] = await lossLenses();
          return state.includes('passed') && state.includes('changed since the last check') === changed
            ? true
            : undefined;
        },
        `the lens ${changed ? 'with' : 'without'} the mark`,
      );
    };
    await said(false);
    await write(modelFile(LESSON), solved.replace('export function loss(', '$&/* another */ '));
    await said(true);
    // What stands elsewhere is nobody's answer.
    await write(modelFile(LESSON), `${solved}\n// mine\n`);
    await said(false);
    await write(modelFile(LESSON), solved);
  });

  it('has its task as a text of its own, in the preview beside the code, without the hints', async () => {
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument(modelFile(LESSON)),
      vscode.ViewColumn.One,
    );
    await run('openTask', LOSS);
    const preview = await eventually(
      () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ label }) => label.includes('The loss')),
      'the preview',
    );
    assert.equal(preview.group.viewColumn, vscode.ViewColumn.Two);
    const { uri } = await eventually(
      () => vscode.workspace.textDocuments.find((one) => one.uri.scheme === 'deep-learning-lab-task'),
      'the task',
    );
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    assert.match(text, /^# The loss\n\n`loss` · 10 min\n\nComplete `loss`/);
    assert.match(text, /- Large logits stay finite/);
    assert.doesNotMatch(text, /hints|oneHot|mistakes/);
  });

  it('follows its declaration when lines above it come and go', async () => {
    const document = await vscode.workspace.openTextDocument(modelFile(LESSON));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// one\n// two\n// three\n');
    await vscode.workspace.applyEdit(edit);
    assert.ok((await lossLenses()).includes('Check'));
    await document.save();
  });

  it('is checked with all others of the lesson by one command', async () => {
    await run('checkExercises', LESSON);
    const all = await readProgress(progressFile(lab().own));
    assert.deepEqual(
      Object.keys(all)
        .filter((key) => key.startsWith(`${LESSON}/`))
        .sort(),
      ['hidden-gradient', 'loss', 'numerical-gradient', 'output-gradient', 'parameter-gradients'].map(
        (id) => `${LESSON}/${id}`,
      ),
    );
    assert.equal(all[`${LESSON}/loss`]?.last?.passed, true);
    assert.equal(all[`${LESSON}/output-gradient`]?.last?.passed, false);
  });

  it('is graded for itself while a check of another one that was asked for before never returns', async () => {
    const text = original(LESSON);
    const stub = answerIn(text, 'loss')!;
    const endless = `${stub.slice(0, stub.indexOf('{') + 1)} for (;;); }`;
    await write(modelFile(LESSON), text.replace(stub, endless));
    const before = await progress();
    await Promise.all([
      run('checkExercise', LOSS),
      run('checkExercise', { lesson: LESSON, exercise: 'output-gradient' }),
    ]);
    const all = await readProgress(progressFile(lab().own));
    const [own, other] = [all[`${LESSON}/loss`]!, all[`${LESSON}/output-gradient`]!];
    assert.equal(own.attempts, before!.attempts + 1);
    assert.ok(own.last!.checks.some(({ status }) => status === 'timedOut'));
    assert.equal(other.last!.error, undefined);
    assert.deepEqual(
      other.last!.checks.map(({ status }) => status),
      other.last!.checks.map(() => 'failed'),
    );
  });

  it('is solved and reset by edits that replace its declaration alone, can be undone, and keep what was there', async () => {
    await write(modelFile(LESSON), original(LESSON));
    const document = await vscode.workspace.openTextDocument(modelFile(LESSON));
    const folder = path.join(extension().extensionPath, 'samples', LESSON);
    const exercise = (await readExercises({ id: LESSON, folder })).exercises.find(({ id }) => id === 'loss')!;
    const stub = answerIn(original(LESSON), 'loss')!;
    const backup = await putAnswer(lab(), document, exercise, await solutionText());
    assert.equal(fs.readFileSync(backup!, 'utf8'), `${stub}\n`);
    assert.equal(document.getText(), original(LESSON).replace(stub, await solutionText()));
    assert.equal(document.isDirty, true, 'saved by the learner, not by us');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), original(LESSON));
    assert.equal(await putAnswer(lab(), document, exercise, stub), undefined, 'nothing to lose');
    await document.save();
  });
});
