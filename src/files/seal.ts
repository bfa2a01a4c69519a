/**
 * Which folders were made here. What came with a repository, an archive or another machine holds whatever its sender
 * wished; a folder that the lab makes gets a seal that this user's key alone makes, and that is good at its place alone.
 */
import { createHmac, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from './cache';
import { readSmallFileSync } from './read';
import { replaceFileSync } from './replace';

const SEAL = '.made-here';
/** Hexadecimal digits of the key and of a seal. */
const DIGITS = 64;

/** Says that the folder was made here, or that the user trusts what came with it. @throws the error of the file system */
export function seal(folder: string): void {
  replaceFileSync(path.join(folder, SEAL), sealOf(folder, ownKey()));
}

export function isMadeHere(folder: string): boolean {
  try {
    return readSmallFileSync(path.join(folder, SEAL), DIGITS) === sealOf(folder, readKey());
  } catch {
    return false; // it has no seal, or nothing was ever made here
  }
}

/** By whatever links one comes to it, a folder has one place. */
function sealOf(folder: string, key: string): string {
  return createHmac('sha256', key).update(fs.realpathSync(folder)).digest('hex');
}

const keyFile = (): string => path.join(defaultCache(), 'key');

function readKey(): string {
  const key = readSmallFileSync(keyFile(), DIGITS);
  if (key.length !== DIGITS) throw new Error(`${keyFile()} is damaged`);
  return key;
}

function ownKey(): string {
  try {
    return readKey();
  } catch {
    return makeKey();
  }
}

/** Where two processes make it at once, the first one's is the key of both. A damaged one has to go: it opens nothing. */
function makeKey(): string {
  const file = keyFile();
  const draft = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(draft, randomBytes(DIGITS / 2).toString('hex'), { flag: 'wx', mode: 0o600 });
  try {
    if (fs.lstatSync(file, { throwIfNoEntry: false })?.size !== DIGITS)
      fs.rmSync(file, { recursive: true, force: true });
    fs.linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
  return readKey();
}
