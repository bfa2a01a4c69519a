/**
 * Reads chosen regular files out of a .tar.gz and nothing else: names are compared, never used as paths, and links,
 * devices and folders are passed over. POSIX ustar, as IEEE Std 1003.1 describes it.
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import { createGunzip } from 'node:zlib';
import { dataCorrupt, stopIfCancelled } from './errors';

const BLOCK = 512;
const REGULAR = new Set(['0', '\0']);

export interface WantedFile {
  /** The name inside the archive, exactly. */
  readonly entry: string;
  readonly bytes: number;
  /** Where it is written. */
  readonly target: string;
}

interface Header {
  readonly name: string;
  readonly size: number;
  readonly regular: boolean;
}

/** @throws LabError DATA_CORRUPT when the archive is damaged or lacks a wanted file; CANCELLED. */
export async function unpack(archive: string, wanted: readonly WantedFile[], signal: AbortSignal): Promise<void> {
  const missing = new Map(wanted.map((file) => [file.entry, file]));
  const input = fs.createReadStream(archive);
  const stream = input.pipe(createGunzip());
  input.on('error', (error) => stream.destroy(error));
  const reader = new BlockReader(stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>);
  try {
    for (;;) {
      stopIfCancelled(signal);
      const block = await reader.read(BLOCK);
      if (block === undefined || block.every((byte) => byte === 0)) break;
      const header = parse(block, archive);
      const padded = Math.ceil(header.size / BLOCK) * BLOCK;
      const file = header.regular ? missing.get(header.name) : undefined;
      if (file === undefined) {
        await reader.skip(padded);
        continue;
      }
      if (header.size !== file.bytes) {
        throw dataCorrupt(`${archive}: ${file.entry}`, bytes(file.bytes), bytes(header.size));
      }
      await writeFrom(reader, file, signal);
      await reader.skip(padded - header.size);
      missing.delete(header.name);
    }
  } catch (error) {
    throw isStreamFault(error) ? dataCorrupt(archive, l10n.t('a whole gzip file'), error.message) : error;
  } finally {
    input.destroy();
    stream.destroy();
  }
  const [absent] = missing.keys();
  if (absent !== undefined) throw dataCorrupt(archive, l10n.t('the file {0}', absent), l10n.t('none of that name'));
}

async function writeFrom(reader: BlockReader, file: WantedFile, signal: AbortSignal): Promise<void> {
  const handle = await fs.promises.open(file.target, 'wx');
  try {
    for (let left = file.bytes; left > 0;) {
      stopIfCancelled(signal);
      const chunk = await reader.some(left);
      await handle.writeFile(chunk);
      left -= chunk.length;
    }
  } finally {
    await handle.close();
  }
}

function parse(block: Buffer, archive: string): Header {
  const text = (from: number, length: number): string => {
    const field = block.toString('latin1', from, from + length);
    const end = field.indexOf('\0');
    return end < 0 ? field : field.slice(0, end);
  };
  const octal = (from: number, length: number): number => {
    const field = text(from, length).trim();
    return /^[0-7]+$/.test(field) ? Number.parseInt(field, 8) : Number.NaN;
  };
  // The check sum is over the header with its own field as spaces.
  const sum = block.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  const size = octal(124, 12);
  if (octal(148, 8) !== sum || Number.isNaN(size)) {
    throw dataCorrupt(archive, l10n.t('a tar archive'), l10n.t('a header whose check sum is wrong'));
  }
  const prefix = text(257, 5) === 'ustar' ? text(345, 155) : '';
  const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  return { name, size, regular: REGULAR.has(block.toString('latin1', 156, 157)) };
}

/** Cuts a stream of chunks into the lengths that are asked for. */
class BlockReader {
  private rest: Buffer = Buffer.alloc(0);
  constructor(private readonly chunks: AsyncIterator<Buffer>) {}

  /** Exactly that many bytes; undefined at the end of the stream. */
  async read(length: number): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (let left = length; left > 0;) {
      if (!(await this.fill())) {
        if (parts.length === 0) return undefined;
        throw new UnexpectedEnd();
      }
      const part = this.take(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts);
  }

  /** At least one byte and at most that many. */
  async some(most: number): Promise<Buffer> {
    if (!(await this.fill())) throw new UnexpectedEnd();
    return this.take(most);
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0;) left -= (await this.some(left)).length;
  }

  private take(most: number): Buffer {
    const part = this.rest.subarray(0, most);
    this.rest = this.rest.subarray(part.length);
    return part;
  }

  private async fill(): Promise<boolean> {
    while (this.rest.length === 0) {
      const next = await this.chunks.next();
      if (next.done === true) return false;
      this.rest = next.value;
    }
    return true;
  }
}

class UnexpectedEnd extends Error {
  readonly code = 'UNEXPECTED_END';
  constructor() {
    super(l10n.t('an end in the middle of a file'));
  }
}

/** zlib's own errors, and an archive that ends too early; a full disk is another matter. */
function isStreamFault(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return false;
  return error.code.startsWith('Z_') || error.code === 'UNEXPECTED_END';
}

function bytes(count: number): string {
  return l10n.t('{0} bytes', count);
}
