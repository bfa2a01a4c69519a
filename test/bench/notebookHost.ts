/** Runs in the extension host (`roundTripInVscode`): times cells, and writes the milliseconds of each into a file. */
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { EXTENSION_ID, NOTEBOOK_TYPE } from '../../src/host/app/manifest';
import { eventually } from '../support/wait';
import { NUMBERS_VARIABLE } from './row';

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
  const times: number[] = [];
  for (let round = 1; round <= ROUNDS + WARM; round++) {
    const asked = performance.now();
    await vscode.commands.executeCommand('notebook.cell.execute', { ranges: [{ start: 0, end: 1 }], document: uri });
    await ended(notebook.cellAt(0), round);
    if (round > WARM) times.push(performance.now() - asked);
  }
  await vscode.commands.executeCommand('deepLearningLab.restartKernel', file);
  fs.writeFileSync(process.env[NUMBERS_VARIABLE]!, JSON.stringify(times));
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
