/**
 * The native engine: tfjs-node's binding on a current TensorFlow.
 *
 *   <cache>/engine/<tfjs-node>-tf<TensorFlow>-<platform>-<arch>/
 *     engine.json, tfjs_binding.node and TensorFlow's libraries
 *   <cache>/engine/current -> the one in use; replaced only after a probe
 *   <cache>/engine/…-gpu/tensorflow, …-gpu/nvidia/NAME/lib
 *     the same on TensorFlow for an NVIDIA GPU, beside the libraries of CUDA that it takes from there
 *   <cache>/engine/gpu -> …-gpu/tensorflow, where one is prepared: it goes before `current`, which stays
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { gpuDirectory, isClone, type LabPaths } from '../../client/paths';
import type { SetupContext } from '../context';
import { explainFileError, stepFailed } from '../errors';
import { withLock } from '../../processes/lock';
import { makeFolder } from '../partial';
import { fetchWheel, findPip } from '../pip';
import { LabError } from '../../protocol/errors';
import { compileBinding, BINDING, BINDING_REVISION, prebuiltBinding, requireCompiler, stripLibraries } from './binding';
import { bringCuda, cudaWheels, GPU_TARGET, requireGpu, requireRoom } from './cuda';
import { probeEngine } from './probe';
import { upstreamRemedy } from './remedies';
import { engineFolderName, engineTarget, TENSORFLOW_VERSION, TFJS_NODE_VERSION, type EngineTarget } from './target';
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
  /** The GPU that it was proven with; absent: the processor. */
  readonly gpu?: string;
  /** ISO 8601. */
  readonly builtAt: string;
}

/** The engine in use, as far as its files are there; undefined when it has to be prepared. */
export function preparedEngine(paths: LabPaths): EngineManifest | undefined {
  return manifestIn(currentLink(paths));
}

/** The engine for a GPU, where there is one. */
export function preparedGpuEngine(paths: LabPaths): EngineManifest | undefined {
  return manifestIn(gpuDirectory(paths));
}

function manifestIn(folder: string): EngineManifest | undefined {
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
  return await exclusively(context, (engines) =>
    options.upstream === true
      ? buildUpstream(engines, context)
      : buildFromWheel(engines, { target: engineTarget(context.paths) }, context),
  );
}

/**
 * The same for an NVIDIA GPU; what there is for the processor stays, and is used again where this one fails.
 * @throws LabError SETUP_NO_GPU, ENGINE_NO_GPU where TensorFlow does not find what the driver names
 */
export async function prepareGpuEngine(context: SetupContext): Promise<EngineManifest> {
  // What takes hours on a slow line is not begun in vain.
  const gpu = await requireGpu(context);
  requireRoom(context);
  return await exclusively(context, (engines) => buildFromWheel(engines, { target: GPU_TARGET, gpu }, context));
}

/** Takes the engine for a GPU away: trainers compute with the processor from then on. */
export async function removeGpuEngine(context: SetupContext): Promise<void> {
  await exclusively(context, (engines) => {
    fs.rmSync(gpuDirectory(context.paths), { force: true });
    for (const name of fs.existsSync(engines) ? fs.readdirSync(engines) : [])
      if (name.endsWith(GPU_SUFFIX)) fs.rmSync(path.join(engines, name), { recursive: true, force: true });
    return Promise.resolve();
  });
}

async function exclusively<T>(context: SetupContext, work: (engines: string) => Promise<T>): Promise<T> {
  const { paths } = context;
  const engines = path.join(paths.cache, 'engine');
  try {
    return await withLock(path.join(paths.cache, 'locks', 'engine'), () => work(engines), {
      signal: context.signal,
      onWait: (pid) => context.report?.update(l10n.t('waiting for another set-up (process {0})', pid)),
    });
  } catch (error) {
    throw explainFileError(error, engines);
  }
}

/** Probes the engine in use. @throws LabError ENGINE_* */
export async function proveEngine(context: SetupContext): Promise<void> {
  await probeEngine(currentLink(context.paths), context);
}

/** @throws LabError ENGINE_*, ENGINE_NO_GPU where it would compute with the processor */
export async function proveGpuEngine(context: SetupContext): Promise<void> {
  await probeEngine(gpuDirectory(context.paths), context);
}

interface Wanted {
  readonly target: EngineTarget;
  readonly gpu?: string;
}

async function buildFromWheel(
  engines: string,
  { target, gpu }: Wanted,
  context: SetupContext,
): Promise<EngineManifest> {
  const prebuilt = prebuiltBinding(context.paths, target);
  // What may be missing is asked for before the long download.
  if (prebuilt === undefined) await requireCompiler(context);
  const pip = await findPip(l10n.t('download TensorFlow'), context);
  const source = tensorflowWheel(target, context);
  const wheel = await fetchWheel(source, pip, context);
  const cuda = gpu === undefined ? [] : cudaWheels(context);
  const manifest: EngineManifest = { ...manifestOf(TENSORFLOW_VERSION), ...(gpu === undefined ? {} : { gpu }) };
  const name = engineFolderName(TENSORFLOW_VERSION, target.platform, target.arch);
  const folder = path.join(engines, gpu === undefined ? name : name + GPU_SUFFIX);
  const home = gpu === undefined ? '' : 'tensorflow';
  await makeFolder(folder, async (whole) => {
    await bringCuda(cuda, pip, whole, context);
    const partial = path.join(whole, home);
    fs.mkdirSync(partial, { recursive: true });
    const include = path.join(partial, 'include');
    await unpackWheel(wheel, target, partial, include, context);
    await stripLibraries(target, partial, context);
    if (prebuilt === undefined || !(await works(prebuilt, partial, manifest, context))) {
      await compileBinding(await requireCompiler(context), target, partial, include, context);
      await finish(partial, manifest, context);
    }
    fs.rmSync(include, { recursive: true });
  });
  use(path.join(folder, home), gpu === undefined ? currentLink(context.paths) : gpuDirectory(context.paths));
  for (const { folder: fetched } of [source, ...cuda]) fs.rmSync(fetched, { recursive: true, force: true });
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
    if (error instanceof LabError && !['CANCELLED', 'ENGINE_NO_GPU'].includes(error.code)) return false;
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
  use(staging, currentLink(context.paths));
  return manifest;
}

async function finish(folder: string, manifest: EngineManifest, context: SetupContext): Promise<void> {
  fs.writeFileSync(path.join(folder, 'engine.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await probeEngine(folder, context);
}

/** Points `link` to `folder`; whoever opens an engine meanwhile gets the old one or the new. */
function use(folder: string, link: string): void {
  const next = `${link}.partial-${String(process.pid)}`;
  fs.rmSync(next, { recursive: true, force: true });
  if (process.platform === 'win32') {
    // A junction needs no right of its own, but cannot be renamed over another.
    fs.symlinkSync(folder, next, 'junction');
    fs.rmSync(link, { recursive: true, force: true });
  } else fs.symlinkSync(path.relative(path.dirname(link), folder), next);
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

const GPU_SUFFIX = '-gpu';

const packageName = (): string => `@tensorflow/tfjs-node ${TFJS_NODE_VERSION}`;

const currentLink = (paths: LabPaths): string => path.join(paths.cache, 'engine', 'current');
