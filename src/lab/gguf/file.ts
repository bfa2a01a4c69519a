/**
 * A GGUF file that is open: its head in memory, its tensors on disk until they are asked for.
 *
 *   const file = await GgufFile.open('model.gguf');
 *   const embedding = await file.read(file.tensors.get('token_embd.weight'));   // Float32Array
 *   await file.close();
 */
import type fs from 'node:fs';
import { openForReading } from '../../files/read';
import * as l10n from '@vscode/l10n';
import { foundInstead } from '../unreadable';
import { Cursor } from './cursor';
import { ggufCorrupt, ggufMissing } from './errors';
import { readHead, type GgufHead, type GgufTensor, type Metadata } from './head';

/** Read at once: a multiple of every block's size is taken of it. */
const PIECE_BYTES = 4 * 2 ** 20;

export class GgufFile {
  private constructor(
    readonly path: string,
    private readonly handle: fs.promises.FileHandle,
    private readonly head: GgufHead,
  ) {}

  /** @throws LabError GGUF_MISSING, GGUF_CORRUPT, GGUF_UNSUPPORTED */
  static async open(path: string): Promise<GgufFile> {
    const handle = await openForReading(path).catch((error: unknown) => {
      throw ggufMissing(path, foundInstead(error));
    });
    try {
      const { size } = await handle.stat();
      return new GgufFile(path, handle, readHead(new Cursor(path, handle.fd, size)));
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  get metadata(): Metadata {
    return this.head.metadata;
  }

  get tensors(): ReadonlyMap<string, GgufTensor> {
    return this.head.tensors;
  }

  /**
   * A tensor's numbers as float32, read in pieces: in memory are they and one piece.
   * @throws LabError GGUF_CORRUPT when the file was cut meanwhile; the signal's reason
   */
  async read({ name, format, size, position, bytes }: GgufTensor, signal?: AbortSignal): Promise<Float32Array> {
    const numbers = new Float32Array(size);
    const blocks = Math.max(1, Math.floor(PIECE_BYTES / format.bytes));
    const piece = Buffer.alloc(Math.min(blocks * format.bytes, bytes));
    for (let done = 0, to = 0; done < bytes;) {
      signal?.throwIfAborted();
      const wanted = Math.min(piece.length, bytes - done);
      await this.fill(piece, wanted, position + done, name);
      const count = (wanted / format.bytes) * format.numbers;
      format.decode(new DataView(piece.buffer, piece.byteOffset, wanted), numbers.subarray(to, to + count));
      done += wanted;
      to += count;
    }
    return numbers;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async fill(piece: Buffer, bytes: number, position: number, name: string): Promise<void> {
    for (let filled = 0; filled < bytes;) {
      const { bytesRead } = await this.handle.read(piece, filled, bytes - filled, position + filled);
      if (bytesRead === 0) {
        const expected = l10n.t('{0} in the bytes from {1} to {2}', name, position, position + bytes);
        throw ggufCorrupt(this.path, expected, l10n.t('the end of the file after {0} bytes', position + filled));
      }
      filled += bytesRead;
    }
  }
}
