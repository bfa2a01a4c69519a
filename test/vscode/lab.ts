/** What the tests in the extension host share: the lab folder on disk, and lessons made short. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { EXTENSION_ID } from '../../src/host/app/manifest';
import { labFolderAt, type LabFolder } from '../../src/client/lessons/labFolder';
import { listRuns, type StoredRun } from '../../src/runFolder/runs';
import { eventually } from '../support/wait';

export const LESSON = 'neural-network';

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(EXTENSION_ID);
  assert.ok(found !== undefined, 'the extension is there');
  return found;
}

export function workspaceFolder(): string {
  return vscode.workspace.workspaceFolders![0]!.uri.fsPath;
}

export function lab(): LabFolder {
  return labFolderAt(path.join(workspaceFolder(), 'deep-learning-lab'));
}

export const modelFile = (lesson = LESSON): string => path.join(lab().root, lesson, 'model.ts');
export const original = (lesson = LESSON): string =>
  fs.readFileSync(path.join(extension().extensionPath, 'samples', lesson, 'model.ts'), 'utf8');

export async function run(command: string, ...args: unknown[]): Promise<void> {
  await vscode.commands.executeCommand(`deepLearningLab.${command}`, ...args);
}

/** Makes the working copy and sets how many epochs it trains. */
export async function withEpochs(epochs: number, lesson = LESSON): Promise<string> {
  if (!fs.existsSync(modelFile(lesson))) await run('openLessonModel', lesson);
  const text = original(lesson);
  const changed = text.replace(/epochs: \d+/, `epochs: ${String(epochs)}`);
  assert.notEqual(changed, text);
  await write(modelFile(lesson), changed);
  return changed;
}

/** Through the editor, as a learner does, and saved. */
export async function write(file: string, text: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(file);
  await fromDisk(document);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
  assert.ok(await vscode.workspace.applyEdit(edit));
  // False where VS Code was about to save it itself.
  await document.save();
  await eventually(() => (document.isDirty ? undefined : true), 'the file saved');
}

/** VS Code refuses to save over a file that a test wrote behind its back, until it has read it again. */
async function fromDisk(document: vscode.TextDocument): Promise<void> {
  const same = (): boolean => document.getText() === fs.readFileSync(document.uri.fsPath, 'utf8');
  if (document.isDirty || same()) return;
  await vscode.window.showTextDocument(document);
  await vscode.commands.executeCommand('workbench.action.files.revert');
  await eventually(() => (same() ? true : undefined), 'the file as it is on disk');
}

export async function runs(): Promise<readonly StoredRun[]> {
  return (await listRuns(lab().runs)).runs;
}

/** A command that begins a run, and the run it made. */
export async function newRun(begin: () => Promise<unknown>): Promise<StoredRun> {
  const before = new Set((await runs()).map(({ folder }) => folder));
  // It resolves once the run trains; a model file that is broken may end it earlier.
  await begin();
  return await eventually(async () => (await runs()).find(({ folder }) => !before.has(folder)), 'a new run');
}

/** The run as it is when it satisfies. */
export async function until(folder: string, wanted: (run: StoredRun) => boolean, what: string): Promise<StoredRun> {
  return await eventually(
    async () => (await runs()).find((candidate) => candidate.folder === folder && wanted(candidate)),
    what,
  );
}

export const ended = (folder: string): Promise<StoredRun> =>
  until(folder, ({ record }) => record.end !== undefined, 'the end of the run');
