import fs from 'node:fs/promises';
import path from 'node:path';
import type { Point } from '../../protocol/run';

/** Reads a run's points as they are appended, each byte once. */
export class PointTail {
  private readonly file: string;
  private offset = 0;
  /** Bytes of a line that is not finished yet. */
  private rest = Buffer.alloc(0);

  constructor(runFolder: string) {
    this.file = path.join(runFolder, 'metrics.jsonl');
  }

  /** The points that are new since the last call. */
  async read(): Promise<readonly Point[]> {
    let file: fs.FileHandle;
    try {
      file = await fs.open(this.file, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // no step yet
      throw error;
    }
    try {
      const { size } = await file.stat();
      const fresh = Buffer.alloc(Math.max(0, size - this.offset));
      const { bytesRead } = await file.read(fresh, 0, fresh.length, this.offset);
      this.offset += bytesRead;
      const bytes = Buffer.concat([this.rest, fresh.subarray(0, bytesRead)]);
      const end = bytes.lastIndexOf(0x0a) + 1;
      this.rest = bytes.subarray(end);
      const lines = bytes.subarray(0, end).toString('utf8').split('\n');
      return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Point);
    } finally {
      await file.close();
    }
  }
}
