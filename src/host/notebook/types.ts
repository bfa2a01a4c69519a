import * as vscode from 'vscode';
import { TYPES_PLUGIN, type NotebookOrders } from '../../protocol/tsserver';
import type { App } from '../app/app';
import { NOTEBOOK_TYPE } from '../app/manifest';

/** VS Code's own extension for TypeScript, and of its API what is used: sends a configuration to a plugin of its server. */
const TYPESCRIPT = 'vscode.typescript-language-features';
interface TypescriptExports {
  getAPI(version: 0): { configurePlugin(plugin: string, configuration: NotebookOrders): void } | undefined;
}

/**
 * Tells the plugin of TypeScript's server which cells stand above which. Where VS Code has no TypeScript (it can be turned
 * off, and is in an untrusted workspace), cells have no types, and nothing else is missing.
 */
export class CellOrders implements vscode.Disposable {
  readonly #listeners: vscode.Disposable;
  /** Of other types, but run by the lab's kernel. */
  readonly #adopted = new WeakSet<vscode.NotebookDocument>();
  #told: Promise<unknown> = Promise.resolve();

  constructor(private readonly app: App) {
    this.#listeners = vscode.Disposable.from(
      vscode.workspace.onDidOpenNotebookDocument((notebook) => {
        if (this.#isOurs(notebook)) this.#tell();
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        if (this.#isOurs(notebook)) this.#tell();
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (contentChanges.length > 0 && this.#isOurs(notebook)) this.#tell();
      }),
    );
    if (vscode.workspace.notebookDocuments.some((notebook) => this.#isOurs(notebook))) this.#tell();
  }

  /** A notebook of another type, for instance `.ipynb`, is run by the lab's kernel, or no longer. */
  adopt(notebook: vscode.NotebookDocument, adopted: boolean): void {
    if (notebook.notebookType === NOTEBOOK_TYPE) return;
    if (adopted) this.#adopted.add(notebook);
    else this.#adopted.delete(notebook);
    this.#tell();
  }

  dispose(): void {
    this.#listeners.dispose();
  }

  #isOurs(notebook: vscode.NotebookDocument): boolean {
    return notebook.notebookType === NOTEBOOK_TYPE || this.#adopted.has(notebook);
  }

  /** One after the other, each with what is so when its turn comes. */
  #tell(): void {
    this.#told = this.#told
      .then(async () => {
        const extension = vscode.extensions.getExtension<TypescriptExports | undefined>(TYPESCRIPT);
        const api = (await extension?.activate())?.getAPI(0);
        api?.configurePlugin(TYPES_PLUGIN, { notebooks: this.#orders() });
      })
      .catch((error: unknown) => {
        this.app.log.warn(`TypeScript's server was not told of the cells: ${String(error)}`);
      });
  }

  #orders(): NotebookOrders['notebooks'] {
    const ours = vscode.workspace.notebookDocuments.filter((notebook) => this.#isOurs(notebook));
    // Whatever their language is: it can be changed, and the order stays.
    return Object.fromEntries(
      ours.map((notebook) => [notebook.uri.path, notebook.getCells().map(({ document }) => document.uri.fragment)]),
    );
  }
}
