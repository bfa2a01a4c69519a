/** Which TensorFlow goes with which machine. */
import * as l10n from '@vscode/l10n';
import type { LabPaths } from '../../client/paths';
import { stepFailed } from '../errors';
import { upstreamRemedy } from './remedies';

/** The newest version that the binding's source was proven with. */
export const TENSORFLOW_VERSION = '2.21.0';
export const TFJS_NODE_VERSION = '4.22.0';

export interface EngineTarget {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** The distribution on PyPI; only x64 Linux has a build of its own without GPU parts. */
  readonly distribution: string;
  /** pip's platform tag. */
  readonly wheelPlatform: string;
  /** File names of the two libraries inside the wheel and beside the binding. */
  readonly libraries: readonly [cc: string, framework: string];
}

/** Any CPython will do: of the wheel only C libraries and headers are used. */
export const WHEEL_PYTHON = '3.11';

const LINUX = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'] as const;
const MACOS = ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'] as const;

const TARGETS: readonly EngineTarget[] = [
  {
    platform: 'linux',
    arch: 'x64',
    distribution: 'tensorflow-cpu',
    wheelPlatform: 'manylinux_2_27_x86_64',
    libraries: LINUX,
  },
  {
    platform: 'linux',
    arch: 'arm64',
    distribution: 'tensorflow',
    wheelPlatform: 'manylinux_2_27_aarch64',
    libraries: LINUX,
  },
  {
    platform: 'darwin',
    arch: 'arm64',
    distribution: 'tensorflow',
    wheelPlatform: 'macosx_12_0_arm64',
    libraries: MACOS,
  },
];

/** @throws LabError SETUP_STEP_FAILED where no wheel fits this machine. */
export function engineTarget(
  paths: LabPaths,
  platform: NodeJS.Platform = process.platform,
  arch: string = process.arch,
): EngineTarget {
  const target = TARGETS.find((candidate) => candidate.platform === platform && candidate.arch === arch);
  if (target === undefined) {
    throw stepFailed(
      l10n.t('There is no TensorFlow {0} library for {1}-{2}.', TENSORFLOW_VERSION, platform, arch),
      upstreamRemedy(paths),
    );
  }
  return target;
}

/** The folder's name says all that the engine inside depends on. */
export function engineFolderName(tensorflow: string, platform: string, arch: string): string {
  return `${TFJS_NODE_VERSION}-tf${tensorflow}-${platform}-${arch}`;
}
