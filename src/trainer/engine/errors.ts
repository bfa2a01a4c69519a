import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import { LabError } from '../../protocol/errors';

/** Each is told what prepares an engine where it is read. */

export function engineMissing(directories: readonly string[], prepare: string): LabError {
  return new LabError({
    code: 'ENGINE_MISSING',
    message: l10n.t('No TensorFlow engine is installed.'),
    expected: l10n.t('An engine in one of: {0}', directories.join(', ')),
    remedy: l10n.t('Run "{0}" to prepare one.', prepare),
  });
}

export function engineIncomplete(directory: string, file: string, prepare: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'ENGINE_INCOMPLETE',
      message: l10n.t('The TensorFlow engine is incomplete: {0} is missing or unreadable.', file),
      found: directory,
      remedy: l10n.t('Run "{0}" to prepare the engine again.', prepare),
    },
    { cause },
  );
}

/** Mostly a full disk; the engine itself is whole, or the installation is not. */
export function engineNotUnpacked(directory: string, cache: string, cause: unknown): LabError {
  const details = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return new LabError(
    {
      code: 'ENGINE_UNPACK',
      message: l10n.t('The TensorFlow engine of the package could not be unpacked.'),
      expected: l10n.t('650 MB of room in {0}', cache),
      found: cause instanceof Error ? cause.message : String(cause),
      remedy: l10n.t('Make room there, or install the lab again; the engine lies in {0}.', directory),
      details,
    },
    { cause },
  );
}

export function engineWrongPlatform(expected: string, found: string, prepare: string): LabError {
  return new LabError({
    code: 'ENGINE_WRONG_PLATFORM',
    message: l10n.t('The TensorFlow engine was built for another platform.'),
    expected,
    found,
    remedy: l10n.t('Run "{0}" on this machine.', prepare),
  });
}

/** The dynamic loader's message tells a missing library from a missing symbol. */
export function engineLoadFailed(error: unknown, prepare: string): LabError {
  const details = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message = /undefined symbol|symbol not found/i.test(details)
    ? l10n.t('The TensorFlow engine does not fit its library: a symbol is missing.')
    : /cannot open shared object|no such file|image not found/i.test(details)
      ? l10n.t('A library that the TensorFlow engine needs was not found.')
      : l10n.t('The TensorFlow engine could not be loaded.');
  return new LabError(
    {
      code: 'ENGINE_LOAD_FAILED',
      message,
      found: details.split('\n', 1)[0] ?? '',
      remedy: l10n.t('Run "{0}" to prepare the engine again.', prepare),
      details,
    },
    { cause: error },
  );
}

export function engineProbeFailed(expected: string, found: string, prepare: string): LabError {
  return new LabError({
    code: 'ENGINE_PROBE_FAILED',
    message: l10n.t('The TensorFlow engine loads but computes wrong results.'),
    expected,
    found,
    remedy: l10n.t('Run "{0}" to prepare the engine again; if it stays so, this processor is not supported.', prepare),
  });
}

/** TensorFlow for a GPU computes with the processor as well, and does so where it finds no GPU. */
export function engineNoGpu(prepared: string, env: NodeJS.ProcessEnv = process.env): LabError {
  const hidden = env['CUDA_VISIBLE_DEVICES'];
  return new LabError({
    code: 'ENGINE_NO_GPU',
    message: l10n.t('TensorFlow finds no NVIDIA GPU and computes with the processor.'),
    expected: prepared,
    found:
      hidden !== undefined && /^\s*(-1.*)?$/.test(hidden)
        ? l10n.t('CUDA_VISIBLE_DEVICES is "{0}", which hides every GPU.', hidden)
        : hasDriver()
          ? l10n.t('The driver is loaded; the trainer’s log says what TensorFlow missed.')
          : l10n.t('No NVIDIA driver is loaded.'),
    remedy: l10n.t('Run "nvidia-smi": it has to name the GPU. After an update of the driver, start the machine anew.'),
  });
}

/** Of Linux, and of Linux inside Windows. */
const hasDriver = (): boolean => ['/proc/driver/nvidia/version', '/dev/dxg'].some((file) => fs.existsSync(file));
