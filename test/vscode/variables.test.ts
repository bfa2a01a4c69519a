/** What the Variables view tells VS Code, and the page that shows a value. test/ui looks at both. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from '../../src/host/app/manifest';
import { ValueItem } from '../../src/host/notebook/variables/item';
import { eventually } from '../support/wait';
import { extension, run, workspaceFolder } from './lab';

const tabs = (): string[] => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));

describe('main: variables of a notebook', () => {
  const file = path.join(workspaceFolder(), 'variables.lab.md');

  before(async () => {
    await extension().activate();
    fs.writeFileSync(file, '```ts\nconst box = { list: [1, 2] };\n```\n');
  });
  after(async () => {
    await run('restartKernel', file);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fs.rmSync(file, { force: true });
  });

  it('one in the view has its value in a line, what a screen reader says, and a way to its parts', () => {
    const reference = { notebook: 'file:///a.lab.md', path: ['x'] as const, label: 'x' };
    const tensor = { name: 'x', type: 'Tensor', preview: 'Tensor [2, 3] float32', shape: [2, 3], dtype: 'float32' };
    const leaf = new ValueItem(reference, { ...tensor, bytes: 24, hasParts: false });
    assert.equal(leaf.label, 'x');
    assert.equal(leaf.description, 'Tensor [2, 3] float32 · 24 B');
    assert.equal(leaf.accessibilityInformation?.label, 'x, Tensor, Tensor [2, 3] float32, 24 B');
    assert.equal(leaf.collapsibleState, vscode.TreeItemCollapsibleState.None);
    const box = new ValueItem(reference, { name: 'x', type: 'Object', preview: '{}', hasParts: true });
    assert.equal(box.collapsibleState, vscode.TreeItemCollapsibleState.Collapsed);
    assert.deepEqual(box.part(2, 'loss'), { notebook: reference.notebook, path: ['x', 2], label: 'x.loss' });
    assert.equal(box.part(0, '7').label, 'x[7]');
  });

  it('its value is shown beside the notebook, in one page for all', async () => {
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), NOTEBOOK_TYPE);
    const notebook = await eventually(
      () => vscode.workspace.notebookDocuments.find(({ uri }) => uri.fsPath === file),
      'the notebook',
    );
    await vscode.commands.executeCommand('notebook.execute', notebook.uri);
    await eventually(() => (notebook.cellAt(0).executionSummary?.success ? true : undefined), 'its cell has run');
    const reference = { notebook: notebook.uri.toString(), path: ['box', 0], label: 'box.list' };
    await run('showValue', reference);
    await eventually(() => (tabs().includes('box.list') ? true : undefined), 'the value');
    assert.equal(vscode.window.activeNotebookEditor?.notebook.uri.fsPath, file, 'the focus stays');
    await run('showValue', { ...reference, path: ['box'], label: 'box' });
    await eventually(() => (tabs().includes('box') ? true : undefined), 'the other value');
    assert.ok(!tabs().includes('box.list'));
  });

  it('what is no reference to one, or to a notebook that is not open, is passed over', async () => {
    const before = tabs();
    await run('showValue');
    await run('showValue', { notebook: 'file:///nowhere.lab.md', path: ['x'], label: 'x' });
    assert.deepEqual(tabs(), before);
  });
});
