/** Runs in the extension host (`roundTripInVscode`): times cells, of our kernel and of one that does nothing, and writes the milliseconds of each into a file. */
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { EXTENSION_ID, NOTEBOOK_TYPE } from '../../src/host/app/manifest';
import { eventually } from '../support/wait';
import { NUMBERS_VARIABLE, type RoundTrips } from './row';

const ROUNDS = 100;
const WARM = 20;

export async function run(): Promise<void> {
  await vscode.extensions.getExtension(EXTENSION_ID)?.activate();
  const file = path.join(vscode.workspace.workspaceFolders![0]!.uri.fsPath, 'bench.lab.md');
  fs.writeFileSync(file, '```ts\nconst value: number = 21;\nvalue * 2\n```\n');
  const uri = vscode.Uri.file(file);
  await vscode.commands.executeCommand('vscode.openWith', uri, NOTEBOOK_TYPE);
  const notebook = await eventually(
    () => vscode.workspace.notebookDocuments.find((open) => open.uri.fsPath === file),
    'the notebook is open',
  );
  const lab = await times(notebook);
  await vscode.commands.executeCommand('deepLearningLab.restartKernel', file);
  const idle = idleController();
  await vscode.commands.executeCommand('notebook.selectKernel', { id: idle.id, extension: EXTENSION_ID });
  const bare = await times(notebook);
  idle.dispose();
  const numbers: RoundTrips = { lab, bare };
  fs.writeFileSync(process.env[NUMBERS_VARIABLE]!, JSON.stringify(numbers));
}

/** Milliseconds of each cell. */
async function times(notebook: vscode.NotebookDocument): Promise<number[]> {
  const found: number[] = [];
  for (let round = 1; round <= ROUNDS + WARM; round++) {
    const asked = performance.now();
    const cell = { ranges: [{ start: 0, end: 1 }], document: notebook.uri };
    await vscode.commands.executeCommand('notebook.cell.execute', cell);
    await ended(notebook.cellAt(0), round);
    if (round > WARM) found.push(performance.now() - asked);
  }
  return found;
}

/** Shows a text at once: what is left is VS Code's own share. */
function idleController(): vscode.NotebookController {
  const controller = vscode.notebooks.createNotebookController('bench', NOTEBOOK_TYPE, 'Idle');
  let order = 0;
  controller.supportsExecutionOrder = true;
  controller.executeHandler = ([cell]) => {
    const execution = controller.createNotebookCellExecution(cell!);
    execution.start(Date.now());
    void execution.clearOutput();
    void execution.appendOutput(new vscode.NotebookCellOutput([vscode.NotebookCellOutputItem.text('42')]));
    execution.executionOrder = ++order;
    execution.end(true, Date.now());
  };
  return controller;
}

/** Its end and its output are there. */
function ended(cell: vscode.NotebookCell, order: number): Promise<void> {
  const isOver = ({ executionSummary: summary, outputs }: vscode.NotebookCell): boolean =>
    summary?.executionOrder === order && summary.timing?.endTime !== undefined && outputs.length === 1;
  return new Promise((resolve) => {
    if (isOver(cell)) {
      resolve();
      return;
    }
    const listening = vscode.workspace.onDidChangeNotebookDocument(() => {
      if (!isOver(cell)) return;
      listening.dispose();
      resolve();
    });
  });
}
