/** TypeScript's server with the lab's plugin, as VS Code runs it, and notebooks whose cells are opened in it. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import type ts from 'typescript';
import { TYPES_PLUGIN } from '../../src/protocol/tsserver';
import { vscodeFolder } from '../../src/setup/vscode';
import { paths, root } from './world';

/** What VS Code sends for files that belong to no tsconfig.json. */
const INFERRED = {
  module: 'ESNext',
  moduleResolution: 'Node',
  target: 'ES2022',
  jsx: 'react',
  strict: true,
  allowJs: true,
  allowSyntheticDefaultImports: true,
  allowNonTsExtensions: true,
  resolveJsonModule: true,
};
const PREFERENCES = {
  includeCompletionsForModuleExports: true,
  includeCompletionsWithInsertText: true,
  providePrefixAndSuffixTextForRename: true,
  quotePreference: 'single',
};

/** That of the VS Code that the tests run in. */
export function vscodeTypescript(): string {
  const modules = path.join(
    vscodeFolder(paths),
    'node_modules',
    'code-server',
    'lib',
    'vscode',
    'extensions',
    'node_modules',
  );
  return path.join(modules, 'typescript');
}

export class TypescriptServer {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, (response: ts.server.protocol.Response) => void>();
  readonly #ended: Promise<never>;
  #sequence = 0;
  #received = Buffer.alloc(0);

  /** @param typescript the folder of another TypeScript than this repository's */
  constructor(typescript = path.join(root, 'node_modules', 'typescript')) {
    const server = path.join(typescript, 'lib', 'tsserver.js');
    const plugins = ['--globalPlugins', TYPES_PLUGIN, '--pluginProbeLocations', root];
    const flags = ['--useInferredProjectPerProjectRoot', '--disableAutomaticTypingAcquisition'];
    // Not where this process stands: that may be the folder of an earlier test, which is gone.
    this.#process = spawn(process.execPath, [server, ...flags, ...plugins], { cwd: root });
    this.#ended = new Promise((_, reject) => {
      this.#process.on('exit', (code) => {
        reject(new Error(`tsserver ended with ${String(code)}`));
      });
    });
    this.#ended.catch(() => undefined);
    this.#process.stdout.on('data', (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#read();
    });
    this.send('compilerOptionsForInferredProjects', { options: INFERRED });
    this.send('configure', { preferences: PREFERENCES });
  }

  /** Tells the plugin the order of cells, as the extension host does. */
  order(notebooks: Readonly<Record<string, readonly string[]>>): void {
    this.send('configurePlugin', { pluginName: TYPES_PLUGIN, configuration: { notebooks } });
  }

  open(files: readonly ts.server.protocol.OpenRequestArgs[]): void {
    this.send('updateOpen', { openFiles: files });
  }

  send(command: string, args: unknown): void {
    this.#write(command, args);
  }

  /** @throws Error with the server's own words when it refuses */
  async ask<Body>(command: string, args: unknown): Promise<Body> {
    const answer = new Promise<ts.server.protocol.Response>((resolve) =>
      this.#waiting.set(this.#write(command, args), resolve),
    );
    const response = await Promise.race([answer, this.#ended]);
    if (!response.success && response.message !== 'No content available.') throw new Error(response.message);
    return response.body as Body;
  }

  dispose(): void {
    this.send('exit', {});
  }

  #write(command: string, args: unknown): number {
    const seq = ++this.#sequence;
    this.#process.stdin.write(`${JSON.stringify({ seq, type: 'request', command, arguments: args })}\n`);
    return seq;
  }

  #read(): void {
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n\r\n/.exec(this.#received.toString('latin1', 0, 64));
      if (head === null) return;
      const end = head[0].length + Number(head[1]);
      if (this.#received.length < end) return;
      const message = JSON.parse(this.#received.toString('utf8', head[0].length, end)) as ts.server.protocol.Message;
      this.#received = this.#received.subarray(end);
      if (message.type !== 'response') continue;
      const response = message as ts.server.protocol.Response;
      this.#waiting.get(response.request_seq)?.(response);
      this.#waiting.delete(response.request_seq);
    }
  }
}

export interface CellText {
  readonly javascript: string;
}

/** A notebook, as VS Code opens one in the server: cell by cell. */
export class ServedNotebook {
  readonly #texts: string[] = [];

  constructor(
    readonly server: TypescriptServer,
    /** On disk, or it could be. */
    readonly file: string,
    cells: readonly (string | CellText)[],
  ) {
    this.add(...cells);
  }

  /** Opens more cells, below in the order in which VS Code makes them. */
  add(...cells: readonly (string | CellText)[]): void {
    const files = cells.map((cell): ts.server.protocol.OpenRequestArgs => {
      const javascript = typeof cell !== 'string';
      const fileContent = javascript ? cell.javascript : cell;
      const file = this.name(this.#texts.push(fileContent) - 1);
      return { file, fileContent, projectRootPath: path.dirname(this.file), scriptKindName: javascript ? 'JS' : 'TS' };
    });
    this.server.open(files);
  }

  /** The number of a cell in VS Code's own writing. */
  id(index: number): string {
    const number = index.toString(7);
    return `${'WXYZabcdef'[number.length - 1]!}${number}sZmlsZQ==`;
  }

  name(index: number): string {
    return `^/vscode-notebook-cell/ts-nul-authority${this.file}#${this.id(index)}`;
  }

  indexOf(name: string): number | undefined {
    const index = this.#texts.findIndex((_, candidate) => this.name(candidate) === name);
    return index === -1 ? undefined : index;
  }

  order(indexes: readonly number[]): void {
    this.server.order({ [this.file]: indexes.map((index) => this.id(index)) });
  }

  edit(index: number, text: string): void {
    const end = this.#place(this.#texts[index]!, Infinity);
    const change = { start: { line: 1, offset: 1 }, end, newText: text };
    this.server.send('updateOpen', { changedFiles: [{ fileName: this.name(index), textChanges: [change] }] });
    this.#texts[index] = text;
  }

  /** Where the text before `|` ends in a cell; the cell's text must have what stands around it once. */
  at(index: number, around: string): { file: string; line: number; offset: number } {
    const [before = '', after = ''] = around.split('|');
    const text = this.#texts[index]!;
    const start = text.indexOf(before + after);
    if (start === -1) throw new Error(`No "${around}" in cell ${String(index)}: ${text}`);
    return { file: this.name(index), ...this.#place(text, start + before.length) };
  }

  async names(index: number, around: string): Promise<string[]> {
    return (await this.completions(index, around)).map(({ name }) => name);
  }

  async completions(index: number, around: string): Promise<readonly ts.server.protocol.CompletionEntry[]> {
    const info = await this.server.ask<ts.server.protocol.CompletionInfo | undefined>(
      'completionInfo',
      this.at(index, around),
    );
    return info?.entries ?? [];
  }

  async hover(index: number, around: string): Promise<string | undefined> {
    const body = await this.server.ask<ts.server.protocol.QuickInfoResponseBody | undefined>(
      'quickinfo',
      this.at(index, around),
    );
    return body?.displayString;
  }

  /** What VS Code shows as errors of a cell: "2304: Cannot find name 'a'." */
  async errors(index: number): Promise<string[]> {
    const file = this.name(index);
    const both = await Promise.all(
      ['syntacticDiagnosticsSync', 'semanticDiagnosticsSync'].map((command) =>
        this.server.ask<ts.server.protocol.Diagnostic[]>(command, { file }),
      ),
    );
    return both.flat().map(({ code, text }) => `${String(code)}: ${text}`);
  }

  #place(text: string, position: number): { line: number; offset: number } {
    const lines = text.slice(0, position).split('\n');
    return { line: lines.length, offset: lines.at(-1)!.length + 1 };
  }
}
