/** Outputs come back when a notebook is opened again on the same machine. Those of `.ipynb` stand in the file. */
import * as vscode from 'vscode';
import type { App } from '../app/app';
import { NOTEBOOK_TYPE } from '../app/manifest';
import type { Kernels } from './kernels';

/** Cells that end one after the other are written once. */
const AFTER_MS = 500;

export function keepOutputs(app: App, kernels: Kernels): void {
  const timers = new Map<vscode.NotebookDocument, NodeJS.Timeout>();
  const write = async (notebook: vscode.NotebookDocument): Promise<void> => {
    const { OutputStore } = await import('../../client/notebook/store');
    await new OutputStore(app.lab()).write(notebook.uri.fsPath, kernels.kept(notebook));
  };
  const log = (error: unknown): void => {
    app.log.warn(`Outputs cannot be kept: ${String(error)}`);
  };
  const isKept = ({ notebookType, uri }: vscode.NotebookDocument): boolean =>
    notebookType === NOTEBOOK_TYPE && uri.scheme === 'file';
  app.lifetime.add(
    kernels.onDidEnd(({ notebook }) => {
      if (!isKept(notebook) || timers.has(notebook)) return;
      const timer = setTimeout(() => {
        timers.delete(notebook);
        write(notebook).catch(log);
      }, AFTER_MS);
      timers.set(notebook, timer);
    }),
  );
  app.lifetime.add(
    vscode.workspace.onDidCloseNotebookDocument((notebook) => {
      clearTimeout(timers.get(notebook));
      if (timers.delete(notebook)) write(notebook).catch(log);
    }),
  );
}

export async function restoreOutputs(app: App, kernels: Kernels, notebook: vscode.NotebookDocument): Promise<void> {
  if (notebook.notebookType !== NOTEBOOK_TYPE || !vscode.workspace.isTrusted) return;
  const { matched, OutputStore } = await import('../../client/notebook/store');
  const kept = await new OutputStore(app.lab()).read(notebook.uri.fsPath);
  const sources = notebook
    .getCells()
    .map(({ kind, document }) => (kind === vscode.NotebookCellKind.Code ? document.getText() : undefined));
  kernels.restore(notebook, matched(sources, kept));
}
