import type ts from 'typescript';
import { declarationsOf, type Declaration } from './declarations';
import { ending } from './ending';

const WORD = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu;

/**
 * A code cell as the language service is shown it: the text of the cell, so that every position in it stays what it is, and
 * behind it what connects the cell with the others.
 *
 *   <the cell>
 *   ;
 *   export { what it declares };
 *   import { what it uses of cells above } from "<that cell>";
 *
 * So each cell is a module, with top-level `await`; a name that is declared anew hides the older one; nothing is used before
 * it is declared; and going to a definition, references and renaming lead from cell to cell by themselves.
 */
export class Cell {
  /** Where the service finds it: beside the notebook, so that its imports mean the same files as at run time. */
  readonly file: string;
  readonly #typescript: typeof ts;
  #read = '';
  #text = '';
  #behind = '';
  #ending = '';
  #declarations: ReadonlyMap<string, Declaration> = new Map();
  #words: ReadonlySet<string> = new Set();
  #version = 0;

  /**
   * @param name the server's name of the cell
   * @param id the fragment of the cell's URI
   */
  constructor(
    typescript: typeof ts,
    readonly name: string,
    readonly id: string,
    notebook: string,
    readonly kind: ts.ScriptKind,
  ) {
    this.#typescript = typescript;
    this.file = `${notebook}#${id}${kind === typescript.ScriptKind.JS ? '.js' : '.ts'}`;
  }

  get text(): string {
    return this.#text;
  }

  get length(): number {
    return this.#text.length;
  }

  /** Where an import would be added: behind the last one of the cell's own, else at its beginning. */
  get endOfImports(): number {
    const { statements } = this.parse();
    return statements.findLast((statement) => this.#typescript.isImportDeclaration(statement))?.end ?? 0;
  }

  get declarations(): ReadonlyMap<string, Declaration> {
    return this.#declarations;
  }

  /** Changes with everything that the language service sees. */
  get version(): string {
    return String(this.#version);
  }

  /** Makes the service look at it anew. */
  touch(): void {
    this.#version++;
  }

  get snapshot(): ts.IScriptSnapshot {
    return this.#typescript.ScriptSnapshot.fromString(this.#text + this.#behind);
  }

  /** @returns whether it declares other names than before. */
  read(info: ts.server.ScriptInfo): { changed: boolean; declaresOthers: boolean } {
    const version = info.getLatestVersion();
    if (version === this.#read) return { changed: false, declaresOthers: false };
    this.#read = version;
    const snapshot = info.getSnapshot();
    this.#text = snapshot.getText(0, snapshot.getLength());
    this.#version++;
    this.#ending = ending(this.#typescript, this.#text, this.kind);
    this.#words = new Set(this.#text.match(WORD));
    const before = this.#declarations;
    this.#declarations = declarationsOf(this.#typescript, this.parse());
    return { changed: true, declaresOthers: !sameNames(before, this.#declarations) };
  }

  /** The cell alone. */
  parse(): ts.SourceFile {
    return this.#typescript.createSourceFile(
      this.file,
      this.#text,
      this.#typescript.ScriptTarget.Latest,
      false,
      this.kind,
    );
  }

  /**
   * @param above the names that the cells above declare, with the last cell that does
   * @param all whether all of them are to be offered, as completion wants it, not only those that occur in the cell
   */
  connect(above: ReadonlyMap<string, Cell>, all: boolean): void {
    const taken = new Map<Cell, string[]>();
    for (const name of all ? above.keys() : this.#words) {
      const from = above.get(name);
      if (from === undefined || this.#declarations.has(name)) continue;
      const names = taken.get(from);
      if (names === undefined) taken.set(from, [name]);
      else names.push(name);
    }
    const exported = [...this.#declarations].filter(([, declaration]) => !declaration.exported).map(([name]) => name);
    const imports = [...taken].map(
      ([{ file }, names]) => `import { ${names.join(', ')} } from ${JSON.stringify(file)};`,
    );
    const behind = `\n${this.#ending}\nexport { ${exported.join(', ')} };\n${imports.join('\n')}`;
    if (behind === this.#behind) return;
    this.#behind = behind;
    this.#version++;
  }
}

function sameNames(a: ReadonlyMap<string, Declaration>, b: ReadonlyMap<string, Declaration>): boolean {
  return a.size === b.size && [...a.keys()].every((name) => b.has(name));
}
