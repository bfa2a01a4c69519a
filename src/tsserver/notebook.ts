import type ts from 'typescript';
import { Cell } from './cell';
import { byAge, cellName } from './cellNames';
import type { Declaration } from './declarations';

/** The declarations of packages and of the lab are not edited while somebody works. */
const LASTING = /\/node_modules\/|\.d\.ts$/;

/** Of a folder that holds more, some have to be imported by hand. */
const MOST_FILES = 50;

/** One notebook, with a language service of its own: its cells, the lesson's files and the lab's declarations. */
export class Notebook {
  readonly language: ts.LanguageService;
  readonly #byName = new Map<string, Cell>();
  readonly #byFile = new Map<string, Cell>();
  #cells: readonly Cell[] = [];
  /** The cell that offers all names of the cells above. */
  #writing: Cell | undefined;
  #deep = false;
  #inferred: ts.Program | undefined;
  #checkJs: boolean | undefined;
  #folder: { changed?: number | undefined; files: readonly string[] } = { files: [] };
  readonly #snapshots = new Map<string, { readonly version: string; readonly snapshot: ts.IScriptSnapshot }>();
  /** Relative imports that led nowhere, of each file. */
  readonly #unresolved = new Map<string, readonly string[]>();

  constructor(
    private readonly typescript: typeof ts,
    private readonly service: ts.server.ProjectService,
    /** The file on disk. */
    readonly file: string,
    private readonly options: ts.CompilerOptions,
    registry: ts.DocumentRegistry,
  ) {
    this.language = typescript.createLanguageService(this.#host(), registry);
  }

  /**
   * What is inferred from what is inferred from … through hundreds of cells is too deep for TypeScript's recursion. Then each
   * cell is inferred before the cells below it, and the question is asked again.
   */
  ask<T>(question: (language: ts.LanguageService) => T): T {
    if (this.#deep) this.#infer();
    try {
      return question(this.language);
    } catch (error) {
      if (!(error instanceof RangeError) || this.#deep) throw error;
      this.#deep = true;
      // Another program, for what the old one was doing is half done.
      this.#cells[0]?.touch();
      this.#infer();
      return question(this.language);
    }
  }

  #infer(): void {
    const program = this.language.getProgram();
    if (program === undefined || program === this.#inferred) return;
    this.#inferred = program;
    const checker = program.getTypeChecker();
    for (const { file } of this.#cells) {
      const source = program.getSourceFile(file);
      const cell = source && checker.getSymbolAtLocation(source);
      if (cell === undefined) continue;
      for (const symbol of checker.getExportsOfModule(cell)) {
        for (const signature of checker.getTypeOfSymbol(symbol).getCallSignatures()) signature.getReturnType();
      }
    }
  }

  dispose(): void {
    this.language.dispose();
  }

  /** @param name the server's name of a cell */
  cell(name: string): Cell | undefined {
    return this.#byName.get(name);
  }

  /** @param file what the language service has for a cell */
  cellOf(file: string): Cell | undefined {
    return this.#byFile.get(file);
  }

  /** The server counts the lines of a file that it is led to, and has to know it for that. */
  makeKnown(file: string): void {
    this.service.getOrCreateScriptInfoForNormalizedPath(this.typescript.server.toNormalizedPath(file), false);
  }

  uses(file: string): boolean {
    return this.language.getProgram()?.getSourceFile(file) !== undefined;
  }

  /** What a name is in the cells above a cell, where the cell itself declares none. */
  above(cell: Cell, name: string): Declaration | undefined {
    if (cell.declarations.has(name)) return undefined;
    const above = this.#cells.slice(0, this.#cells.indexOf(cell));
    return above.findLast(({ declarations }) => declarations.has(name))?.declarations.get(name);
  }

  /** From now on the cell knows every name of the cells above, not only those that it has. Others do not: there may be many. */
  writeIn(cell: Cell): void {
    if (this.#writing === cell) return;
    this.#writing = cell;
    this.#connect();
  }

  /**
   * @param infos the cells that are open
   * @param order the fragments of their URIs from top to bottom; cells that are not in it are at the end
   */
  refresh(infos: readonly ts.server.ScriptInfo[], order: readonly string[] | undefined): void {
    let connect = false;
    const cells = infos.map((info) => {
      const cell = this.#byName.get(info.fileName);
      if (cell?.kind === info.scriptKind) return { cell, info };
      connect = true;
      const id = cellName(info.fileName)?.cell ?? '';
      return { cell: new Cell(this.typescript, info.fileName, id, this.file, info.scriptKind), info };
    });
    const places = new Map(order?.map((id, place) => [id, place]));
    const place = ({ id }: Cell): number => places.get(id) ?? Infinity;
    const sorted = cells.map(({ cell }) => cell).sort((a, b) => compare(place(a), place(b)) || byAge(a.id, b.id));
    if (sorted.length !== this.#cells.length || sorted.some((cell, index) => cell !== this.#cells[index])) {
      connect = true;
      this.#cells = sorted;
      this.#byName.clear();
      this.#byFile.clear();
      for (const cell of sorted) {
        this.#byName.set(cell.name, cell);
        this.#byFile.set(cell.file, cell);
      }
    }
    const changed = new Set<Cell>();
    for (const { cell, info } of cells) {
      const reading = cell.read(info);
      if (reading.changed) changed.add(cell);
      if (reading.declaresOthers) connect = true;
    }
    this.#checkJs = infos[0]?.containingProjects[0]?.getCompilerOptions().checkJs;
    if (connect) this.#connect();
    else if (changed.size > 0) this.#connect(changed);
  }

  #connect(only?: ReadonlySet<Cell>): void {
    const above = new Map<string, Cell>();
    for (const cell of this.#cells) {
      if (only?.has(cell) ?? true) cell.connect(above, cell === this.#writing);
      for (const name of cell.declarations.keys()) above.set(name, cell);
    }
  }

  /** The lesson's own files, for what they export can be imported. */
  #lesson(): readonly string[] {
    const { host } = this.service;
    const folder = this.file.replace(/\/[^/]*$/, '');
    const changed = host.getModifiedTime?.(folder)?.getTime();
    if (changed !== this.#folder.changed) {
      const files = host.readDirectory(folder, ['.ts', '.js'], undefined, ['*']).filter((file) => !LASTING.test(file));
      this.#folder = { changed, files: files.slice(0, MOST_FILES) };
    }
    return this.#folder.files;
  }

  #versionOnDisk(file: string): string {
    if (LASTING.test(file)) return '';
    return String(this.service.host.getModifiedTime?.(file)?.getTime() ?? '');
  }

  /** TypeScript asks for every file of the program after every edit. */
  #onDisk(file: string): ts.IScriptSnapshot | undefined {
    const version = this.#versionOnDisk(file);
    const known = this.#snapshots.get(file);
    if (known?.version === version) return known.snapshot;
    const text = this.service.host.readFile(file);
    if (text === undefined) return undefined;
    const snapshot = this.typescript.ScriptSnapshot.fromString(text);
    this.#snapshots.set(file, { version, snapshot });
    return snapshot;
  }

  #host(): ts.LanguageServiceHost & {
    hasInvalidatedResolutions(path: string): boolean;
    getModuleResolutionCache(): ts.ModuleResolutionCache;
  } {
    const { typescript, service } = this;
    const { host } = service;
    const directory = typescript.server.toNormalizedPath(host.getExecutingFilePath()).replace(/\/[^/]*$/, '');
    const own = {
      ...this.options,
      allowJs: true,
      allowNonTsExtensions: true,
      // Cells hand each other types as well as values.
      isolatedModules: false,
      moduleDetection: typescript.ModuleDetectionKind.Force,
    };
    /** What an editor holds, saved or not. */
    const opened = (file: string): ts.server.ScriptInfo | undefined => {
      const info = service.getScriptInfo(file);
      return info?.isScriptOpen() === true ? info : undefined;
    };
    const files = {
      fileExists: (file: string) => this.#byFile.has(file) || opened(file) !== undefined || host.fileExists(file),
      readFile: (file: string, encoding?: string) => {
        const snapshot = opened(file)?.getSnapshot();
        return snapshot === undefined ? host.readFile(file, encoding) : snapshot.getText(0, snapshot.getLength());
      },
      directoryExists: (folder: string) => host.directoryExists(folder),
      getDirectories: (folder: string) => host.getDirectories(folder),
      realpath: (file: string) => host.realpath?.(file) ?? file,
      useCaseSensitiveFileNames: () => host.useCaseSensitiveFileNames,
      getCurrentDirectory: () => host.getCurrentDirectory(),
    };
    // For what is in package.json files; otherwise each edit would read them anew.
    const packages = typescript.createModuleResolutionCache(
      host.getCurrentDirectory(),
      (name) => (host.useCaseSensitiveFileNames ? name : name.toLowerCase()),
      own,
    );
    const resolve = (name: string, from: string): ts.ResolvedModuleWithFailedLookupLocations => {
      const cell = this.#byFile.get(name);
      if (cell === undefined) return typescript.resolveModuleName(name, from, own, files);
      const extension = name.endsWith('.js') ? typescript.Extension.Js : typescript.Extension.Ts;
      return { resolvedModule: { resolvedFileName: name, extension } };
    };
    return {
      ...files,
      getCompilationSettings: () => (this.#checkJs === undefined ? own : { ...own, checkJs: this.#checkJs }),
      getDefaultLibFileName: (options) => `${directory}/${typescript.getDefaultLibFileName(options)}`,
      getCancellationToken: () => service.cancellationToken,
      getScriptFileNames: () => [...this.#cells.map(({ file }) => file), ...this.#lesson()],
      getScriptKind: (file) => this.#byFile.get(file)?.kind ?? typescript.ScriptKind.Unknown,
      getScriptVersion: (file) =>
        this.#byFile.get(file)?.version ?? opened(file)?.getLatestVersion() ?? this.#versionOnDisk(file),
      getScriptSnapshot: (file) =>
        this.#byFile.get(file)?.snapshot ?? opened(file)?.getSnapshot() ?? this.#onDisk(file),
      getModuleResolutionCache: () => packages,
      readDirectory: (folder, extensions, exclude, include, depth) =>
        host.readDirectory(folder, extensions, exclude, include, depth),
      resolveModuleNameLiterals: (literals, from) => {
        const found = literals.map(({ text }) => resolve(text, from));
        const missing = literals.flatMap(({ text }, index) =>
          text.startsWith('.') && found[index]?.resolvedModule === undefined ? [text] : [],
        );
        this.#unresolved.set(from, missing);
        return found;
      },
      // A file that a cell imports may be made later.
      hasInvalidatedResolutions: (file) =>
        this.#unresolved.get(file)?.some((name) => resolve(name, file).resolvedModule !== undefined) ?? false,
    };
  }
}

function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}
