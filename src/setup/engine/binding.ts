/**
 * Compiles tfjs-node's binding, from the package's own source and what we mend of it (native/), against the libraries of
 * the wheel. The build puts the source into dist/, so that an installed extension has it as well.
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import type { LabPaths } from '../../client/paths';
import type { SetupContext } from '../context';
import { stepFailed } from '../errors';
import { CommandError, findProgram, run } from '../process';
import { requireProgram } from '../programs';
import type { EngineTarget } from './target';

export const BINDING = 'tfjs_binding.node';
/**
 * Of what native/ makes of it, and of what lies beside it: an engine with an older one is prepared anew. 2: arrays are given
 * back on JavaScript's thread. 3: the notices of TensorFlow are there.
 */
export const BINDING_REVISION = 3;

/**
 * The binding that was compiled when the package was made, where the package has one for this machine. Its interface to
 * Node is Node-API's, to TensorFlow that of C: one serves every Node.
 */
export function prebuiltBinding({ root }: LabPaths, { platform, arch }: EngineTarget): string | undefined {
  const folder = path.join(root, 'dist', 'binding', 'prebuilt', `${platform}-${arch}`);
  const revision = path.join(folder, 'revision');
  const isOurs = fs.existsSync(revision) && Number(fs.readFileSync(revision, 'utf8')) === BINDING_REVISION;
  return isOurs ? path.join(folder, BINDING) : undefined;
}

export function requireCompiler(context: SetupContext): Promise<string> {
  const own = context.env['CXX'];
  return requireProgram(
    {
      name: l10n.t('A C++ compiler'),
      purpose: l10n.t('build the engine'),
      candidates: [...(own === undefined || own === '' ? [] : [own]), 'g++', 'clang++', 'c++'],
      packages: ['g++'],
      remedy: l10n.t(
        'Install g++ or clang++ (Debian, Ubuntu: sudo apt-get install g++; Fedora: sudo dnf install gcc-c++; macOS: xcode-select --install), or let CXX name one, and run the command again.',
      ),
    },
    context,
  );
}

export async function compileBinding(
  compiler: string,
  target: EngineTarget,
  folder: string,
  includeFolder: string,
  context: SetupContext,
): Promise<void> {
  context.report?.update(l10n.t('compiling the binding'));
  const source = path.join(context.paths.root, 'dist', 'binding');
  const headers = path.join(source, 'include');
  try {
    await run(
      compiler,
      [
        ...['-std=c++17', '-O2', '-fPIC', '-DNAPI_VERSION=8'],
        // Their warnings are not ours to mend.
        ...['-w', '-isystem', includeFolder, '-isystem', headers, '-include', path.join(source, 'references.h')],
        ...['tfjs_backend.cc', 'tfjs_binding.cc', 'references.cc', 'older.cc'].map((file) => path.join(source, file)),
        ...linkerArguments(target, folder),
        ...['-o', path.join(folder, BINDING)],
      ],
      { env: context.env, signal: context.signal },
    );
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw stepFailed(
      l10n.t('{0} could not compile the binding.', path.basename(compiler)),
      l10n.t(
        'A compiler with C++17 is needed (g++ 9 or clang++ 10, or newer); let CXX name another one and run the command again.',
      ),
      error.output,
      error,
    );
  }
}

/** The libraries lie beside the binding and are found there wherever the folder is moved. */
function linkerArguments(target: EngineTarget, folder: string): string[] {
  const libraries = target.libraries.map((file) => path.join(folder, file));
  return target.platform === 'darwin'
    ? ['-bundle', '-undefined', 'dynamic_lookup', ...libraries, '-Wl,-rpath,@loader_path']
    : ['-shared', ...libraries, '-Wl,-rpath,$ORIGIN'];
}

/** Symbols for a debugger are a quarter of the libraries. On macOS stripping would break their signature. */
export async function stripLibraries(target: EngineTarget, folder: string, context: SetupContext): Promise<void> {
  const strip = target.platform === 'linux' ? findProgram(['strip'], context.env) : undefined;
  if (strip === undefined) return;
  context.report?.update(l10n.t('removing debugging symbols'));
  const files = target.libraries.map((file) => path.join(folder, file));
  try {
    await run(strip, ['--strip-all', ...files], { env: context.env, signal: context.signal });
  } catch (error) {
    // Only size would be won; a strip that failed has left its input as it was.
    if (!(error instanceof CommandError)) throw error;
  }
}
