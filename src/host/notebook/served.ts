import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from '../app/manifest';

/** The notebooks that the lab's kernels run: its own, and those of other types whose user chose the lab's kernel. */
export class ServedNotebooks implements vscode.Disposable {
  readonly #chosen = new WeakSet<vscode.NotebookDocument>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;

  /** VS Code has one of the lab's kernels for a notebook, or no longer. */
  choose(notebook: vscode.NotebookDocument, chosen: boolean): void {
    if (chosen) this.#chosen.add(notebook);
    else this.#chosen.delete(notebook);
    if (notebook.notebookType !== NOTEBOOK_TYPE) this.#changed.fire();
  }

  has(notebook: vscode.NotebookDocument): boolean {
    return notebook.notebookType === NOTEBOOK_TYPE || this.#chosen.has(notebook);
  }

  /** One of ours that VS Code has no kernel for yet, as after a rename. */
  isWithoutKernel(notebook: vscode.NotebookDocument): boolean {
    return notebook.notebookType === NOTEBOOK_TYPE && !this.#chosen.has(notebook);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
