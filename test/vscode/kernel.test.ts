/** Cells in the real VS Code, by its own commands. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from '../../src/host/app/manifest';
import { eventually } from '../support/wait';
import { createRandom } from '../../src/lab/random';
import { seedOfRun, some } from '../support/sample';
import { extension, run, runs, workspaceFolder } from './lab';

const cells = (...sources: string[]): string => sources.map((source) => `\`\`\`ts\n${source}\n\`\`\`\n`).join('\n');

describe('main: a kernel', function () {
  this.timeout(180_000);
  let file: string;

  before(async () => {
    await extension().activate();
  });
  beforeEach(() => {
    file = path.join(workspaceFolder(), `kernel-${Date.now().toString(36)}.lab.md`);
  });
  afterEach(async () => {
    await run('restartKernel', file);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    fs.rmSync(file, { force: true });
  });

  async function open(text: string): Promise<vscode.NotebookDocument> {
    if (text !== '') fs.writeFileSync(file, text);
    // Not by openNotebookDocument, which holds the document for minutes.
    await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), NOTEBOOK_TYPE);
    return await eventually(
      () => vscode.workspace.notebookDocuments.find(({ uri, isClosed }) => uri.fsPath === file && !isClosed),
      'the notebook is open',
    );
  }
  const texts = (cell: vscode.NotebookCell): string[] =>
    cell.outputs.map(({ items }) => {
      const item = items.find(({ mime }) => mime === 'text/plain') ?? items[0]!;
      return items.length === 1
        ? items.map(({ data }) => new TextDecoder().decode(data)).join('')
        : new TextDecoder().decode(item.data);
    });
  const ended = (cell: vscode.NotebookCell): Promise<vscode.NotebookCellExecutionSummary> =>
    eventually(
      () => (cell.executionSummary?.timing?.endTime === undefined ? undefined : cell.executionSummary),
      'the cell has ended',
      120,
    );
  const execute = (start: number): Thenable<unknown> =>
    vscode.commands.executeCommand('notebook.cell.execute', {
      ranges: [{ start, end: start + 1 }],
      document: vscode.Uri.file(file),
    });
  const executeAll = (): Thenable<unknown> => vscode.commands.executeCommand('notebook.execute', vscode.Uri.file(file));

  it('runs all cells in one scope, with order, times and results', async () => {
    const notebook = await open(cells('const a: number = 20; console.log("printed")', 'a + 1', 'a > 3'));
    await executeAll();
    const summaries = await Promise.all(notebook.getCells().map(ended));
    assert.deepEqual(
      summaries.map(({ success, executionOrder }) => [success, executionOrder]),
      [
        [true, 1],
        [true, 2],
        [true, 3],
      ],
    );
    assert.deepEqual(notebook.getCells().map(texts), [['printed\n'], ['21'], ['true']]);
    assert.equal(notebook.isDirty, false);
  });

  it('a cell that fails shows where, and those after it are not run', async () => {
    const notebook = await open(cells('const f = () => {\n  throw new RangeError("out of it")\n}', 'f()', '"never"'));
    await executeAll();
    const [, second, third] = notebook.getCells();
    assert.equal((await ended(second!)).success, false);
    await eventually(() => (third!.executionSummary?.timing === undefined ? true : undefined), 'the third is not run');
    const { stack } = JSON.parse(texts(second!)[0]!) as { stack: string };
    assert.match(stack, /^RangeError: out of it\nCell In\[1\], line 2\nCell In\[2\], line 1\n/);
    assert.deepEqual(texts(third!), []);
  });

  it('an interrupt leaves what is awaited and ends a loop; the scope is kept, or its loss is said', async () => {
    const waits = "let kept = 7; console.log('runs'); await new Promise(() => {})";
    const loops = "console.log('runs'); await new Promise((resolve) => setTimeout(resolve, 500)); for (;;) {}";
    const notebook = await open(cells(waits, loops, 'kept'));
    for (const index of [0, 1]) {
      const cell = notebook.cellAt(index);
      const done = execute(index);
      await eventually(() => (texts(cell).join().includes('runs') ? true : undefined), 'it runs', 120);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await vscode.commands.executeCommand('notebook.cancelExecution', undefined, vscode.Uri.file(file));
      await done;
      assert.notEqual(cell.executionSummary?.success, true);
    }
    await execute(2);
    const third = notebook.cellAt(2);
    await ended(third);
    // Code that does not return is ended with its process where nothing else helps.
    if (texts(third)[0] === '7') return;
    assert.match(texts(third)[0] ?? '', /kept is not defined/);
    const told = [0, 1].map((index) => texts(notebook.cellAt(index)).join());
    assert.ok(
      told.some((text) => text !== 'runs\n'),
      'the loss is said',
    );
  });

  it('outputs come back when the notebook is opened again, and the scope is still there', async () => {
    let notebook = await open(cells('const there = 5; there', 'there * 2'));
    await execute(0);
    await ended(notebook.cellAt(0));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await eventually(() => (notebook.isClosed ? true : undefined), 'it is closed', 30);
    notebook = await open('');
    await eventually(() => (texts(notebook.cellAt(0)).length > 0 ? true : undefined), 'its output is there', 30);
    assert.deepEqual(texts(notebook.cellAt(0)), ['5']);
    assert.equal(notebook.isDirty, false);
    await execute(1);
    await ended(notebook.cellAt(1));
    assert.deepEqual(texts(notebook.cellAt(1)), ['10']);
  });

  const VICTIMS = {
    'a cell that waits': 'await new Promise(() => {})',
    'a loop that does not end': 'for (;;) {}',
    'a training': [
      "import { datasets, experiment, losses, tf, train } from 'deep-learning-lab';",
      'await train(experiment({',
      "  title: 'Killed', data: datasets.circles(), epochs: 10_000, batchSize: 32, optimizer: () => tf.train.sgd(0.1), loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),",
      '  model: ({ inputShape, classes }) => tf.sequential({ layers: [tf.layers.dense({ inputShape, units: classes })] }),',
      '}))',
    ].join('\n'),
    'a cell that prints': 'for (;;) { console.log("line"); await new Promise((resolve) => setTimeout(resolve, 1)) }',
    nothing: '',
  };
  const random = createRandom(seedOfRun() ?? 1);
  const kills = Object.keys(VICTIMS).flatMap((name) =>
    [0, 100, 2500, 2500].map((most) => ({ name, after: random.next() * most })),
  );
  it('killed by -9 at any moment fails its cell with the reason, and the next cell has a fresh kernel', async () => {
    const notebook = await open(cells('process.pid', 'replaced'));
    for (const { name, after } of some(kills, 3)) {
      const what = `${name} after ${after.toFixed(0)} ms`;
      const pid = Number(await resultOf(notebook, 0));
      const victims = VICTIMS[name as keyof typeof VICTIMS];
      // It may die before the cell has come to it: then the cell has a fresh one, as it should.
      const fresh = `if (process.pid !== ${pid}) throw new Error('a fresh one');\n`;
      const source = victims === '' ? '' : fresh + victims;
      const [, victim] = notebook.getCells();
      const edit = new vscode.WorkspaceEdit();
      edit.replace(victim!.document.uri, new vscode.Range(0, 0, victim!.document.lineCount, 0), source);
      assert.ok(await vscode.workspace.applyEdit(edit));
      const before = (await runs()).length;
      const done = source === '' ? undefined : execute(1);
      await new Promise((resolve) => setTimeout(resolve, after));
      process.kill(pid, 'SIGKILL');
      if (done !== undefined) {
        await done;
        assert.equal((await ended(victim!)).success, false, what);
        const error = victim!.outputs.flatMap(({ items }) => items).find(({ mime }) => mime.endsWith('notebook.error'));
        const text = new TextDecoder().decode(error?.data);
        assert.match(text, /TRAINER_DIED|a fresh one/, `${what}: ${text}`);
      }
      // Of one that was idle nobody may have heard yet: then this cell is the one that is told.
      await execute(0);
      assert.notEqual(Number(await resultOf(notebook, 0)), pid, what);
      // No run is left as if it trained, and none is lost.
      const all = await runs();
      assert.ok(all.length >= before);
      assert.deepEqual(
        all.filter(({ record }) => record.title === 'Killed').filter(({ record }) => record.state !== 'interrupted'),
        [],
        what,
      );
    }
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }).timeout(600_000);

  async function resultOf(notebook: vscode.NotebookDocument, index: number): Promise<string> {
    await execute(index);
    const cell = notebook.cellAt(index);
    const { success } = await ended(cell);
    assert.equal(success, true, texts(cell).join());
    return texts(cell)[0] ?? '';
  }

  it('a rename while a cell runs loses neither the cell, nor the scope, nor what others have shown', async () => {
    const wait =
      "while (!fs.existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 50)); fs.rmSync('go');";
    let notebook = await open(
      cells("import fs from 'node:fs'; 'shown'", `let kept = 7; console.log('begun'); ${wait} kept`, 'kept += 1'),
    );
    await execute(0);
    await ended(notebook.cellAt(0));
    const running = execute(1);
    await eventually(() => (texts(notebook.cellAt(1)).length > 0 ? true : undefined), 'the cell has begun');
    const before = file;
    file = file.replace('.lab.md', '-renamed.lab.md');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(vscode.Uri.file(before), vscode.Uri.file(file));
    assert.ok(await vscode.workspace.applyEdit(edit));
    notebook = await open('');
    assert.equal(fs.existsSync(before), false);
    const [first, second, third] = notebook.getCells();
    await eventually(() => (texts(second!)[0] === 'begun\n' ? true : undefined), 'it goes on under its new name');
    await eventually(() => (texts(first!)[0] === 'shown' ? true : undefined), 'what was shown is there');
    fs.writeFileSync(path.join(workspaceFolder(), 'go'), '');
    assert.equal((await ended(second!)).success, true);
    assert.deepEqual(texts(second!), ['begun\n', '7']);
    await running;
    await execute(2);
    assert.equal((await ended(third!)).success, true);
    assert.deepEqual(texts(third!), ['8']);
  });
});
