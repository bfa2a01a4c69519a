/**
 * Outputs come back when a notebook is opened again on the same machine; like its kernel they go by the name that it had
 * first. Those of `.ipynb` stand in the file.
 */
import * as vscode from 'vscode';
import type { App } from '../app/app';
import { NOTEBOOK_TYPE } from '../app/manifest';
import type { Kernels } from './kernels';

/** Cells that end one after the other are written once. */
const AFTER_MS = 500;

export function keepOutputs(app: App, kernels: Kernels): void {
  const waiting = new Map<vscode.NotebookDocument, { readonly timer: NodeJS.Timeout; readonly name: string }>();
  /** @param name as at the end of its cell: it may be renamed meanwhile */
  const write = async (notebook: vscode.NotebookDocument, name: string): Promise<void> => {
    waiting.delete(notebook);
    const { OutputStore } = await import('../../client/notebook/store');
    await new OutputStore(app.lab()).write(name, kernels.executions.kept(notebook));
  };
  const log = (error: unknown): void => {
    app.log.warn(`Outputs cannot be kept: ${String(error)}`);
  };
  const isKept = ({ notebookType, uri }: vscode.NotebookDocument): boolean =>
    notebookType === NOTEBOOK_TYPE && uri.scheme === 'file';
  app.lifetime.add(
    kernels.onDidEnd(({ notebook }) => {
      if (!isKept(notebook) || waiting.has(notebook)) return;
      const name = kernels.projectOf(notebook);
      const timer = setTimeout(() => {
        write(notebook, name).catch(log);
      }, AFTER_MS);
      waiting.set(notebook, { timer, name });
    }),
  );
  app.lifetime.add(
    // What is read under the new name is there then.
    vscode.workspace.onWillRenameFiles((event) => {
      const writes = [...waiting].map(([notebook, { timer, name }]) => {
        clearTimeout(timer);
        return write(notebook, name).catch(log);
      });
      event.waitUntil(Promise.all(writes));
    }),
  );
  app.lifetime.add(
    vscode.workspace.onDidCloseNotebookDocument((notebook) => {
      const last = waiting.get(notebook);
      if (last === undefined) return;
      clearTimeout(last.timer);
      write(notebook, last.name).catch(log);
    }),
  );
}

export async function restoreOutputs(app: App, kernels: Kernels, notebook: vscode.NotebookDocument): Promise<void> {
  if (notebook.notebookType !== NOTEBOOK_TYPE || !vscode.workspace.isTrusted) return;
  const { matched, OutputStore } = await import('../../client/notebook/store');
  const kept = await new OutputStore(app.lab()).read(kernels.projectOf(notebook));
  const sources = notebook
    .getCells()
    .map(({ kind, document }) => (kind === vscode.NotebookCellKind.Code ? document.getText() : undefined));
  kernels.executions.restore(notebook, matched(sources, kept));
}
