import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from '../support/wait';
import { extension, lab, LESSON, run, workspaceFolder } from './lab';

describe('untrusted: a workspace that is not trusted', () => {
  before(async () => {
    await extension().activate();
  });

  it('is really not trusted', () => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  for (const [command, argument] of [
    ['runLesson', LESSON],
    ['openLessonModel', LESSON],
    ['resetLesson', LESSON],
    ['runModelFile', undefined],
  ] as const) {
    it(`refuses ${command}: nothing is written, nothing is started`, async () => {
      await run(command, argument);
      assert.equal(fs.existsSync(lab().root), false);
      assert.deepEqual(fs.readdirSync(workspaceFolder()), []);
    });
  }

  it('may read lessons, whose notebooks cannot be edited', async () => {
    await run('openLesson', LESSON);
    const file = path.join(extension().extensionPath, 'samples', LESSON, 'lesson.lab.md');
    // Which editor is active is told a moment after it is opened.
    const shown = await eventually(() => {
      const notebook = vscode.window.activeNotebookEditor?.notebook;
      return notebook?.uri.fsPath === file ? notebook : undefined;
    }, 'the notebook of the lesson');
    const before = shown.cellAt(0).document.getText();
    await vscode.commands.executeCommand('notebook.cell.edit');
    await vscode.commands.executeCommand('type', { text: 'x' });
    assert.equal(shown.cellAt(0).document.getText(), before);
    assert.equal(shown.isDirty, false);
    await vscode.commands.executeCommand('deepLearningLab.lessons.focus');
    await vscode.commands.executeCommand('deepLearningLab.runs.focus');
    assert.deepEqual(fs.readdirSync(workspaceFolder()), []);
  });

  it('may read a notebook in its folder, which cannot be edited and does not run', async () => {
    const file = path.join(workspaceFolder(), 'foreign.lab.md');
    fs.writeFileSync(file, '# Foreign\n\n```ts\n1 + 1\n```\n');
    await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
    const shown = await eventually(() => {
      const notebook = vscode.window.activeNotebookEditor?.notebook;
      return notebook?.uri.fsPath === file ? notebook : undefined;
    }, 'the notebook');
    const [, cell] = shown.getCells();
    const typed = async (): Promise<boolean> => {
      await vscode.commands.executeCommand('notebook.cell.edit');
      await vscode.commands.executeCommand('type', { text: 'x' });
      return shown.isDirty;
    };
    await eventually(async () => {
      if (!(await typed())) return true;
      await vscode.commands.executeCommand('undo');
      return undefined;
    }, 'it is read only');
    assert.equal(await typed(), false);
    // VS Code asks for trust first, and nobody answers.
    void vscode.commands.executeCommand('notebook.execute', shown.uri);
    await new Promise((resolve) => setTimeout(resolve, 2000));
    assert.equal(cell?.executionSummary?.timing, undefined);
    assert.deepEqual(cell?.outputs, []);
    fs.rmSync(file);
  });
});
