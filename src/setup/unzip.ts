/** Single files out of a zip archive, each held against its check sum. */
import fs from 'node:fs';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';

/**
 * Writes the entries for which `wanted` names a file.
 * @throws what `isDamage` knows where the archive is damaged; the signal's reason
 */
export async function unzip(
  archive: string,
  wanted: (name: string) => string | undefined,
  signal: AbortSignal | undefined,
): Promise<void> {
  const zip = await openPromise(archive, { autoClose: false });
  try {
    for await (const entry of zip.eachEntry()) {
      const file = wanted(entry.fileName);
      if (file === undefined) continue;
      signal?.throwIfAborted();
      await extract(zip, entry, file, signal);
    }
  } finally {
    zip.close();
  }
}

/** An archive must not write outside the folder it is unpacked into, whatever its entries are called. */
export function inside(folder: string, name: string): string {
  const file = path.resolve(folder, name);
  if (!file.startsWith(path.resolve(folder) + path.sep)) throw new ArchiveError(`${name} points outside the archive`);
  return file;
}

class ArchiveError extends Error {}

async function extract(zip: ZipFile, entry: Entry, file: string, signal: AbortSignal | undefined): Promise<void> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let crc = 0;
  const check = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      crc = zlib.crc32(chunk, crc);
      done(null, chunk);
    },
  });
  const options = signal === undefined ? {} : { signal };
  await pipeline(await zip.openReadStreamPromise(entry), check, fs.createWriteStream(file), options);
  if (crc !== entry.crc32) throw new ArchiveError(`the checksum of ${entry.fileName} is wrong`);
}

/** yauzl and zlib report damage as plain errors; those of the file system have an errno. */
export function isDamage(error: unknown): error is Error {
  if (!(error instanceof Error) || error.name === 'AbortError') return false;
  const { code, errno } = error as NodeJS.ErrnoException;
  return (code === undefined && errno === undefined) || code?.startsWith('Z_') === true;
}
