/**
 * Whether TensorFlow could compute with an NVIDIA GPU here: the driver's own program is asked. A list of the hardware would
 * name cards that no driver drives.
 */
import * as l10n from '@vscode/l10n';
import { execFile, type ExecFileException } from 'node:child_process';
import { isAtLeast } from './surroundings';

/** CUDA 12 runs on every driver from this one on (CUDA Compatibility, "Minor Version Compatibility"). */
const LEAST_DRIVER = '525.60.13';
/** A driver that hangs hangs its program too. */
const ANSWER_MS = 10_000;

export type NvidiaAnswer =
  | { readonly kind: 'ready'; readonly gpus: readonly string[]; readonly driver: string }
  /** There is a driver, and TensorFlow could not use it. `reason` is in the user's language. */
  | { readonly kind: 'unusable'; readonly reason: string }
  /** No driver, or a platform for which there is no such TensorFlow. */
  | { readonly kind: 'none' };

/** Never rejects: what goes wrong is the answer. */
export async function askNvidia(
  env: NodeJS.ProcessEnv = process.env,
  platform = `${process.platform}-${process.arch}`,
): Promise<NvidiaAnswer> {
  if (platform !== 'linux-x64') return { kind: 'none' };
  const answer = await new Promise<{ readonly error: ExecFileException | null; readonly text: string }>((resolve) => {
    const question = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
    execFile('nvidia-smi', question, { env, timeout: ANSWER_MS, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      resolve({ error, text: error === null ? stdout : (stdout + stderr).trim() });
    });
  });
  const { error, text } = answer;
  if (error?.code === 'ENOENT') return { kind: 'none' };
  if (error !== null) {
    const said = text === '' ? error.message : text;
    return { kind: 'unusable', reason: l10n.t('nvidia-smi says: {0}', said.replaceAll(/\s+/g, ' ')) };
  }
  // "NVIDIA GeForce RTX 3060, 550.54.15", a line a GPU; a name may have a comma.
  const found = text
    .split('\n')
    .map((line) => /^(.+), *(\d+(?:\.\d+)+)$/.exec(line.trim()))
    .filter((match) => match !== null);
  const driver = found[0]?.[2];
  if (driver === undefined) return { kind: 'unusable', reason: l10n.t('nvidia-smi names no GPU.') };
  if (!isAtLeast(driver, LEAST_DRIVER)) {
    return { kind: 'unusable', reason: l10n.t('the driver is {0}; {1} is needed', driver, LEAST_DRIVER) };
  }
  return { kind: 'ready', gpus: found.map((match) => match[1] ?? ''), driver };
}
