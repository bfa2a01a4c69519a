/** What the set-up needs of pip: it is found or installed, and fetches packages without installing them. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import type { SetupContext } from './context';
import { stepFailed } from './errors';
import { makeFolder } from './partial';
import { CommandError, findProgram, run } from './process';
import { installFor } from './programs';

const POLL_MS = 500;
const MB = 1e6;
/** A connection that breaks goes on where it was; pip before 25.1 does not know how and begins again. */
const RESUME_RETRIES = '50';

/**
 * The command that starts a pip which works: program and first arguments.
 * @param purpose Completes "it is needed to …".
 */
export async function findPip(purpose: string, context: SetupContext): Promise<readonly string[]> {
  const working = await tryPips(context);
  if (working !== undefined) return working;
  const program = {
    name: l10n.t('Python with pip'),
    purpose,
    packages: ['python3', 'python3-pip'],
    remedy: l10n.t(
      'Install Python 3.9 or newer with pip (Debian, Ubuntu: sudo apt-get install python3-pip; macOS: brew install python) and run the command again.',
    ),
  };
  await installFor(program, context);
  const installed = await tryPips(context);
  if (installed === undefined) {
    throw stepFailed(l10n.t('Python is installed, but its pip does not start.'), program.remedy);
  }
  return installed;
}

async function tryPips(context: SetupContext): Promise<readonly string[] | undefined> {
  const commands = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']] as const;
  for (const [name, ...args] of commands) {
    const program = findProgram([name], context.env);
    if (program === undefined) continue;
    try {
      await run(program, [...args, '--version'], { env: context.env, signal: context.signal });
      return [program, ...args];
    } catch (error) {
      if (!(error instanceof CommandError)) throw error; // this one does not work: the next is tried
    }
  }
  return undefined;
}

export interface Wheel {
  /** As a user knows it, with its version: "TensorFlow 2.21.0". */
  readonly title: string;
  readonly distribution: string;
  readonly version: string;
  /** Where it is kept until it is unpacked. */
  readonly folder: string;
  /** For another Python or platform than pip's own. */
  readonly target?: readonly string[];
}

/** Path of the wheel; one that was fetched before an interruption is used again. */
export async function fetchWheel(
  { title, distribution, version, folder, target = [] }: Wheel,
  pip: readonly string[],
  context: SetupContext,
): Promise<string> {
  const requirement = `${distribution}==${version}`;
  const options = ['--only-binary=:all:', ...target];
  if (!fs.existsSync(folder))
    await makeFolder(folder, (partial) => pipDownload(pip, { requirement, title, options, folder: partial }, context));
  const file = fs.readdirSync(folder).find((name) => name.endsWith('.whl'));
  if (file === undefined) throw new Error(`No wheel in ${folder}.`);
  return path.join(folder, file);
}

export interface PipDownload {
  /** The package and its exact version, e.g. "jieba==0.42.1". */
  readonly requirement: string;
  /** As messages name it. */
  readonly title: string;
  /** Further arguments, e.g. for which Python. */
  readonly options?: readonly string[];
  /** An empty one, which gets the archive and nothing else. */
  readonly folder: string;
}

/**
 * Fetches the archive of one package, not of what it depends on; pip checks its hash.
 * @throws LabError SETUP_STEP_FAILED
 */
export async function pipDownload(
  [program = '', ...first]: readonly string[],
  { requirement, title, options = [], folder }: PipDownload,
  context: SetupContext,
): Promise<void> {
  const temporary = path.join(folder, 'tmp');
  fs.mkdirSync(temporary);
  let total: number | undefined;
  const timer = setInterval(() => {
    const fraction = total === undefined ? null : Math.min(1, sizeOf(folder) / total);
    context.report?.update(l10n.t('downloading {0}', title), fraction);
  }, POLL_MS);
  try {
    await run(
      program,
      [
        ...first,
        'download',
        ...['--no-deps', '--no-input', '--disable-pip-version-check', '--progress-bar=off'],
        ...options,
        ...['--dest', folder],
        requirement,
      ],
      {
        // pip writes what is half-fetched into its temporary folder: in ours it can be measured, and goes with it.
        env: { PIP_RESUME_RETRIES: RESUME_RETRIES, ...context.env, TMPDIR: temporary, LC_ALL: 'C' },
        signal: context.signal,
        onLine: (line) => {
          const size = /Downloading .*\(([\d.]+) MB\)/.exec(line)?.[1];
          if (size !== undefined) total = Number(size) * MB;
        },
      },
    );
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw stepFailed(
      l10n.t('pip could not download {0} ({1}).', title, requirement),
      l10n.t(
        "Check the network connection to the Python package index, and pip's own settings for a proxy or mirror, and run the command again.",
      ),
      error.output,
      error,
    );
  } finally {
    clearInterval(timer);
  }
  fs.rmSync(temporary, { recursive: true, force: true });
}

/** Bytes in all files below a folder that changes while we look. */
function sizeOf(folder: string): number {
  let bytes = 0;
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile())
      bytes += fs.statSync(path.join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}
