/** Starts a trainer's process, detached from ours. */
import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LAUNCH_VARIABLE, PREPARE_IN_CLONE, type LaunchOptions } from '../../protocol/launch';
import { dataDirectories, engineDirectories } from '../paths';
import type { TrainerOptions } from './options';
import type { TrainerPlace } from './place';

const MEMORY_SHARE = 0.8;
const IDLE_SECONDS = 60;
const BLOCKED_SECONDS = 600;

export function launch(options: TrainerOptions, place: TrainerPlace): ChildProcess {
  const { paths } = options;
  const bundle = path.join(paths.root, 'l10n', `bundle.l10n.${options.locale ?? 'en'}.json`);
  const memoryLimitMB = options.memoryLimitMB ?? Math.floor((os.totalmem() / 2 ** 20) * MEMORY_SHARE);
  const launchOptions: LaunchOptions = {
    socket: place.socket,
    failureFile: place.failureFile,
    heartbeatFile: place.heartbeatFile,
    engineDirectories: engineDirectories(paths),
    prepareEngine: options.prepareEngine ?? PREPARE_IN_CLONE,
    dataDirectories: dataDirectories(paths),
    cacheDirectory: paths.cache,
    ...(fs.existsSync(bundle) ? { l10nBundle: bundle } : {}),
    memoryLimitMB,
    blockedSeconds: options.blockedSeconds ?? BLOCKED_SECONDS,
    idleSeconds: options.idleSeconds ?? IDLE_SECONDS,
  };
  fs.rmSync(place.failureFile, { force: true });
  if (fs.existsSync(place.logFile)) fs.renameSync(place.logFile, `${place.logFile}.old`);
  const log = fs.openSync(place.logFile, 'a', 0o600);
  try {
    const child = spawn(
      options.execPath ?? process.execPath,
      [`--max-old-space-size=${memoryLimitMB}`, path.join(paths.root, 'dist', 'trainer.js')],
      {
        cwd: options.project,
        detached: true,
        stdio: ['ignore', log, log],
        windowsHide: true,
        env: { ...cleanEnvironment(), ELECTRON_RUN_AS_NODE: '1', [LAUNCH_VARIABLE]: JSON.stringify(launchOptions) },
      },
    );
    child.unref();
    if (options.role === 'inspection') giveWay(child);
    return child;
  } finally {
    fs.closeSync(log);
  }
}

/** Shapes beside the code may come a moment later; a training beside them shall not. */
function giveWay({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    os.setPriority(pid, os.constants.priority.PRIORITY_BELOW_NORMAL);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error; // it has ended, or may not be changed
  }
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
