import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { LabFolder } from '../../client/lessons/labFolder';
import { backupFolder } from '../../client/lessons/workingCopy';
import { makeFolderIn } from '../../files/folder';
import { LabError } from '../../protocol/errors';
import type { Exercise } from '../../protocol/exercise';
import { openLocation } from '../app/errors';

/**
 * Puts `answer` in the place of the exercise's declaration, as an edit that can be undone. What stood there is kept
 * among the backups as well.
 *
 * @returns the backup's path; undefined when there was nothing to lose.
 * @throws LabError EDIT_REFUSED when VS Code refuses the edit
 */
export async function putAnswer(
  lab: LabFolder,
  document: vscode.TextDocument,
  exercise: Exercise,
  answer: string,
): Promise<string | undefined> {
  const { answerIn, replaceAnswer } = await import('../../client/exercises/answer');
  const before = answerIn(document.getText(), exercise.name);
  if (before === answer) return undefined;
  const backup = before === undefined ? undefined : await keep(lab, exercise, before);
  // What was typed while the backup was written has moved the declaration.
  const change = replaceAnswer(document.getText(), exercise.name, answer);
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(change.start), document.positionAt(change.end));
  edit.replace(document.uri, range, change.text);
  if (!(await vscode.workspace.applyEdit(edit))) throw notWritten(document.uri.fsPath);
  await showAnswer(document, exercise);
  return backup;
}

/** Shows the document, a model file or a cell in its notebook, at the exercise. */
export async function showAnswer(document: vscode.TextDocument, exercise: Exercise): Promise<void> {
  const { declarationOf } = await import('../../client/exercises/answer');
  const { line, column } = declarationOf(document.getText(), exercise.name)?.nameRange.start ?? { line: 1, column: 1 };
  if (document.uri.scheme !== 'file') {
    await openLocation(document.uri.toString(), line, column);
    return;
  }
  const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One, preview: false });
  const position = new vscode.Position(line - 1, column - 1);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

function notWritten(file: string): LabError {
  return new LabError({
    code: 'EDIT_REFUSED',
    message: vscode.l10n.t('VS Code did not change {0}; it is as it was.', path.basename(file)),
    remedy: vscode.l10n.t('Close other editors of the file, and look whether it is read-only; then try again.'),
  });
}

async function keep(lab: LabFolder, exercise: Exercise, answer: string): Promise<string> {
  const folder = backupFolder(lab, exercise.lesson);
  await makeFolderIn(lab.base, folder);
  const file = path.join(folder, `${exercise.id}.ts`);
  await fs.writeFile(file, `${answer}\n`, { flag: 'wx' });
  return file;
}
