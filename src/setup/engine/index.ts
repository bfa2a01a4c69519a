/**
 * The native engine: tfjs-node's binding on a current TensorFlow.
 *
 *   <cache>/engine/<tfjs-node>-tf<TensorFlow>-<platform>-<arch>/
 *     engine.json, tfjs_binding.node and TensorFlow's libraries
 *   <cache>/engine/current -> the one in use; replaced only after a probe
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { isClone, type LabPaths } from '../../client/paths';
import type { SetupContext } from '../context';
import { explainFileError, stepFailed } from '../errors';
import { withLock } from '../../processes/lock';
import { makeFolder } from '../partial';
import { fetchWheel, findPip } from '../pip';
import { LabError } from '../../protocol/errors';
import { compileBinding, BINDING, BINDING_REVISION, prebuiltBinding, requireCompiler, stripLibraries } from './binding';
import { probeEngine } from './probe';
import { upstreamRemedy } from './remedies';
import { engineFolderName, engineTarget, TENSORFLOW_VERSION, TFJS_NODE_VERSION } from './target';
import { unpackWheel } from './unpack';
import { fetchUpstream } from './upstream';
import { tensorflowWheel } from './wheel';

export interface EngineManifest {
  /** e.g. "@tensorflow/tfjs-node 4.22.0" */
  readonly package: string;
  /** e.g. "2.21.0" */
  readonly tensorflow: string;
  /** `BINDING_REVISION` when it was built; absent: 1. */
  readonly revision?: number;
  readonly platform: string;
  readonly arch: string;
  /** ISO 8601. */
  readonly builtAt: string;
}

/** The engine in use, as far as its files are there; undefined when it has to be prepared. */
export function preparedEngine(paths: LabPaths): EngineManifest | undefined {
  const folder = currentLink(paths);
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'engine.json'), 'utf8')) as EngineManifest;
    const fits =
      manifest.package === packageName() &&
      manifest.revision === BINDING_REVISION &&
      manifest.platform === process.platform &&
      manifest.arch === process.arch &&
      fs.existsSync(path.join(folder, BINDING));
    return fits ? manifest : undefined;
  } catch {
    return undefined; // absent or unreadable: preparing it anew mends both
  }
}

/** Prepares the engine whatever is there, proves it, and makes it the one in use. */
export async function prepareEngine(
  context: SetupContext,
  options: { upstream?: boolean } = {},
): Promise<EngineManifest> {
  const { paths } = context;
  const engines = path.join(paths.cache, 'engine');
  try {
    return await withLock(
      path.join(paths.cache, 'locks', 'engine'),
      () => build(engines, options.upstream === true, context),
      {
        signal: context.signal,
        onWait: (pid) => context.report?.update(l10n.t('waiting for another set-up (process {0})', pid)),
      },
    );
  } catch (error) {
    throw explainFileError(error, engines);
  }
}

/** Probes the engine in use. @throws LabError ENGINE_* */
export async function proveEngine(context: SetupContext): Promise<void> {
  await probeEngine(currentLink(context.paths), context);
}

async function build(engines: string, upstream: boolean, context: SetupContext): Promise<EngineManifest> {
  return upstream ? buildUpstream(engines, context) : buildFromWheel(engines, context);
}

async function buildFromWheel(engines: string, context: SetupContext): Promise<EngineManifest> {
  const target = engineTarget(context.paths);
  const prebuilt = prebuiltBinding(context.paths, target);
  // What may be missing is asked for before the long download.
  if (prebuilt === undefined) await requireCompiler(context);
  const pip = await findPip(l10n.t('download TensorFlow'), context);
  const source = tensorflowWheel(target, context);
  const wheel = await fetchWheel(source, pip, context);
  const manifest = manifestOf(TENSORFLOW_VERSION);
  const folder = path.join(engines, engineFolderName(TENSORFLOW_VERSION, target.platform, target.arch));
  await makeFolder(folder, async (partial) => {
    const include = path.join(partial, 'include');
    await unpackWheel(wheel, target, partial, include, context);
    await stripLibraries(target, partial, context);
    if (prebuilt === undefined || !(await works(prebuilt, partial, manifest, context))) {
      await compileBinding(await requireCompiler(context), target, partial, include, context);
      await finish(partial, manifest, context);
    }
    fs.rmSync(include, { recursive: true });
  });
  use(folder, engines);
  fs.rmSync(source.folder, { recursive: true, force: true });
  return manifest;
}

/** Whether a compiled binding does in this folder; an older system than that of its making may refuse it. */
async function works(
  prebuilt: string,
  folder: string,
  manifest: EngineManifest,
  context: SetupContext,
): Promise<boolean> {
  fs.copyFileSync(prebuilt, path.join(folder, BINDING));
  try {
    await finish(folder, manifest, context);
    return true;
  } catch (error) {
    if (error instanceof LabError && error.code !== 'CANCELLED') return false;
    throw error;
  }
}

async function buildUpstream(engines: string, context: SetupContext): Promise<EngineManifest> {
  if (!isClone(context.paths)) {
    throw stepFailed(
      l10n.t("tfjs-node's own install script is no part of the extension."),
      upstreamRemedy(context.paths),
    );
  }
  const staging = path.join(engines, `${TFJS_NODE_VERSION}-upstream-${process.platform}-${process.arch}`);
  let manifest = manifestOf('unknown');
  await makeFolder(staging, async (partial) => {
    manifest = manifestOf(await fetchUpstream(partial, context));
    await finish(partial, manifest, context);
  });
  use(staging, engines);
  return manifest;
}

async function finish(folder: string, manifest: EngineManifest, context: SetupContext): Promise<void> {
  fs.writeFileSync(path.join(folder, 'engine.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await probeEngine(folder, context);
}

/** Points `current` to `folder`; whoever opens an engine meanwhile gets the old one or the new. */
function use(folder: string, engines: string): void {
  const link = path.join(engines, 'current');
  const next = path.join(engines, `current.partial-${String(process.pid)}`);
  fs.rmSync(next, { recursive: true, force: true });
  if (process.platform === 'win32') {
    // A junction needs no right of its own, but cannot be renamed over another.
    fs.symlinkSync(folder, next, 'junction');
    fs.rmSync(link, { recursive: true, force: true });
  } else fs.symlinkSync(path.basename(folder), next);
  fs.renameSync(next, link);
}

function manifestOf(tensorflow: string): EngineManifest {
  return {
    package: packageName(),
    tensorflow,
    revision: BINDING_REVISION,
    platform: process.platform,
    arch: process.arch,
    builtAt: new Date().toISOString(),
  };
}

const packageName = (): string => `@tensorflow/tfjs-node ${TFJS_NODE_VERSION}`;

const currentLink = (paths: LabPaths): string => path.join(paths.cache, 'engine', 'current');
