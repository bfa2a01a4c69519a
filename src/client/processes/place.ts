/** Where a trainer's socket, log and signs of life are: the same for every client of one project. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';
import type { TrainerOptions } from './options';

export interface TrainerPlace {
  readonly socket: string;
  readonly logFile: string;
  readonly failureFile: string;
  readonly heartbeatFile: string;
}

/** @throws LabError SOCKET_FOLDER_UNSAFE when the folder is not ours alone */
export function trainerPlace({ project, role = 'training' }: Pick<TrainerOptions, 'project' | 'role'>): TrainerPlace {
  const name = createHash('sha256')
    .update(`${role} ${path.resolve(project)}`)
    .digest('hex')
    .slice(0, 16);
  const folder = privateFolder();
  sweep(folder);
  return {
    socket:
      process.platform === 'win32'
        ? `\\\\.\\pipe\\deep-learning-lab-${os.userInfo().username}-${name}`
        : path.join(folder, `${name}.sock`),
    logFile: path.join(folder, `${name}.log`),
    failureFile: path.join(folder, `${name}.failure.json`),
    heartbeatFile: path.join(folder, `${name}.alive`),
  };
}

/** A folder of mode 0700. In a shared temporary folder somebody else could have made it first: then it is refused. */
function privateFolder(): string {
  if (process.platform === 'win32') {
    const folder = path.join(os.tmpdir(), 'deep-learning-lab');
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }
  const uid = os.userInfo().uid;
  const folder = path.join(process.env['XDG_RUNTIME_DIR'] ?? os.tmpdir(), `deep-learning-lab-${uid}`);
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = fs.lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== uid || (stat.mode & 0o077) !== 0) {
    throw new LabError({
      code: 'SOCKET_FOLDER_UNSAFE',
      message: l10n.t("The folder for the trainer's socket is open to other users."),
      expected: l10n.t('{0}: a folder of this user with mode 700', folder),
      found: `mode ${(stat.mode & 0o777).toString(8)}, uid ${stat.uid}`,
      remedy: l10n.t('Remove it, or run "chmod 700" on it.'),
    });
  }
  return folder;
}

const LEFTOVER_MS = 24 * 60 * 60 * 1000;

/** Killed trainers leave their files behind; those without a sign of life for a day are removed. */
function sweep(folder: string): void {
  const files = fs.readdirSync(folder);
  for (const heartbeat of files.filter((file) => file.endsWith('.alive'))) {
    const stat = fs.statSync(path.join(folder, heartbeat), { throwIfNoEntry: false });
    if (stat === undefined || Date.now() - stat.mtimeMs < LEFTOVER_MS) continue;
    const name = path.basename(heartbeat, '.alive');
    for (const file of files.filter((other) => other.startsWith(`${name}.`))) {
      fs.rmSync(path.join(folder, file), { force: true });
    }
  }
}
