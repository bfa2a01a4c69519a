/** The names that VS Code and the server have for the document of a cell. */

export interface CellName {
  /** The path of the notebook's URI: `/home/ada/lesson.lab.md`, `/c:/lesson.lab.md`. */
  readonly notebook: string;
  /** The fragment of the cell's URI. */
  readonly cell: string;
}

/** `^/SCHEME/AUTHORITY/PATH#FRAGMENT`, as VS Code opens what is no file on disk; the server may put its own folder before. */
const CELL = /(?:^|\/)\^\/vscode-notebook-cell\/[^/]*(\/.+)#([^#]+)$/i;

/** undefined: no cell. */
export function cellName(file: string): CellName | undefined {
  const [, notebook, cell] = CELL.exec(file) ?? [];
  return notebook === undefined || cell === undefined ? undefined : { notebook, cell };
}

/** The notebook on disk. */
export function notebookFile({ notebook }: CellName): string {
  return /^\/[a-z]:\//i.test(notebook) ? notebook.slice(1) : notebook;
}

/** A notebook of the lab by its name; others are ours when the host says so. */
export function isLabNotebook(notebook: string): boolean {
  return notebook.toLowerCase().endsWith('.lab.md');
}

/**
 * In the order in which VS Code made the cells, which is that of the file until one is inserted or moved: fragments begin
 * with a number that sorts as text.
 */
export function byAge(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
