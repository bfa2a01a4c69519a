/** Where local sockets may lie: in a folder that only this user can enter, under a path that the system takes whole. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LabError } from '../protocol/errors';

/** `sun_path` has 104 bytes on macOS and 108 on Linux, one of them a zero; what is longer is cut without a word. */
const LONGEST = 103;

/**
 * Addresses for a socket of this name, the best first. A runtime folder that is not set, relative, or too deep for a
 * socket's path is left out; the last one is short and always there.
 */
export function socketAddresses(name: string): readonly string[] {
  if (process.platform === 'win32') return [`\\\\.\\pipe\\deep-learning-lab-${os.userInfo().username}-${name}`];
  const bases = [process.env['XDG_RUNTIME_DIR'], os.tmpdir(), '/tmp'];
  const addresses = bases.flatMap((base) =>
    base !== undefined && path.isAbsolute(base) ? [path.join(base, folderName(), `${name}.sock`)] : [],
  );
  return [...new Set(addresses)].filter((address) => Buffer.byteLength(address) <= LONGEST);
}

const folderName = (): string => `deep-learning-lab-${os.userInfo().uid}`;

/**
 * Makes the folder of an address, or sees to it that it is ours alone.
 * @returns false where none can be made
 * @throws LabError SOCKET_FOLDER_UNSAFE
 */
export function makeSocketFolder(address: string): boolean {
  if (process.platform === 'win32') return true;
  try {
    // Not what is above it: a runtime folder that is not there is not ours to make.
    fs.mkdirSync(path.dirname(address), { mode: 0o700 });
  } catch (error) {
    // No such parent, one of another user's, a file system that is read-only: the next address.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  return isSocketFolder(address);
}

/**
 * Whether the folder of an address is there. In a shared temporary folder somebody else could have made it first.
 * @throws LabError SOCKET_FOLDER_UNSAFE
 */
export function isSocketFolder(address: string): boolean {
  if (process.platform === 'win32') return true;
  const folder = path.dirname(address);
  let stat: fs.Stats;
  try {
    stat = fs.lstatSync(folder);
  } catch {
    return false; // it is not there, or no way leads there
  }
  if (stat.isDirectory() && stat.uid === os.userInfo().uid && (stat.mode & 0o077) === 0) return true;
  throw new LabError({
    code: 'SOCKET_FOLDER_UNSAFE',
    message: l10n.t("The folder for the trainer's socket is open to other users."),
    expected: l10n.t('{0}: a folder of this user with mode 700', folder),
    found: `mode ${(stat.mode & 0o777).toString(8)}, uid ${stat.uid}`,
    remedy: l10n.t('Remove it, or run "chmod 700" on it.'),
  });
}
