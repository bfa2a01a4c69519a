/** tfjs-node's own route: the binding and the older libtensorflow that its install script downloads. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import type { SetupContext } from '../context';
import { stepFailed } from '../errors';
import { CommandError, run } from '../process';
import { BINDING } from './binding';

/** Runs the install script, then copies what it brought into `folder`. Returns TensorFlow's version. */
export async function fetchUpstream(folder: string, context: SetupContext): Promise<string> {
  const own = path.join(context.paths.root, 'node_modules', '@tensorflow', 'tfjs-node');
  context.report?.update(l10n.t("running tfjs-node's install script"));
  const bin = path.join(context.paths.root, 'node_modules', '.bin');
  const env = { ...context.env, PATH: [bin, context.env['PATH'] ?? ''].join(path.delimiter) };
  let output: string;
  try {
    output = await run(process.execPath, [path.join('scripts', 'install.js')], {
      cwd: own,
      env,
      signal: context.signal,
    });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw unreachable(error.output, error);
  }
  // The script ends with 0 also after some failures, so only what it left behind counts.
  const binding = path.join(own, 'lib', 'napi-v8', BINDING);
  const libraries = [path.join(own, 'deps', 'lib'), path.dirname(binding)].flatMap(librariesIn);
  if (!fs.existsSync(binding) || libraries.length === 0) throw unreachable(output);
  context.report?.update(l10n.t('copying the engine'));
  if (process.platform === 'win32') {
    // Windows looks for libraries beside the binding.
    for (const file of [binding, ...libraries]) fs.copyFileSync(file, path.join(folder, path.basename(file)));
  } else {
    // The binding finds its libraries by their place relative to its own; Node resolves the link before it loads.
    fs.cpSync(path.dirname(binding), path.join(folder, 'lib', 'napi-v8'), { recursive: true, verbatimSymlinks: true });
    fs.cpSync(path.join(own, 'deps', 'lib'), path.join(folder, 'deps', 'lib'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    fs.symlinkSync(path.join('lib', 'napi-v8', BINDING), path.join(folder, BINDING));
  }
  return versionIn(path.join(own, 'scripts', 'deps-constants.js'));
}

function librariesIn(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .filter((name) => /tensorflow.*\.(so|dylib|dll)/.test(name))
    .map((name) => path.join(folder, name));
}

function versionIn(file: string): string {
  return /LIBTENSORFLOW_VERSION = '([\d.]+)'/.exec(fs.readFileSync(file, 'utf8'))?.[1] ?? 'unknown';
}

function unreachable(output: string, cause?: unknown): Error {
  return stepFailed(
    l10n.t("tfjs-node's own install script did not bring an engine."),
    l10n.t(
      'The site it downloads from may be out of reach, or may have nothing for {0}-{1}; see the details. Without "--upstream" the engine is built from the Python package.',
      process.platform,
      process.arch,
    ),
    output.trim(),
    cause,
  );
}
