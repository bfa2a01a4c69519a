import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from '../../src/host/app/manifest';
import { eventually } from '../support/wait';
import { answering } from './dialogs';
import { extension, lab, LESSON, run, workspaceFolder } from './lab';

const { Code, Markup } = vscode.NotebookCellKind;

const TEXT =
  '\uFEFF---\r\ntitle: A\r\n---\r\n# A\r\n\r\nText\n```ts  {x}\r\nconst a = 1;\r\n\t~~~\r\n``\r\n```  \r\n\r\n\r\n\r\n~~~js\r\n~~~';

describe('main: notebooks', () => {
  let file: string;

  before(async () => {
    await extension().activate();
  });
  beforeEach(() => {
    file = path.join(workspaceFolder(), `test-${Date.now().toString(36)}.lab.md`);
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    fs.rmSync(file, { force: true });
  });

  async function open(content: string | Uint8Array): Promise<vscode.NotebookDocument> {
    fs.writeFileSync(file, content);
    const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.file(file));
    await vscode.window.showNotebookDocument(notebook);
    return notebook;
  }
  const replace = async (notebook: vscode.NotebookDocument, index: number, text: string): Promise<void> => {
    const { document } = notebook.cellAt(index);
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, new vscode.Range(0, 0, document.lineCount, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };
  const insert = async (
    notebook: vscode.NotebookDocument,
    at: number,
    cell: vscode.NotebookCellData,
  ): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(at, [cell])]);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };

  it('a file opens as cells and is clean', async () => {
    const notebook = await open(TEXT);
    assert.equal(notebook.notebookType, NOTEBOOK_TYPE);
    const text = (cell: vscode.NotebookCell): string => cell.document.getText().replace(/\r\n/g, '\n');
    assert.deepEqual(
      notebook.getCells().map((cell) => [cell.kind, cell.document.languageId, text(cell)]),
      [
        [Markup, 'markdown', '# A\n\nText'],
        [Code, 'typescript', 'const a = 1;\n\t~~~\n``'],
        [Code, 'javascript', ''],
      ],
    );
    assert.equal(notebook.isDirty, false);
  });

  it('a save after an edit that is taken back gives the same bytes', async () => {
    const notebook = await open(TEXT);
    await insert(notebook, 1, new vscode.NotebookCellData(Code, 'x', 'typescript'));
    assert.ok(await notebook.save());
    assert.notEqual(fs.readFileSync(file, 'utf8'), TEXT);
    const edit = new vscode.WorkspaceEdit();
    edit.set(notebook.uri, [vscode.NotebookEdit.deleteCells(new vscode.NotebookRange(1, 2))]);
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.ok(await notebook.save());
    assert.equal(fs.readFileSync(file, 'utf8'), TEXT);
  });

  it('an edit changes the bytes of its cell alone', async () => {
    const notebook = await open(TEXT);
    await replace(notebook, 1, 'const b = 2;');
    assert.ok(notebook.isDirty);
    assert.ok(await notebook.save());
    assert.equal(fs.readFileSync(file, 'utf8'), TEXT.replace('const a = 1;\r\n\t~~~\r\n``', 'const b = 2;'));
  });

  it('a cell that is added is read again as it was', async () => {
    const notebook = await open(TEXT);
    await insert(notebook, 1, new vscode.NotebookCellData(Code, '`\n````\n', 'javascript'));
    await insert(notebook, 1, new vscode.NotebookCellData(Markup, 'more', 'markdown'));
    assert.ok(await notebook.save());
    await vscode.commands.executeCommand('workbench.action.files.revert');
    assert.deepEqual(
      notebook
        .getCells()
        .map(({ document }) => document.getText().replace(/\r\n/g, '\n'))
        .slice(1, 3),
      ['more', '`\n````\n'],
    );
  });

  it('outputs make nothing dirty and are not in the file', async () => {
    const notebook = await open(TEXT);
    const controller = vscode.notebooks.createNotebookController('test.outputs', NOTEBOOK_TYPE, 'Test');
    try {
      controller.updateNotebookAffinity(notebook, vscode.NotebookControllerAffinity.Preferred);
      controller.executeHandler = async (cells) => {
        for (const cell of cells) {
          const execution = controller.createNotebookCellExecution(cell);
          execution.start();
          await execution.replaceOutput(new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.text('shown')]));
          execution.end(true);
        }
      };
      await vscode.commands.executeCommand('notebook.selectKernel', { id: 'test.outputs', extension: extension().id });
      await vscode.commands.executeCommand('notebook.execute');
      await eventually(() => (notebook.cellAt(1).outputs.length > 0 ? true : undefined), 'an output');
      assert.equal(notebook.isDirty, false);
      assert.equal(fs.readFileSync(file, 'utf8'), TEXT);
    } finally {
      controller.dispose();
    }
  });

  it('a file that is no UTF-8 is told as such, and stays as it is', async () => {
    const bytes = Uint8Array.from([0x61, 0x0a, 0xff, 0x0a]);
    await assert.rejects(open(bytes), /line 2 is not UTF-8 text/);
    assert.deepEqual(Uint8Array.from(fs.readFileSync(file)), bytes);
  });

  it('an empty file is an empty notebook', async () => {
    const notebook = await open('');
    assert.equal(notebook.cellCount, 0);
    await insert(notebook, 0, new vscode.NotebookCellData(Code, '1', 'typescript'));
    assert.ok(await notebook.save());
    assert.equal(fs.readFileSync(file, 'utf8'), '```ts\n1\n```\n');
  });

  it('Open Lesson makes the working copy and shows its notebook on the left', async () => {
    await run('openLesson', LESSON);
    const shown = await eventually(() => vscode.window.activeNotebookEditor, 'the notebook');
    assert.equal(shown.notebook.uri.fsPath, path.join(lab().root, LESSON, 'lesson.lab.md'));
    assert.equal(shown.viewColumn, vscode.ViewColumn.One);
    assert.ok(fs.existsSync(path.join(lab().root, LESSON, 'model.ts')));
  });

  it('New Lab Notebook begins with a title, a sentence and a cell that imports the lab', async () => {
    await run('newNotebook');
    const notebook = (await eventually(() => vscode.window.activeNotebookEditor, 'the notebook')).notebook;
    assert.ok(notebook.isUntitled);
    assert.match(notebook.uri.path, /\.lab\.md$/);
    assert.equal(notebook.notebookType, NOTEBOOK_TYPE);
    assert.match(notebook.cellAt(0).document.getText(), /^# .+\n\n.+/);
    assert.match(notebook.cellAt(1).document.getText(), /from 'deep-learning-lab'/);
    assert.equal(notebook.cellAt(1).document.languageId, 'typescript');
  });

  it('Export Notebook writes what the editor shows, also what is not saved', async () => {
    const notebook = await open('# Title\n\n```ts\n1\n```\n');
    await replace(notebook, 1, 'const typed = 2;');
    const target = `${file}.html`;
    try {
      await answering({ save: target }, () => run('exportNotebook'));
      const page = fs.readFileSync(target, 'utf8');
      assert.match(page, /<title>Title<\/title>/);
      assert.match(page, /const typed = 2;/);
    } finally {
      fs.rmSync(target, { force: true });
    }
  });
});
