/** Files that others wrote: what stands in their place and is none is refused before a byte of it is read. */
import fs from 'node:fs';

/** Opening a pipe would wait for its other end. Windows has no such flag. */
const AT_ONCE = (fs.constants as { readonly O_NONBLOCK?: number }).O_NONBLOCK ?? 0;
const READING = fs.constants.O_RDONLY | AT_ONCE;

/** A folder, a pipe, a device: there is something, and it cannot be read to an end. */
export class NotAFile extends Error {
  constructor(readonly isFolder: boolean) {
    super('not a file');
  }
}

/** @throws the error of the file system; NotAFile */
export async function openForReading(file: string): Promise<fs.promises.FileHandle> {
  const handle = await fs.promises.open(file, READING);
  try {
    requireFile(await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** As `openForReading`. */
export function openForReadingSync(file: string): number {
  const descriptor = fs.openSync(file, READING);
  try {
    requireFile(fs.fstatSync(descriptor));
    return descriptor;
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
}

/** The text of a file that has no more than `mostBytes`. @throws as `openForReading`; Error for a larger one */
export async function readSmallFile(file: string, mostBytes: number): Promise<string> {
  const handle = await openForReading(file);
  try {
    requireSmall(await handle.stat(), mostBytes);
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/** As `readSmallFile`. */
export function readSmallFileSync(file: string, mostBytes: number): string {
  const descriptor = openForReadingSync(file);
  try {
    requireSmall(fs.fstatSync(descriptor), mostBytes);
    return fs.readFileSync(descriptor, 'utf8');
  } finally {
    fs.closeSync(descriptor);
  }
}

function requireFile(stats: fs.Stats): void {
  if (!stats.isFile()) throw new NotAFile(stats.isDirectory());
}

function requireSmall({ size }: fs.Stats, mostBytes: number): void {
  if (size > mostBytes) throw new Error(`${size} bytes, more than ${mostBytes}`);
}
