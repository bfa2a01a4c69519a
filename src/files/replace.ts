/**
 * Files that are replaced as a whole: whoever reads one finds the old content or the new one, never half of either.
 * A draft has a name of its own and is made or not made at all: two writers share none, and none is written through a
 * link that somebody laid there.
 */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';

type Content = string | Uint8Array;

const NEW_FILE = { flag: 'wx' } as const;

const draftOf = (file: string): string => `${file}.${randomBytes(6).toString('hex')}.tmp`;

/** @param content several parts are written one behind the other */
export async function replaceFile(file: string, content: Content | Iterable<Uint8Array>): Promise<void> {
  const draft = draftOf(file);
  try {
    await fs.promises.writeFile(draft, content, NEW_FILE);
    await fs.promises.rename(draft, file);
  } catch (error) {
    await fs.promises.rm(draft, { force: true }).catch(() => undefined); // the first error says what is wrong
    throw error;
  }
}

export interface Replacing {
  /** What to do on a full disk: `overwrite` writes over the file's own blocks, the only room there is. */
  readonly whenFull?: 'fail' | 'overwrite';
  /** Permissions; without it, those of any new file. */
  readonly mode?: number;
}

export function replaceFileSync(file: string, content: Content, { whenFull = 'fail', mode }: Replacing = {}): void {
  const draft = draftOf(file);
  try {
    fs.writeFileSync(draft, content, { ...NEW_FILE, ...(mode === undefined ? {} : { mode }) });
    fs.renameSync(draft, file);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOSPC' || whenFull === 'fail' || !fs.existsSync(file)) throw error;
    overwrite(file, Buffer.from(content));
  }
}

/** @throws ENOSPC where the new content is longer and the last block has no room for the rest */
function overwrite(file: string, bytes: Buffer): void {
  const descriptor = fs.openSync(file, fs.constants.O_RDWR | NO_LINK);
  try {
    for (let done = 0; done < bytes.length;) done += fs.writeSync(descriptor, bytes, done, bytes.length - done, done);
    fs.ftruncateSync(descriptor, bytes.length);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Windows has no such flag, and no links without a privilege. */
const NO_LINK = (fs.constants as { readonly O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0;
