/**
 * Takes chosen regular files out of a .tar.gz and nothing else: names are compared, never used as paths, and links,
 * devices and folders are passed over.
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { LabError } from '../../protocol/errors';
import { dataCorrupt, stopIfCancelled } from './errors';

export interface WantedFile {
  /** The name inside the archive, exactly. */
  readonly entry: string;
  readonly bytes: number;
  /** Where it is written; nothing may be there yet. */
  readonly target: string;
}

/** @throws LabError DATA_CORRUPT when the archive is damaged or lacks a wanted file; CANCELLED. */
export async function unpack(archive: string, wanted: readonly WantedFile[], signal: AbortSignal): Promise<void> {
  const missing = new Map(wanted.map((file) => [file.entry, file]));
  const entries = extract();
  const reading = pipeline(fs.createReadStream(archive), createGunzip(), entries, { signal });
  reading.catch(() => undefined); // the loop sees it too, and may have thrown already
  try {
    for await (const entry of entries) {
      const { name, type, size } = entry.header;
      const file = type === 'file' ? missing.get(name) : undefined;
      if (file === undefined) {
        entry.resume();
        continue;
      }
      if (size !== file.bytes) throw dataCorrupt(`${archive}: ${file.entry}`, bytes(file.bytes), bytes(size));
      await write(entry, file.target);
      missing.delete(name);
    }
    await reading;
  } catch (error) {
    stopIfCancelled(signal);
    if (error instanceof LabError || isFileFault(error)) throw error;
    // Whoever reads an entry may learn only that it was cut off; the reason is known where the archive is read.
    const reason = await reading.then(
      () => error,
      (first: unknown) => first,
    );
    if (isFileFault(reason) || !(reason instanceof Error)) throw reason;
    throw dataCorrupt(archive, l10n.t('a whole .tar.gz file'), reason.message);
  }
  const [absent] = missing.keys();
  if (absent !== undefined) throw dataCorrupt(archive, l10n.t('the file {0}', absent), l10n.t('none of that name'));
}

/** The file is closed when this ends, so that the caller can remove it. */
async function write(chunks: AsyncIterable<unknown>, target: string): Promise<void> {
  const handle = await fs.promises.open(target, 'wx');
  try {
    for await (const chunk of chunks) await handle.writeFile(chunk as Buffer);
  } finally {
    await handle.close();
  }
}

/** The disk's, not the archive's. */
const isFileFault = (error: unknown): boolean => error instanceof Error && 'syscall' in error;

function bytes(count: number): string {
  return l10n.t('{0} bytes', count);
}
