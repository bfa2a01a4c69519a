import type ts from 'typescript';
import type { NotebookOrders } from '../protocol/tsserver';
import { cellName, isLabNotebook, notebookFile } from './cellNames';
import { Notebook } from './notebook';

/** The notebooks that are open in a server. */
export class Notebooks {
  readonly #open = new Map<string, Notebook>();
  readonly #registry: ts.DocumentRegistry;
  #orders: NotebookOrders['notebooks'] = {};

  constructor(
    private readonly typescript: typeof ts,
    private readonly service: ts.server.ProjectService,
    private readonly options: ts.CompilerOptions,
  ) {
    // The lab's declarations are read once for all notebooks.
    this.#registry = typescript.createDocumentRegistry(
      service.host.useCaseSensitiveFileNames,
      service.host.getCurrentDirectory(),
    );
  }

  /** What the extension host says of the order of cells. */
  order({ notebooks }: Partial<NotebookOrders>): void {
    this.#orders = notebooks ?? this.#orders;
    for (const [name, notebook] of this.#open) {
      if (this.#cellsOf(name).length > 0) continue;
      notebook.dispose();
      this.#open.delete(name);
    }
  }

  /** Whether a file is a cell of one of the lab's notebooks. */
  has(file: string): boolean {
    const notebook = cellName(file)?.notebook;
    return notebook !== undefined && (isLabNotebook(notebook) || this.#orders[notebook] !== undefined);
  }

  /** The notebook of a cell, up to date. undefined: the file is no cell, or none of the lab's. */
  of(file: string): Notebook | undefined {
    const name = cellName(file);
    if (name === undefined || !this.has(file)) return undefined;
    const { notebook } = name;
    let found = this.#open.get(notebook);
    if (found === undefined) {
      found = new Notebook(this.typescript, this.service, notebookFile(name), this.options, this.#registry);
      this.#open.set(notebook, found);
    }
    found.refresh(this.#cellsOf(notebook), this.#orders[notebook]);
    return found;
  }

  /** Of all notebooks that have been worked in, up to date, those that use a file. */
  using(file: string): Notebook[] {
    const all = [...this.#open];
    return all.flatMap(([name, notebook]) => {
      notebook.refresh(this.#cellsOf(name), this.#orders[name]);
      return notebook.uses(file) ? [notebook] : [];
    });
  }

  #cellsOf(notebook: string): ts.server.ScriptInfo[] {
    const cells: ts.server.ScriptInfo[] = [];
    for (const path of this.service.openFiles.keys()) {
      if (!path.includes('vscode-notebook-cell')) continue;
      const info = this.service.getScriptInfoForPath(path);
      if (info !== undefined && cellName(info.fileName)?.notebook === notebook) cells.push(info);
    }
    return cells;
  }
}
