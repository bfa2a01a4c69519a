import * as vscode from 'vscode';
import { TYPES_PLUGIN, type NotebookOrders } from '../../protocol/tsserver';
import type { App } from '../app/app';
import type { ServedNotebooks } from './served';

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
  #told: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly app: App,
    private readonly served: ServedNotebooks,
  ) {
    this.#listeners = vscode.Disposable.from(
      served.onDidChange(() => {
        this.#tell();
      }),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => {
        if (this.served.has(notebook)) this.#tell();
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        if (this.served.has(notebook)) this.#tell();
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (contentChanges.length > 0 && this.served.has(notebook)) this.#tell();
      }),
    );
    if (vscode.workspace.notebookDocuments.some((notebook) => this.served.has(notebook))) this.#tell();
  }

  dispose(): void {
    this.#listeners.dispose();
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
    const ours = vscode.workspace.notebookDocuments.filter((notebook) => this.served.has(notebook));
    // Whatever their language is: it can be changed, and the order stays.
    return Object.fromEntries(
      ours.map((notebook) => [notebook.uri.path, notebook.getCells().map(({ document }) => document.uri.fragment)]),
    );
  }
}
