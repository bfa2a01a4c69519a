import type { BuildOptions, BuildResult, Message, Plugin } from 'esbuild';
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { LabError, type LabErrorData, type SourceLocation } from '../../protocol/errors';

export interface Bundle {
  /**
   * One CommonJS module: the model file and what it imports by relative path. What it exports may be a promise: where a
   * file awaits something at its top.
   */
  readonly code: string;
  /** Source map version 3, JSON; its sources are relative to the model file's folder. */
  readonly map: string;
  /** The learner's files that went in, absolute, the model file among them. */
  readonly files: readonly string[];
}

/** Who needs esbuild's service just now. It is a process of its own, and ends when nobody does. */
let active = 0;

/**
 * Starts esbuild's service and keeps it until `work` is over. Where it is WebAssembly, its start takes a second, and
 * more beside a training: whoever gives the file's own code a limit begins to count when `work` does.
 */
export async function withCompiler<T>(work: (esbuild: typeof import('esbuild')) => Promise<T>): Promise<T> {
  const esbuild = await import('esbuild');
  active += 1;
  try {
    await esbuild.transform('');
    return await work(esbuild);
  } finally {
    active -= 1;
    if (active === 0) await esbuild.stop();
  }
}

/**
 * Turns TypeScript into JavaScript without checking types. Packages stay imports, to be answered when the code runs.
 *
 * @param file Absolute path. It need not exist: `source` is what is read.
 * @throws LabError MODEL_SYNTAX or MODEL_IMPORT, with the place.
 */
export async function bundle(file: string, source: string): Promise<Bundle> {
  const folder = path.dirname(file);
  const options = optionsFor(file);
  const plugins = [textOf(file, source)];
  return await withCompiler(async (esbuild) => {
    try {
      return collect(await esbuild.build({ ...options, format: 'cjs', plugins }), folder);
    } catch (error) {
      if (!isBuildFailure(error) || !error.errors.some(({ text }) => TOP_LEVEL_AWAIT.test(text))) throw error;
      const awaiting = await esbuild.build({ ...options, format: 'esm', plugins: [...plugins, required] });
      const bundle = collect(awaiting, folder);
      return { ...bundle, code: asPromise(bundle.code) };
    }
  }).catch((error: unknown) => {
    throw isBuildFailure(error) ? describe(error.errors, folder) : error;
  });
}

const TOP_LEVEL_AWAIT = /^Top-level await is (?:currently )?not supported/;

function optionsFor(file: string): BuildOptions & { write: false; metafile: true } {
  const folder = path.dirname(file);
  return {
    entryPoints: [file],
    absWorkingDir: folder,
    outfile: path.join(folder, 'model-file.cjs'),
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    packages: 'external',
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'silent',
    // The working copy's tsconfig.json is for the editor: its `paths` lead to declarations.
    tsconfigRaw: { compilerOptions: { target: 'es2022' } },
    // Code that runs in a vm script cannot import() by itself; require() it is.
    // The two operators that do not always compute what stands behind them are written out: see effects/instrument.ts.
    supported: { 'dynamic-import': false, 'optional-chain': false, 'logical-assignment': false },
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(file).href) },
  };
}

/**
 * esbuild writes `await` at the top of a file into ECMAScript modules alone. Such a module is made into a function that
 * promises what it exports: packages are asked for by `require` as ever, and the list of exports at the end is returned.
 * Lines stay lines, and all but the first stay as they are.
 */
function asPromise(code: string): string {
  const body = code.replace(/\bexport \{([^}]*)\};\s*$/, (_, list: string) => {
    const exported = list.split(',').flatMap((entry) => {
      const [name = '', as = name] = entry.trim().split(' as ');
      return name === '' ? [] : [`${as}: ${name}`];
    });
    return `return { ${exported.join(', ')} };`;
  });
  return `module.exports = (async () => {${body}\n})();\n`;
}

/** Packages are modules that `require` the package. */
const required: Plugin = {
  name: 'required',
  setup(build) {
    build.onResolve({ filter: /^[^./]/ }, ({ path: name, kind, importer }) => {
      if (kind === 'entry-point' || path.isAbsolute(name)) return undefined;
      if (kind === 'require-call' && importer === name) return { path: name, external: true };
      return { path: name, namespace: REQUIRED };
    });
    build.onLoad({ filter: /.*/, namespace: REQUIRED }, ({ path: name }) => ({
      contents: `module.exports = require(${JSON.stringify(name)});`,
      loader: 'js',
    }));
  },
};

const REQUIRED = 'required';

/** Answers with the text we were given, so that what is hashed and stored is what runs, saved or not. */
function textOf(file: string, source: string): Plugin {
  const exactly = new RegExp(`^${file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);
  return {
    name: 'model-file',
    setup(build) {
      build.onResolve({ filter: /.*/ }, ({ kind }) => (kind === 'entry-point' ? { path: file } : undefined));
      build.onLoad({ filter: exactly }, () => ({ contents: source, loader: loaderOf(file) }));
    },
  };
}

function loaderOf(file: string): 'ts' | 'tsx' | 'js' | 'jsx' {
  const extension = path.extname(file).toLowerCase();
  if (extension === '.tsx' || extension === '.jsx') return extension === '.tsx' ? 'tsx' : 'jsx';
  return ['.js', '.mjs', '.cjs'].includes(extension) ? 'js' : 'ts';
}

function collect(result: BuildResult<{ write: false; metafile: true }>, folder: string): Bundle {
  const textOfOutput = (ending: string): string =>
    result.outputFiles.find((output) => output.path.endsWith(ending))?.text ?? '';
  return {
    code: textOfOutput('.cjs'),
    map: textOfOutput('.cjs.map'),
    files: Object.keys(result.metafile.inputs).flatMap((input) =>
      input.startsWith(`${REQUIRED}:`) ? [] : [path.resolve(folder, input)],
    ),
  };
}

export function isBuildFailure(error: unknown): error is { readonly errors: readonly Message[] } {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function describe(messages: readonly Message[], folder: string): LabError {
  const [first] = messages;
  const text = first?.text ?? '';
  const location = first === undefined ? undefined : placeOf(first, folder);
  const others = messages.slice(1).flatMap((message) => placeOf(message, folder) ?? []);
  const unresolved = /^Could not resolve "(.+)"/.exec(text)?.[1];
  const more = {
    ...(others.length === 0 ? {} : { trace: others }),
    details: messages.map((message) => formatted(message, folder)).join('\n'),
  };
  if (unresolved !== undefined) {
    return new LabError({
      code: 'MODEL_IMPORT',
      message: l10n.t("'{0}' cannot be found.", unresolved),
      found: unresolved,
      remedy: l10n.t('Check the spelling; relative imports begin with ./ and are read from the file that has them.'),
      ...(location === undefined ? {} : { location }),
      ...more,
    });
  }
  return notValid(text, location, more);
}

/** Of a model file as of a cell. */
export function notValid(
  text: string,
  location: SourceLocation | undefined,
  more: Pick<LabErrorData, 'trace' | 'details'> = {},
): LabError {
  return new LabError({
    code: 'MODEL_SYNTAX',
    message: l10n.t('The code is not valid TypeScript: {0}', text),
    remedy: l10n.t('Correct the marked place; the cause is often a bracket, a comma or a quote just before it.'),
    ...(location === undefined ? {} : { location }),
    ...more,
  });
}

function placeOf(message: Message, folder: string): SourceLocation | undefined {
  return placeInLine(message, path.resolve(folder, message.location?.file ?? ''));
}

/** esbuild counts columns in bytes of UTF-8 from 0, editors in UTF-16 units from 1. */
export function placeInLine({ location }: Message, file: string): SourceLocation | undefined {
  if (location === null) return undefined;
  const before = Buffer.from(location.lineText, 'utf8').subarray(0, location.column).toString('utf8');
  return { file, line: location.line, column: before.length + 1 };
}

function formatted(message: Message, folder: string): string {
  const place = placeOf(message, folder);
  const notes = message.notes.map((note) => `\n  ${note.text}`).join('');
  return place === undefined
    ? message.text + notes
    : `${place.file}:${place.line}:${place.column}: ${message.text}${notes}`;
}
