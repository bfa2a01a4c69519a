/**
 * What was computed from data and took long, on disk, in the cache's folder `features`: a file a data set, named by the hash
 * of all that the numbers follow from. A file is the SHA-256 of its numbers, then the numbers (float32, little-endian).
 */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../../../files/replace';
import type { LoadContext } from '../../dataset';
import { notice } from '../notice';

/** The least recently used files go when there is more. */
const LIMIT_BYTES = 512 * 1024 * 1024;
const HASH_BYTES = 32;

export class NumbersCache {
  private readonly folder: string;

  constructor(
    private readonly context: LoadContext,
    private readonly limit = LIMIT_BYTES,
  ) {
    this.folder = path.join(context.cacheDirectory, 'features');
  }

  /** The numbers under this key; undefined when there are none. Damaged ones are as good as none, after a notice. */
  async read(key: string, length: number): Promise<Float32Array | undefined> {
    const file = this.fileOf(key);
    let bytes: Buffer;
    try {
      bytes = await fs.readFile(file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) this.unreadable(file);
      return undefined;
    }
    const numbers = new Uint8Array(bytes.subarray(HASH_BYTES));
    const whole = numbers.byteLength === 4 * length && bytes.subarray(0, HASH_BYTES).equals(sha256(numbers));
    if (!whole) {
      this.unreadable(file);
      return undefined;
    }
    const now = new Date();
    await fs.utimes(file, now, now).catch(() => undefined); // read-only: then it just looks older than it is
    return new Float32Array(numbers.buffer);
  }

  /** What cannot be kept is computed again the next time: a notice, not an error. What would fill it alone is not kept. */
  async write(key: string, values: Float32Array): Promise<void> {
    if (values.byteLength + HASH_BYTES > this.limit) return;
    const numbers = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    try {
      await fs.mkdir(this.folder, { recursive: true });
      await replaceFile(this.fileOf(key), Buffer.concat([sha256(numbers), numbers]));
      await this.prune();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notice(this.context, l10n.t('The computed numbers could not be stored: {0}', reason));
    }
  }

  private unreadable(file: string): void {
    notice(this.context, l10n.t('The stored numbers in {0} cannot be used; they are computed again.', file));
  }

  private fileOf(key: string): string {
    return path.join(this.folder, `${key}.f32`);
  }

  /** Drafts that a killed process left behind count as well, and are the first to be old. */
  private async prune(): Promise<void> {
    const names = await fs.readdir(this.folder);
    const files = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.folder, name);
        const { size, mtimeMs } = await fs.stat(file);
        return { file, size, mtimeMs };
      }),
    );
    let kept = 0;
    for (const { file, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
      kept += size;
      if (kept > this.limit) await fs.rm(file, { force: true });
    }
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
