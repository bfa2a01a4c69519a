import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import type TypeScript from 'typescript';

/** Not bundled: TypeScript finds its library files beside itself. */
const ts = createRequire(path.resolve('package.json'))('typescript') as typeof TypeScript;

/** A lab folder with one working copy, as the lab makes it: types in .lab, a tsconfig.json from the template. */
export class LearnersProject {
  private readonly root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lab types ')));
  private readonly folder = path.join(this.root, 'lesson');
  /** How often each file was edited. */
  private readonly versions = new Map<string, number>();
  private started: TypeScript.LanguageService | undefined;

  constructor() {
    execFileSync(process.execPath, ['scripts/types.mjs'], { stdio: 'pipe' });
    const types = path.resolve('dist', 'types');
    fs.cpSync(types, path.join(this.root, '.lab', 'types'), { recursive: true });
    fs.mkdirSync(this.folder);
    fs.copyFileSync(path.join(types, 'tsconfig.template.json'), path.join(this.folder, 'tsconfig.json'));
  }

  /** Other files of the lesson, which the model file may import. */
  add(name: string, text: string): void {
    fs.writeFileSync(path.join(this.folder, name), text);
  }

  /** What the editor would underline, as "model.ts:line:column text". */
  mistakes(source: string, name = 'model.ts'): string[] {
    const file = path.join(this.folder, name);
    const service = this.edited(source, file);
    return [
      ...service.getCompilerOptionsDiagnostics(),
      ...service.getSyntacticDiagnostics(file),
      ...service.getSemanticDiagnostics(file),
    ].map(({ file: where, start, messageText }) => {
      const text = ts.flattenDiagnosticMessageText(messageText, '\n');
      if (where === undefined || start === undefined) return text;
      const { line, character } = where.getLineAndCharacterOfPosition(start);
      return `${path.basename(where.fileName)}:${line + 1}:${character + 1} ${text}`;
    });
  }

  /** What the editor offers right after `marker`, with what it shows beside each. */
  completions(source: string, marker: string): Map<string, () => string> {
    const file = path.join(this.folder, 'model.ts');
    const service = this.edited(source, file);
    const position = source.indexOf(marker) + marker.length;
    const entries = service.getCompletionsAtPosition(file, position, {})?.entries ?? [];
    return new Map(
      entries.map(({ name }) => [
        name,
        () => {
          const details = service.getCompletionEntryDetails(file, position, name, {}, undefined, {}, undefined);
          return ts.displayPartsToString([...(details?.displayParts ?? []), ...(details?.documentation ?? [])]);
        },
      ]),
    );
  }

  remove(): void {
    fs.rmSync(this.root, { recursive: true, force: true });
  }

  /** The editor keeps one service for all edits; so do we. */
  private edited(source: string, file: string): TypeScript.LanguageService {
    fs.writeFileSync(file, source);
    this.versions.set(file, (this.versions.get(file) ?? 0) + 1);
    this.started ??= this.start();
    return this.started;
  }

  private start(): TypeScript.LanguageService {
    const { config } = ts.readConfigFile(path.join(this.folder, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
      readonly config: unknown;
    };
    const { options, fileNames, errors } = ts.parseJsonConfigFileContent(config, ts.sys, this.folder);
    if (errors.length > 0) throw new Error(ts.flattenDiagnosticMessageText(errors[0]!.messageText, ' '));
    return ts.createLanguageService({
      getCompilationSettings: () => options,
      getScriptFileNames: () => fileNames,
      getScriptVersion: (file) => String(this.versions.get(file) ?? 0),
      getScriptSnapshot: (file) => {
        const text = ts.sys.readFile(file);
        return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
      },
      getCurrentDirectory: () => this.folder,
      getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
      fileExists: (file) => ts.sys.fileExists(file),
      readFile: (file) => ts.sys.readFile(file),
      readDirectory: (...args) => ts.sys.readDirectory(...args),
      directoryExists: (folder) => ts.sys.directoryExists(folder),
      getDirectories: (folder) => ts.sys.getDirectories(folder),
    });
  }
}
