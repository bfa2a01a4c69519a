/** What cells import: the lab and TensorFlow.js, the lesson's own files, JSON, Node's modules, packages beside the notebook. */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import vm from 'node:vm';
import * as lab from '../../lab';
import { LabError } from '../../protocol/errors';
import type { Origin } from '../modelFile/errors';
import { loadModule, type LoadedModule } from '../modelFile/load';
import { requireFor } from '../modelFile/modules';
import { TrainedModels } from '../bases/trainedModels';
import type { Import } from './cell/translate';
import type { KernelEffects } from './effects';

type Module = Readonly<Record<string, unknown>>;

/** Of the notebook that a cell belongs to. */
export interface Importer {
  readonly notebook: string;
  readonly runsDirectory: string;
}

interface OwnFile {
  readonly loaded: LoadedModule;
  /** Hashes of all files that went in, by their paths. */
  readonly hashes: ReadonlyMap<string, string>;
}

const ENDINGS = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.jsx', '.json'];
const INDEXES = ['index.ts', 'index.js', 'index.json'];

export class Modules {
  private readonly files = new Map<string, OwnFile>();
  private readonly json = new Map<string, { readonly hash: string; readonly value: unknown }>();
  private served: { readonly notebook: string; readonly require: (name: string) => unknown } | undefined;

  constructor(
    private readonly origin: Origin,
    private readonly effects: KernelEffects,
  ) {}

  /** The values of an import's names, in their order. @throws LabError MODEL_IMPORT, what running the file throws */
  async values({ specifier, names, at }: Import, importer: Importer): Promise<unknown[]> {
    const module = await this.load(specifier, importer).catch((error: unknown) => {
      if (error instanceof LabError && error.code === 'MODEL_IMPORT' && error.data.location === undefined && at)
        throw new LabError({ ...error.data, location: at }, { cause: error });
      throw error;
    });
    return names.map(({ name, isUnused, at }) => {
      if (name === '*') return namespaceOf(module);
      const exported = Object(module) as Module;
      if (name === 'default') return isModule(module) ? exported['default'] : module;
      if (name in exported || isUnused) return exported[name];
      throw missingExport(specifier, name, at);
    });
  }

  /** What `import(…)` gives. @throws as `values` */
  async namespace(specifier: string, importer: Importer): Promise<Module> {
    return namespaceOf(await this.load(specifier, importer));
  }

  private async load(specifier: string, importer: Importer): Promise<unknown> {
    const folder = path.dirname(importer.notebook);
    if (/^\.{0,2}\//.test(specifier) || specifier === '.' || specifier === '..' || path.isAbsolute(specifier))
      return await this.loadFile(specifier, path.resolve(folder, specifier), importer);
    if (specifier.startsWith('file:')) return await this.loadFile(specifier, fileURLToPath(specifier), importer);
    try {
      return this.require(importer)(specifier);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const isForImport = code === 'ERR_REQUIRE_ESM' || code === 'ERR_REQUIRE_ASYNC_MODULE';
      if (!isForImport && !(error instanceof LabError && isNotForRequire(error))) throw error;
      return await importBeside(importer.notebook)(specifier);
    }
  }

  private require({ notebook, runsDirectory }: Importer): (name: string) => unknown {
    if (this.served?.notebook !== notebook) {
      const { trained } = new TrainedModels(notebook, runsDirectory);
      const { tf } = this.origin.layers;
      this.served = { notebook, require: requireFor(notebook, { tf, trained, experiment: lab.experiment }) };
    }
    return this.served.require;
  }

  private async loadFile(specifier: string, wanted: string, importer: Importer): Promise<unknown> {
    const file = existing(wanted);
    if (file === undefined) throw notFound(specifier, wanted);
    if (file.endsWith('.json')) return this.loadJson(file);
    const known = this.files.get(file);
    if (known !== undefined && isUnchanged(known.hashes)) return known.loaded.exported;
    const loaded = await loadModule({ file, runs: importer.runsDirectory }, undefined, this.origin);
    this.effects.addFile(loaded.effects);
    this.files.set(file, { loaded, hashes: new Map(loaded.files.map((one) => [one, hashOf(one)])) });
    return loaded.exported;
  }

  private loadJson(file: string): unknown {
    const hash = hashOf(file);
    const known = this.json.get(file);
    if (known?.hash === hash) return known.value;
    let value: unknown;
    try {
      value = JSON.parse(fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
    } catch (error) {
      throw notJson(file, error);
    }
    this.json.set(file, { hash, value });
    return value;
  }
}

function existing(wanted: string): string | undefined {
  // As TypeScript has it, ./net.js is what net.ts becomes.
  const source = wanted.replace(/\.([mc]?)js(x?)$/, '.$1ts$2');
  return [
    ...ENDINGS.map((ending) => wanted + ending),
    ...(source === wanted ? [] : [source]),
    ...INDEXES.map((index) => path.join(wanted, index)),
  ].find((file) => fs.statSync(file, { throwIfNoEntry: false })?.isFile());
}

function hashOf(file: string): string {
  try {
    return createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  } catch {
    return ''; // it is gone: another one than it was
  }
}

const isUnchanged = (hashes: ReadonlyMap<string, string>): boolean =>
  [...hashes].every(([file, hash]) => hash !== '' && hashOf(file) === hash);

/** Whether `default` is one export among others, rather than the whole of it. */
function isModule(module: unknown): boolean {
  if (typeof module !== 'object' || module === null) return false;
  return '__esModule' in module || Reflect.get(module, Symbol.toStringTag) === 'Module' || 'default' in module;
}

function namespaceOf(module: unknown): Module {
  if (isModule(module)) return module as Module;
  return { ...(typeof module === 'object' || typeof module === 'function' ? module : {}), default: module };
}

/** Node's own import(), as if the notebook's file called it. */
function importBeside(notebook: string): (specifier: string) => Promise<unknown> {
  return vm.compileFunction('return import(specifier)', ['specifier'], {
    filename: pathToFileURL(notebook).href,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  }) as (specifier: string) => Promise<unknown>;
}

/** A package that `require` does not resolve, as it names files for `import` alone. */
function isNotForRequire({ cause }: LabError): boolean {
  return (cause as NodeJS.ErrnoException | undefined)?.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
}

function notFound(specifier: string, wanted: string): LabError {
  return new LabError({
    code: 'MODEL_IMPORT',
    message: l10n.t("'{0}' cannot be found.", specifier),
    found: specifier,
    expected: wanted,
    remedy: l10n.t('Check the spelling; relative imports begin with ./ and are read from the folder of the notebook.'),
  });
}

function notJson(file: string, error: unknown): LabError {
  return new LabError(
    {
      code: 'MODEL_IMPORT',
      message: l10n.t('{0} is not valid JSON.', file),
      found: error instanceof Error ? error.message : String(error),
      remedy: l10n.t('Correct the file, and run the cell again.'),
    },
    { cause: error },
  );
}

function missingExport(specifier: string, name: string, at: Import['at']): LabError {
  return new LabError({
    code: 'MODEL_IMPORT',
    message: l10n.t("'{0}' exports no '{1}'.", specifier, name),
    found: name,
    remedy: l10n.t('Check the spelling of the name.'),
    ...(at === undefined ? {} : { location: at }),
  });
}
