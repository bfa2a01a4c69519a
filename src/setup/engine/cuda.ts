/** TensorFlow for an NVIDIA GPU: which of NVIDIA's packages it needs, and where their libraries have to lie. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { askNvidia } from '../../client/machine/nvidia';
import { LabError } from '../../protocol/errors';
import type { SetupContext } from '../context';
import { stepFailed } from '../errors';
import { fetchWheel, type Wheel } from '../pip';
import { inside, isDamage, unzip } from '../unzip';
import { WHEEL_PYTHON, type EngineTarget } from './target';

/** TensorFlow's libraries look for NVIDIA's in `../nvidia/NAME/lib`, as pip would install both (their RUNPATH). */
export const GPU_TARGET: EngineTarget = {
  platform: 'linux',
  arch: 'x64',
  distribution: 'tensorflow',
  wheelPlatform: 'manylinux_2_27_x86_64',
  libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
};

/** What `pip install tensorflow[and-cuda]==2.21.0` brings, the newest of each on 2026-11-27. */
const PACKAGES: Readonly<Record<string, string>> = {
  'nvidia-cublas-cu12': '12.9.3.13',
  'nvidia-cuda-cupti-cu12': '12.8.90',
  'nvidia-cuda-nvcc-cu12': '12.9.86',
  'nvidia-cuda-nvrtc-cu12': '12.9.86',
  'nvidia-cuda-runtime-cu12': '12.9.79',
  'nvidia-cudnn-cu12': '9.28.0.42',
  'nvidia-cufft-cu12': '11.4.1.4',
  'nvidia-curand-cu12': '10.3.10.19',
  'nvidia-cusolver-cu12': '11.7.5.82',
  'nvidia-cusparse-cu12': '12.5.10.65',
  'nvidia-nccl-cu12': '2.32.3',
  'nvidia-nvjitlink-cu12': '12.9.86',
};

/** pip takes the newer name of a platform for the older one only where it is told both. */
const PLATFORMS = ['manylinux_2_27_x86_64', 'manylinux2014_x86_64', 'manylinux2010_x86_64'];

/** Measured: 3.4 GB of downloads, 5.5 GB unpacked; both lie there for a while. */
const NEEDED_GB = 10;

/** The libraries, and of the compiler what TensorFlow calls: the assembler of GPU code, and its library. */
const WANTED = /^nvidia\/[a-z_]+\/(lib\/[^/]+\.so[.\d]*|bin\/ptxas|nvvm\/libdevice\/[^/]+)$/;
const LICENCE = /^(nvidia_[a-z_\d]+)-[^/]+\.dist-info\/(?:licenses\/)?License\.txt$/;

/**
 * The GPU of this machine, as its driver calls it.
 * @throws LabError SETUP_NO_GPU
 */
export async function requireGpu({ env }: SetupContext): Promise<string> {
  const answer = await askNvidia(env);
  if (answer.kind === 'ready') return answer.gpus.join(', ');
  throw new LabError({
    code: 'SETUP_NO_GPU',
    message: l10n.t('No NVIDIA GPU can be used on this machine.'),
    expected: l10n.t('Linux x64 with a driver that names a GPU when “nvidia-smi” is run'),
    found:
      answer.kind === 'unusable'
        ? answer.reason
        : l10n.t('“nvidia-smi” is not on the PATH, or this is another platform'),
    remedy: l10n.t(
      'Install NVIDIA’s driver and run the command again. Without one the lab computes with the processor.',
    ),
  });
}

/** @throws LabError SETUP_STEP_FAILED */
export function requireRoom({ paths }: SetupContext): void {
  fs.mkdirSync(paths.cache, { recursive: true });
  const { bavail, bsize } = fs.statfsSync(paths.cache);
  const free = (bavail * bsize) / 1e9;
  if (free >= NEEDED_GB) return;
  throw stepFailed(
    l10n.t('There is too little space in {0}: {1} GB are free.', paths.cache, free.toFixed(1)),
    l10n.t(
      'Free {0} GB there, or let DEEP_LEARNING_LAB_CACHE name a folder with more space, and run the command again.',
      NEEDED_GB,
    ),
  );
}

export function cudaWheels({ paths }: SetupContext): Wheel[] {
  return Object.entries(PACKAGES).map(([distribution, version]) => ({
    title: `${distribution} ${version}`,
    distribution,
    version,
    folder: path.join(paths.cache, 'downloads', `${distribution}-${version}`),
    target: ['--python-version', WHEEL_PYTHON, ...PLATFORMS.flatMap((platform) => ['--platform', platform])],
  }));
}

/**
 * Writes `nvidia/` with the libraries of all packages, and their licences, into `folder`.
 * @throws LabError SETUP_STEP_FAILED, CANCELLED
 */
export async function bringCuda(
  wheels: readonly Wheel[],
  pip: readonly string[],
  folder: string,
  context: SetupContext,
): Promise<void> {
  for (const wheel of wheels) {
    const archive = await fetchWheel(wheel, pip, context);
    context.report?.update(l10n.t('unpacking {0}', wheel.title));
    await unpackCuda(archive, folder, context);
  }
}

export async function unpackCuda(archive: string, folder: string, { signal }: SetupContext): Promise<void> {
  let libraries = 0;
  const place = (name: string): string | undefined => {
    const licence = LICENCE.exec(name)?.[1];
    if (licence !== undefined) return path.join(folder, 'nvidia', 'licences', `${licence}.txt`);
    if (!WANTED.test(name)) return undefined;
    libraries++;
    return inside(folder, name);
  };
  const damaged = (reason: string, cause?: unknown): Error => {
    fs.rmSync(path.dirname(archive), { recursive: true, force: true });
    return stepFailed(
      l10n.t('A downloaded package of NVIDIA is damaged: {0}.', reason),
      l10n.t('It was deleted; run the command again to download it anew.'),
      archive,
      cause,
    );
  };
  try {
    await unzip(archive, place, signal);
  } catch (error) {
    if (isDamage(error)) throw damaged(error.message, error);
    throw error;
  }
  if (libraries === 0) throw damaged(l10n.t('no library is in it'));
  const assembler = path.join(folder, 'nvidia', 'cuda_nvcc', 'bin', 'ptxas');
  if (fs.existsSync(assembler)) fs.chmodSync(assembler, 0o755);
}
