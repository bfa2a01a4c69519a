import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as vscode from 'vscode';
import { eventually } from '../support/wait';
import { EXTENSION_ID } from '../../src/host/app/manifest';
import { workspaceFolder } from './lab';

const NOTEBOOK = `# Types

\`\`\`ts
import { tf } from 'deep-learning-lab';
import { double } from './helper';
const model = tf.sequential();
await tf.ready();
\`\`\`

Prose between them.

\`\`\`ts
const wrong: string = double(model.layers.length);
model.
\`\`\`

\`\`\`js
const plain = model.name.
\`\`\`
`;

describe('main: types in the cells of a notebook', () => {
  const folder = (): string => path.join(workspaceFolder(), 'types');
  let notebook: vscode.NotebookDocument;
  const cell = (index: number): vscode.TextDocument => notebook.cellAt(index).document;
  const behind = (document: vscode.TextDocument, text: string): vscode.Position =>
    document.positionAt(document.getText().indexOf(text) + text.length);

  before(async () => {
    fs.mkdirSync(folder(), { recursive: true });
    fs.writeFileSync(path.join(folder(), 'helper.ts'), 'export const double = (x: number): number => 2 * x;\n');
    const file = path.join(folder(), 'types.lab.md');
    fs.writeFileSync(file, NOTEBOOK);
    notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fs.rmSync(folder(), { recursive: true, force: true });
  });

  async function names(document: vscode.TextDocument, text: string): Promise<string[]> {
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      behind(document, text),
    );
    return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  }

  it('complete what cells above made, in TypeScript and in JavaScript', async () => {
    await eventually(
      async () => ((await names(cell(3), 'model.')).includes('summary') ? true : undefined),
      'members',
      60,
    );
    await eventually(async () => ((await names(cell(4), 'name.')).includes('trim') ? true : undefined), 'members', 60);
  });

  it('say in a hover what a name of a cell above is', async () => {
    const text = await eventually(async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        cell(3).uri,
        behind(cell(3), 'mod'),
      );
      const texts = hovers.flatMap(({ contents }) =>
        contents.map((content) => (content as vscode.MarkdownString).value),
      );
      return texts.find((value) => value.includes('Sequential'));
    }, 'a hover');
    assert.match(text, /const model: (tf\.)?Sequential/);
  });

  it('show true errors and no false ones', async () => {
    const errors = (document: vscode.TextDocument): string[] =>
      vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
        .map(({ message }) => message);
    const right = ['Identifier expected.', "Type 'number' is not assignable to type 'string'."];
    // They come one after the other, and those of an earlier look stand until the next.
    await eventually(
      () => (isDeepStrictEqual(errors(cell(3)).sort(), right) && errors(cell(1)).length === 0 ? true : undefined),
      'the errors of a cell that uses the lesson’s file, and none of the cell above',
      60,
    );
  });

  it('follow the order of the notebook when a cell is put above', async () => {
    const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'const above = [1, 2];', 'typescript');
    const use = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, 'above.', 'typescript');
    const edit = new vscode.WorkspaceEdit();
    // The cell that uses the name is made first, so that their age says the opposite of their order.
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(notebook.cellCount, [use])]);
    assert.ok(await vscode.workspace.applyEdit(edit));
    const put = new vscode.WorkspaceEdit();
    put.set(notebook.uri, [vscode.NotebookEdit.insertCells(0, [data])]);
    assert.ok(await vscode.workspace.applyEdit(put));
    const last = cell(notebook.cellCount - 1);
    await eventually(async () => ((await names(last, 'above.')).includes('flatMap') ? true : undefined), 'members', 60);
  });
});

describe('main: types in a Jupyter notebook', () => {
  const file = (): string => path.join(workspaceFolder(), `types-${process.pid}.ipynb`);
  const cell = (source: string): object => ({
    cell_type: 'code',
    execution_count: null,
    metadata: { vscode: { languageId: 'typescript' } },
    outputs: [],
    source: [source],
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    fs.rmSync(file(), { force: true });
  });

  it('that the lab’s kernel runs know what cells above made', async () => {
    const cells = [cell("import { tf } from 'deep-learning-lab';\nconst model = tf.sequential();"), cell('model.')];
    fs.writeFileSync(file(), JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file()));
    await vscode.window.showNotebookDocument(notebook);
    await vscode.commands.executeCommand('notebook.selectKernel', {
      id: 'deep-learning-lab.jupyter-notebook',
      extension: EXTENSION_ID,
    });
    const { uri } = notebook.cellAt(1).document;
    await eventually(
      async () => {
        const list = await vscode.commands.executeCommand<vscode.CompletionList>(
          'vscode.executeCompletionItemProvider',
          uri,
          new vscode.Position(0, 'model.'.length),
        );
        return list.items.some(({ label }) => label === 'summary') ? true : undefined;
      },
      'members of the model',
      60,
    );
    // Problems found before the kernel was chosen stand until TypeScript's server has looked again.
    await eventually(
      () => (vscode.languages.getDiagnostics(notebook.cellAt(0).document.uri).length === 0 ? true : undefined),
      'no problems in the cell above',
      60,
    );
  });
});
