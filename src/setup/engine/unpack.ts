/** Takes the two libraries and the C headers out of the wheel; the other 10,000 files stay in it. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import type { SetupContext } from '../context';
import { stepFailed } from '../errors';
import type { EngineTarget } from './target';

/** Where these C headers, and what they include, lie in the wheel. */
const HEADERS =
  /^tensorflow\/include\/((?:tensorflow\/c|tensorflow\/core\/platform|tsl\/platform|xla\/tsl\/c)\/.*\.h)$/;

/**
 * Writes the libraries into `libraryFolder` and the headers into `includeFolder`.
 * @throws LabError SETUP_STEP_FAILED when the file is damaged or is not the wheel we expect.
 */
export async function unpackWheel(
  wheel: string,
  target: EngineTarget,
  libraryFolder: string,
  includeFolder: string,
  context: SetupContext,
): Promise<void> {
  const wanted = (name: string): string | undefined => {
    const library = target.libraries.find((file) => name === `tensorflow/${file}`);
    if (library !== undefined) return path.join(libraryFolder, library);
    const header = HEADERS.exec(name)?.[1];
    return header === undefined ? undefined : inside(includeFolder, header);
  };
  const missing = new Set<string>(target.libraries);
  let headers = 0;
  try {
    const zip = await openPromise(wheel, { autoClose: false });
    try {
      for await (const entry of zip.eachEntry()) {
        const file = wanted(entry.fileName);
        if (file === undefined) continue;
        context.signal?.throwIfAborted();
        if (missing.delete(path.basename(file))) {
          context.report?.update(l10n.t('unpacking {0}', path.basename(file)));
        } else headers++;
        await extract(zip, entry, file, context.signal);
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    if (isDamage(error)) throw damaged(wheel, error.message, error);
    throw error;
  }
  if (missing.size > 0) throw damaged(wheel, `${[...missing].join(', ')} is not in it`);
  if (headers === 0) throw damaged(wheel, 'no headers are in it');
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
function isDamage(error: unknown): error is Error {
  if (!(error instanceof Error) || error.name === 'AbortError') return false;
  const { code, errno } = error as NodeJS.ErrnoException;
  return (code === undefined && errno === undefined) || code?.startsWith('Z_') === true;
}

function damaged(wheel: string, reason: string, cause?: unknown): Error {
  // The next run shall fetch it anew.
  fs.rmSync(path.dirname(wheel), { recursive: true, force: true });
  return stepFailed(
    l10n.t('The downloaded TensorFlow is damaged: {0}.', reason),
    l10n.t('It was deleted; run the command again to download it anew.'),
    wheel,
    cause,
  );
}
