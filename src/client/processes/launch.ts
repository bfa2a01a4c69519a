/** Starts a trainer's process, detached from ours. */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LAUNCH_VARIABLE, type LaunchOptions, type TrainerRole } from '../../protocol/launch';
import { dataDirectories, languageModelFile } from '../paths';
import { engineOptions } from './engine';
import type { TrainerOptions } from './options';
import { sweep, type TrainerPlace } from './place';

const MEMORY_SHARE = 0.8;

interface Lifetime {
  /** A process that neither client nor work needs ends after this long. */
  readonly idleSeconds: number;
  /** One that a model file blocks ends after this long, also when its client is gone. */
  readonly blockedSeconds: number;
  /** Whoever types comes first, then what computes; shapes beside the code may come a moment later. */
  readonly priority: number;
  /** It works for milliseconds, and has a few seconds for them: it shares the machine with VS Code. */
  readonly isShort?: boolean;
}

const { PRIORITY_BELOW_NORMAL: BELOW, PRIORITY_LOW: LOW } = os.constants.priority;

const LIFETIMES: Readonly<Record<TrainerRole, Lifetime>> = {
  training: { idleSeconds: 60, blockedSeconds: 600, priority: BELOW },
  inspection: { idleSeconds: 10, blockedSeconds: 30, priority: LOW, isShort: true },
  grading: { idleSeconds: 10, blockedSeconds: 600, priority: BELOW },
  // What a notebook's cells have computed is kept for whoever opens it again; a cell may compute for as long as it likes.
  kernel: { idleSeconds: 600, blockedSeconds: 7 * 24 * 3600, priority: BELOW },
};

/** Node ends a process where code was ended in the middle of a callback, as an interrupt ends an endless loop. */
const SURVIVES_TERMINATION = ['--no-force-async-hooks-checks'];

export function launch(options: TrainerOptions, place: TrainerPlace): ChildProcess {
  const { paths, role = 'training' } = options;
  const lifetime = LIFETIMES[role];
  const locale = options.locale ?? 'en';
  const bundle = path.join(paths.root, 'l10n', `bundle.l10n.${locale}.json`);
  const memoryLimitMB = options.memoryLimitMB ?? Math.floor((os.totalmem() / 2 ** 20) * MEMORY_SHARE);
  const launchOptions: LaunchOptions = {
    role,
    root: paths.root,
    lockFile: place.lockFile,
    addresses: place.addresses,
    failureFile: place.failureFile,
    interruptFile: place.interruptFile,
    blockedFile: place.blockedFile,
    ...engineOptions(options),
    dataDirectories: dataDirectories(paths),
    languageModel: languageModelFile(paths),
    locale,
    ...(fs.existsSync(bundle) ? { l10nBundle: bundle } : {}),
    memoryLimitMB,
    blockedSeconds: options.blockedSeconds ?? lifetime.blockedSeconds,
    idleSeconds: options.idleSeconds ?? lifetime.idleSeconds,
  };
  for (const file of [place.failureFile, place.interruptFile, place.blockedFile]) fs.rmSync(file, { force: true });
  sweep(place);
  const log = newLog(place.logFile);
  try {
    const child = spawn(
      options.execPath ?? process.execPath,
      [
        `--max-old-space-size=${memoryLimitMB}`,
        ...(role === 'kernel' ? SURVIVES_TERMINATION : []),
        path.join(paths.root, 'dist', 'trainer.js'),
      ],
      {
        cwd: folderOf(options),
        detached: true,
        stdio: ['ignore', log, log],
        windowsHide: true,
        env: {
          ...cleanEnvironment(),
          ELECTRON_RUN_AS_NODE: '1',
          // A relative one would be another folder there.
          DEEP_LEARNING_LAB_CACHE: paths.cache,
          ...threadsOf(options),
          [LAUNCH_VARIABLE]: JSON.stringify(launchOptions),
        },
      },
    );
    child.unref();
    giveWay(child, lifetime);
    return child;
  } finally {
    if (log !== 'ignore') fs.closeSync(log);
  }
}

/** A kernel's project is a file, which need not be there yet. */
function folderOf({ project, role }: TrainerOptions): string {
  if (role !== 'kernel') return project;
  const folder = path.dirname(project);
  return fs.existsSync(folder) ? folder : os.homedir();
}

/** The log before it is kept beside it. Where none can be written, a full disk for instance, there is none. */
function newLog(file: string): number | 'ignore' {
  try {
    if (fs.existsSync(file)) fs.renameSync(file, `${file}.old`);
    return fs.openSync(file, 'a', 0o600);
  } catch {
    return 'ignore';
  }
}

function giveWay({ pid }: ChildProcess, { priority, isShort }: Lifetime): void {
  if (pid === undefined) return;
  try {
    os.setPriority(pid, priority);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error; // it has ended, or may not be changed
  }
  if (process.platform !== 'linux' || isShort === true) return;
  try {
    // A process of a session of its own is in a group of its own there (sched(7), "The autogroup feature"), and its
    // priority counts within the group alone: it is the group that has to come after VS Code's.
    fs.writeFileSync(`/proc/${pid}/autogroup`, String(priority));
  } catch {
    // A kernel without that feature looks at the process alone.
  }
}

/** TensorFlow reads them when it is loaded. */
function threadsOf({ threads }: TrainerOptions): NodeJS.ProcessEnv {
  if (threads === undefined) return {};
  return { TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) };
}

/** VS Code's own variables would steer a Node child (its IPC, its inspector, its loaders). */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|NODE_OPTIONS$|npm_)/.test(name)),
  );
}

/** The end of a log, for errors. */
export function tail(file: string, lines = 20): string {
  try {
    return fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '';
  }
}
