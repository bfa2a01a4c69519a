/** An exercise whose code stands in a cell of the lesson's notebook. */
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import { progressFile, readProgress } from '../../src/client/exercises/progress';
import { readExercises } from '../../src/client/exercises/definition';
import { itemsOf } from '../../src/host/exercises/cellItems';
import { exerciseIdOf } from '../../src/host/exercises/homes';
import type { Exercise, ExerciseProgress } from '../../src/protocol/exercise';
import { eventually } from '../support/wait';
import { answering } from './dialogs';
import { extension, lab, LESSON, run } from './lab';

const SOLUTION = 'function softmax(z: tf.Tensor2D): tf.Tensor {\n  return tf.softmax(z);\n}';

const progress = async (): Promise<ExerciseProgress | undefined> =>
  (await readProgress(progressFile(lab().own)))[`${LESSON}/softmax`];

describe('main: an exercise in a cell', () => {
  let notebook: vscode.NotebookDocument;
  let exercise: Exercise;

  const cell = (): vscode.NotebookCell => notebook.getCells().find((one) => exerciseIdOf(one) === 'softmax')!;
  const reasons = (): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(cell().document.uri).filter(({ code }) => code === exercise.title);
  const select = (index: number): void => {
    vscode.window.activeNotebookEditor!.selection = new vscode.NotebookRange(index, index + 1);
  };
  const items = (last: ExerciseProgress): string[] =>
    itemsOf(exercise, { progress: last, running: undefined, changed: false }).map(({ text }) => text);
  const type = async (text: string): Promise<void> => {
    const { document } = cell();
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };

  before(async () => {
    await extension().activate();
    await run('openLesson', LESSON);
    notebook = (await eventually(() => vscode.window.activeNotebookEditor, 'the notebook')).notebook;
    const folder = path.join(extension().extensionPath, 'samples', LESSON);
    [exercise] = (await readExercises({ id: LESSON, folder })).exercises as [Exercise];
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('is checked from its cell as it stands there, saved or not; the verdict is kept, and the reason underlined', async () => {
    await type('function softmax(z: tf.Tensor2D): tf.Tensor {\n  return tf.exp(z);\n}');
    select(cell().index);
    await run('checkExercise');
    const failed = await progress();
    assert.equal(failed?.last?.passed, false, JSON.stringify(failed));
    const reason = await eventually(() => reasons()[0], 'the reason in the cell');
    assert.equal(cell().document.getText(reason.range), 'softmax');
    assert.match(reason.message, /These are the exponentials alone/);
    const [state = '', why = '', check] = items(failed);
    assert.match(state, /0 of 3 checks passed/);
    assert.match(why, /^These are the exponentials alone/);
    assert.equal(check, 'Check');

    await type(SOLUTION);
    await run('checkExercise');
    const passed = await progress();
    assert.equal(passed?.last?.passed, true, JSON.stringify(passed?.last, null, 2));
    await eventually(() => (reasons().length === 0 ? true : undefined), 'no reason any more');
    assert.match(items(passed)[0] ?? '', /passed/);
    assert.ok(items(passed).includes('Solution'));
    assert.equal(notebook.isDirty, true, 'checking does not save');
  });

  it('says the line of the cell at which its code throws', async () => {
    await type('function softmax(z: tf.Tensor2D): tf.Tensor {\n  return nowhere(z);\n}');
    await run('checkExercise', { lesson: LESSON, exercise: 'softmax' });
    const { location } = (await progress())!.last!.checks[0]!;
    assert.deepEqual([location?.file, location?.line], [cell().document.uri.toString(), 2]);
  });

  it('is reset within its cell, and gets the cell back where it was deleted', async () => {
    const reset = async (): Promise<void> => {
      await answering({ press: 'Reset' }, () => run('resetExercise', { lesson: LESSON, exercise: 'softmax' }));
    };
    await reset();
    const stub = cell().document.getText();
    assert.match(stub, /return z;\n\}$/);
    const before = notebook.cellCount;
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(cell().index, cell().index + 1))]);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(notebook.cellCount, before - 1);
    await reset();
    assert.equal(notebook.cellCount, before);
    assert.equal(cell().index, before - 1);
    assert.equal(cell().document.getText(), stub);
  });
});
