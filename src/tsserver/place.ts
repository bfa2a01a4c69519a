import type ts from 'typescript';
import type { Cell } from './cell';
import type { Declaration } from './declarations';
import type { Notebook } from './notebook';
import { outward } from './outward';

/** TypeScript leaves it out where the alias of a function is called. */
function keyword({ kind }: Declaration, parts: readonly ts.SymbolDisplayPart[]): ts.SymbolDisplayPart[] {
  const name: string = kind;
  if (name !== 'function' || parts[0]?.text === name) return [];
  return [
    { text: 'function', kind: 'keyword' },
    { text: ' ', kind: 'space' },
  ];
}

/** A cell that something is asked of, and what its answers have to look like. */
export class Place {
  constructor(
    readonly notebook: Notebook,
    readonly cell: Cell,
  ) {}

  get language(): ts.LanguageService {
    return this.notebook.language;
  }

  /** The name of the cell in the notebook's service. */
  get file(): string {
    return this.cell.file;
  }

  outward<T>(answer: T): T {
    return outward(this.notebook, answer, this.cell);
  }

  textOf({ start, length }: ts.TextSpan): string {
    return this.cell.text.slice(start, start + length);
  }

  /** What a name is in the cells above, when it comes from there. */
  above(name: string): Declaration | undefined {
    return this.notebook.above(this.cell, name);
  }

  /** Nothing is imported from a cell: what is above is known. */
  preferences<T extends ts.UserPreferences>(preferences: T | undefined): T {
    const others = preferences?.autoImportFileExcludePatterns ?? [];
    return { ...preferences, autoImportFileExcludePatterns: [...others, `${this.notebook.file}#*`] } as T;
  }

  /** A name of a cell above is what it is there, not an import. */
  entry(entry: ts.CompletionEntry): ts.CompletionEntry {
    const above = entry.source === undefined ? this.above(entry.name) : undefined;
    return above === undefined ? entry : { ...entry, kind: above.kind };
  }

  /** The same of a hover: "(alias) const x: number" and "import x" become "const x: number". */
  unaliased<T extends Pick<ts.QuickInfo, 'kind' | 'displayParts'>>(name: string, info: T): T {
    const above = this.above(name);
    const parts = info.displayParts ?? [];
    const alias = parts.slice(0, 3).map(({ text }) => text);
    if (above === undefined || alias.join('') !== '(alias)') return info;
    const line = parts.findLastIndex(({ text }) => text === 'import');
    const rest = parts.slice(alias.length + 1, line === -1 ? undefined : line - 1);
    return { ...info, kind: above.kind, displayParts: [...keyword(above, rest), ...rest] };
  }

  /** What is found behind a cell is the way from one cell to the next, and belongs to the declaration it leads to. */
  references(found: readonly ts.ReferencedSymbol[] | undefined): ts.ReferencedSymbol[] | undefined {
    const symbols = found?.map((symbol) => this.outward(symbol)) as Partial<ts.ReferencedSymbol>[] | undefined;
    const main = symbols?.find((symbol) => symbol.definition !== undefined)?.definition;
    if (symbols === undefined || main === undefined) return undefined;
    return symbols.map(({ definition = main, references = [] }) => ({ definition, references }));
  }

  diagnostics<T extends ts.Diagnostic>(found: readonly T[]): T[] {
    const { length } = this.cell;
    return found.flatMap((diagnostic) => {
      const { start = 0, relatedInformation } = diagnostic;
      if (start > length) return [];
      const related = relatedInformation?.flatMap((information) => this.#related(information));
      return [
        {
          ...diagnostic,
          length: Math.min(diagnostic.length ?? 0, length - start),
          ...(related === undefined ? {} : { relatedInformation: related }),
        },
      ];
    });
  }

  #related(information: ts.DiagnosticRelatedInformation): ts.DiagnosticRelatedInformation[] {
    const { file, start = 0 } = information;
    const cell = file && this.notebook.cellOf(file.fileName);
    if (file === undefined || cell === undefined) return [information];
    if (start > cell.length) return [];
    const named = Object.create(file, { fileName: { value: cell.name } }) as ts.SourceFile;
    return [{ ...information, file: named }];
  }
}
