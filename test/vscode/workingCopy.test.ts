import assert from 'node:assert/strict';
import fs from 'node:fs';
import * as vscode from 'vscode';
import { eventually } from '../support/wait';
import { lab, LESSON, modelFile, original, run, withEpochs } from './lab';

describe('main: working copies', () => {
  it('are never written over, whatever is opened', async () => {
    const own = await withEpochs(7);
    await run('openLessonModel', LESSON);
    assert.equal(fs.readFileSync(modelFile(), 'utf8'), own);
    assert.match(original(), /epochs: 60/, 'the lesson itself is as it was');
  });

  it('have types: no false error, and completion of layers', async () => {
    await withEpochs(3);
    const uri = vscode.Uri.file(modelFile());
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const end = document.positionAt(document.getText().length);
    const edit = new vscode.WorkspaceEdit();
    // One true error shows that the file was checked at all.
    edit.insert(uri, end, "\nexport const wrong: number = 'text';\ntf.layers.");
    await vscode.workspace.applyEdit(edit);
    const errors = await eventually(() => {
      const found = vscode.languages
        .getDiagnostics(uri)
        .filter(({ source, severity }) => source === 'ts' && severity === vscode.DiagnosticSeverity.Error);
      return found.some(({ message }) => message.includes("'string' is not assignable")) ? found : undefined;
    }, 'diagnostics of TypeScript');
    const last = document.lineCount - 1;
    assert.deepEqual(
      errors.filter(({ range }) => range.start.line < last - 1).map(({ message }) => message),
      [],
    );
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      document.lineAt(last).range.end,
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const name of ['dense', 'conv2d', 'dropout']) assert.ok(labels.includes(name), name);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  // VS Code shows no dialogs to a suite in its extension host; the answer "Reset" is tested in test/ui.
  it('are not reset while the question is unanswered', async () => {
    const own = await withEpochs(9);
    // Other tests of this window may have left some.
    const backups = (): string[] => (fs.existsSync(lab().backups) ? fs.readdirSync(lab().backups) : []);
    const before = backups();
    await run('resetLesson', LESSON);
    assert.equal(fs.readFileSync(modelFile(), 'utf8'), own);
    assert.deepEqual(backups(), before);
  });
});
