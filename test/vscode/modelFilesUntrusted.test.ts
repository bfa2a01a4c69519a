import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { extension, original } from './lab';

describe('untrusted: a model file in the editor', () => {
  let folder: string;
  let document: vscode.TextDocument;

  before(async () => {
    await extension().activate();
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lab-untrusted-')));
    const marker = path.join(folder, 'was-run');
    const file = path.join(folder, 'model.ts');
    fs.writeFileSync(
      file,
      `import fs from 'node:fs';\nfs.writeFileSync(${JSON.stringify(marker)}, '');\n${original()}`,
    );
    document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    fs.rmSync(folder, { recursive: true });
  });

  it('has lenses, and none that runs anything', async () => {
    const list = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    assert.deepEqual(
      list.map(({ command }) => command?.command),
      ['workbench.trust.manage', 'deepLearningLab.openPanel'],
    );
  });

  it('is not run for hints or problems', async () => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '// edited\n');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(await document.save());
    const range = new vscode.Range(0, 0, document.lineCount, 0);
    const hints = await vscode.commands.executeCommand<vscode.InlayHint[] | undefined>(
      'vscode.executeInlayHintProvider',
      document.uri,
      range,
    );
    assert.deepEqual(hints?.filter(({ label }) => JSON.stringify(label).includes('[null')) ?? [], []);
    // Longer than a pause in typing: what would have been started by then would have left its mark.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.deepEqual(fs.readdirSync(folder), ['model.ts']);
  });
});
