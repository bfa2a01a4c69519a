/** The only place where the native engine is loaded. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import util from 'node:util';
import { PREPARE_IN_CLONE } from '../../protocol/launch';
import type { EngineInfo } from '../../protocol/run';
import { setBindingPath } from '../../learning/engine/native/bindingPath';
import { engineIncomplete, engineLoadFailed, engineMissing, engineProbeFailed, engineWrongPlatform } from './errors';

/** engine.json, written beside the binding by `npm run engine`. */
interface EngineManifest {
  readonly package: string;
  readonly tensorflow: string;
  readonly platform: string;
  readonly arch: string;
}

/** What the lab needs of tfjs-node's backend beside the public API. */
interface NodeBackend {
  readonly binding: { readonly TF_Version: string };
}

/**
 * Loads the first engine that is there and proves it with a real operation.
 * @param prepare What prepares an engine, for the errors.
 * @throws LabError ENGINE_MISSING, ENGINE_WRONG_PLATFORM, ENGINE_LOAD_FAILED, ENGINE_PROBE_FAILED: which step failed.
 */
export async function loadEngine(directories: readonly string[], prepare = PREPARE_IN_CLONE): Promise<EngineInfo> {
  const directory = directories.find((candidate) => fs.existsSync(path.join(candidate, 'engine.json')));
  if (directory === undefined) throw engineMissing(directories, prepare);
  const manifest = readManifest(directory, prepare);

  const here = `${process.platform}-${process.arch}`;
  const built = `${manifest.platform}-${manifest.arch}`;
  if (built !== here) throw engineWrongPlatform(here, built, prepare);

  const binding = path.join(directory, 'tfjs_binding.node');
  if (!fs.existsSync(binding)) throw engineIncomplete(directory, path.basename(binding), prepare);
  // Upstream's binding is a link: it finds its libraries from where it really lies.
  const realBinding = fs.realpathSync(binding);
  setBindingPath(realBinding);
  restoreRemovedNodeFunctions();
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';

  let tf: typeof import('@tensorflow/tfjs-node');
  try {
    bindEverySymbol(realBinding);
    tf = await import('@tensorflow/tfjs-node');
    await tf.ready();
  } catch (error) {
    throw engineLoadFailed(error, prepare);
  }
  probe(tf, prepare);
  const backend = tf.backend() as unknown as NodeBackend;
  return {
    kind: 'native',
    package: manifest.package,
    version: backend.binding.TF_Version,
    reason: l10n.t('the native engine is installed'),
  };
}

function readManifest(directory: string, prepare: string): EngineManifest {
  try {
    return JSON.parse(fs.readFileSync(path.join(directory, 'engine.json'), 'utf8')) as EngineManifest;
  } catch (error) {
    throw engineIncomplete(directory, 'engine.json', prepare, error);
  }
}

/**
 * Node binds symbols when they are first called, where a missing one ends the process; bound at once, it is an error.
 * Windows always binds at once.
 */
function bindEverySymbol(binding: string): void {
  if (process.platform !== 'win32') process.dlopen({ exports: {} }, binding, os.constants.dlopen.RTLD_NOW);
}

/** tfjs-node 4.22 calls two helpers that Node 23 removed (tensorflow/tfjs#8609). */
function restoreRemovedNodeFunctions(): void {
  const target = util as unknown as Record<string, unknown>;
  target['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  target['isArray'] ??= Array.isArray;
}

/** Importing proves nothing: [[1,2],[3,4]]·[[5,6],[7,8]] = [[19,22],[43,50]]. */
function probe(tf: typeof import('@tensorflow/tfjs-node'), prepare: string): void {
  const found = tf.tidy(() => [
    ...tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).dataSync(),
  ]);
  const expected = '19, 22, 43, 50';
  if (tf.getBackend() !== 'tensorflow') throw engineProbeFailed('tensorflow', tf.getBackend(), prepare);
  if (found.join(', ') !== expected) throw engineProbeFailed(expected, found.join(', '), prepare);
}
