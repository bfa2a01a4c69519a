/**
 * What took long to compute, in a folder of the cache: a file a result, named by the hash of all that it follows from. A
 * file is the SHA-256 of what comes behind it. The least recently used go when there is more than a limit.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { replaceFile } from '../../../files/replace';
import type { LoadContext } from '../../dataset';
import { notice } from '../notice';

export interface KeptOptions {
  /** In the cache. */
  readonly folder: string;
  /** Of the files' names, e.g. ".f32". */
  readonly ending: string;
  readonly limitBytes: number;
  /** What the learner is told; it is computed again, so neither is an error. */
  readonly unreadable: (file: string) => string;
  readonly unwritable: (reason: string) => string;
}

const HASH_BYTES = 32;
/** Hashed at a stretch: 20 ms. */
const PIECE = 16 * 1024 * 1024;

export class Kept {
  private readonly folder: string;

  constructor(
    private readonly context: LoadContext,
    private readonly options: KeptOptions,
  ) {
    this.folder = path.join(context.cacheDirectory, options.folder);
  }

  /** What was kept under this key; undefined when there is nothing. Damaged files are as good as none, after a notice. */
  async read(key: string, isWhole: (bytes: Buffer) => boolean): Promise<Buffer | undefined> {
    const file = this.fileOf(key);
    let bytes: Buffer;
    try {
      bytes = await fs.readFile(file);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) this.unreadable(file);
      return undefined;
    }
    const content = bytes.subarray(HASH_BYTES);
    if (!bytes.subarray(0, HASH_BYTES).equals(await sha256([content])) || !isWhole(content)) {
      this.unreadable(file);
      return undefined;
    }
    const now = new Date();
    await fs.utimes(file, now, now).catch(() => undefined); // read-only: then it just looks older than it is
    return content;
  }

  /** What cannot be kept is computed again the next time: a notice, not an error. What would fill it alone is not kept. */
  async write(key: string, parts: readonly Uint8Array[]): Promise<void> {
    const bytes = parts.reduce((sum, part) => sum + part.byteLength, HASH_BYTES);
    if (bytes > this.options.limitBytes) return;
    try {
      await fs.mkdir(this.folder, { recursive: true });
      await replaceFile(this.fileOf(key), [await sha256(parts), ...parts]);
      await this.prune();
    } catch (error) {
      notice(this.context, this.options.unwritable(error instanceof Error ? error.message : String(error)));
    }
  }

  private unreadable(file: string): void {
    notice(this.context, this.options.unreadable(file));
  }

  private fileOf(key: string): string {
    return path.join(this.folder, `${key}${this.options.ending}`);
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
      if (kept > this.options.limitBytes) await fs.rm(file, { force: true });
    }
  }
}

async function sha256(parts: readonly Uint8Array[]): Promise<Buffer> {
  const hash = createHash('sha256');
  for (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE) {
      if (at > 0) await nextTurn();
      hash.update(part.subarray(at, at + PIECE));
    }
  }
  return hash.digest();
}
