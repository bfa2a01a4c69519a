/**
 * metrics.jsonl: a point a line, only ever appended. Read in pieces of bounded size, between which others get their turn;
 * a reader goes on where it was, so that each line is parsed once.
 */
import fs from 'node:fs/promises';
import { openForReading } from '../files/read';
import type { Point } from '../protocol/run';
import { corrupt } from './errors';
import { pointsFile } from './layout';
import { pointOf } from './schema';
import { Turns } from './turns';

const PIECE_BYTES = 64 * 1024;
/** Only copied, not parsed. */
const COPIED_BYTES = 1024 * 1024;
/** A point of a thousand series has 30 kB; a longer line would hold up everything while it is parsed. */
const MOST_LINE_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;

export interface Piece {
  /** Index of the first point: its line, from 0. */
  readonly from: number;
  readonly points: readonly Point[];
}

export class PointReader {
  /** Where line `index` begins. */
  private offset = 0;
  private index = 0;
  private identity: string | undefined;

  /** @param next points before this index are passed over: their lines are counted, not parsed */
  constructor(
    private readonly folder: string,
    private next = 0,
  ) {}

  /** Points before this index need not be given. */
  passTo(index: number): void {
    this.next = Math.max(this.next, index);
  }

  /**
   * What is there and was not given yet, in order, to the end of the file as it is now; to be called again when there is
   * more. The last line may be half written, or torn by a kill: it is given when it is whole. A file that has taken the
   * place of the one before, or became shorter, is read from its beginning, and `from` says so.
   * @throws LabError RUN_CORRUPT naming the line that is no point, after all before it have been given
   */
  async *pieces(): AsyncGenerator<Piece> {
    const file = await openIfThere(this.folder);
    if (file === undefined) return; // no step yet
    const turns = new Turns();
    try {
      const stats = await file.stat();
      const identity = `${stats.dev} ${stats.ino}`;
      if ((this.identity ?? identity) !== identity || stats.size < this.offset)
        this.next = this.offset = this.index = 0;
      this.identity = identity;
      let length = PIECE_BYTES;
      while (this.offset < stats.size) {
        const bytes = Buffer.allocUnsafe(Math.min(length, stats.size - this.offset));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, this.offset);
        const whole = bytes.subarray(0, bytesRead).lastIndexOf(NEWLINE) + 1;
        if (whole > 0) {
          yield* this.take(bytes.subarray(0, whole), turns);
          length = PIECE_BYTES;
        } else {
          if (this.offset + bytesRead >= stats.size || bytesRead === 0) return;
          length *= 2;
          if (length > MOST_LINE_BYTES) throw this.damaged();
        }
      }
    } finally {
      await file.close();
    }
  }

  private async *take(lines: Buffer, turns: Turns): AsyncGenerator<Piece> {
    let piece = this.emptyPiece();
    for (let start = 0; start < lines.length;) {
      const end = lines.indexOf(NEWLINE, start);
      if (this.index >= this.next) {
        const point = parse(lines.toString('utf8', start, end));
        if (point === undefined) {
          if (piece.points.length > 0) yield piece;
          throw this.damaged();
        }
        piece.points.push(point);
      }
      this.index++;
      this.offset += end + 1 - start;
      start = end + 1;
      if (!turns.isOver) continue;
      if (piece.points.length > 0) yield piece;
      piece = this.emptyPiece();
      await turns.next();
    }
    if (piece.points.length > 0) yield piece;
  }

  private emptyPiece(): { from: number; points: Point[] } {
    return { from: Math.max(this.index, this.next), points: [] };
  }

  private damaged(): Error {
    return corrupt(this.folder, `metrics.jsonl:${this.index + 1}`);
  }
}

function parse(line: string): Point | undefined {
  try {
    return pointOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

/** All points from index `from` on, for whoever needs them at once. @throws LabError RUN_CORRUPT */
export async function readPoints(folder: string, from = 0): Promise<Point[]> {
  const all: Point[] = [];
  for await (const { points } of new PointReader(folder, from).pieces()) for (const point of points) all.push(point);
  return all;
}

/**
 * Copies the lines of the first `count` points into a folder that has none yet.
 * @returns how many there were to copy
 * @throws LabError RUN_CORRUPT when there is nothing to read; the error of the file system: where to write; the signal's
 */
export async function copyPoints(from: string, count: number, to: string, signal?: AbortSignal): Promise<number> {
  const source = await openForReading(pointsFile(from)).catch((error: unknown) => {
    throw unreadable(from, error);
  });
  try {
    const target = await fs.open(pointsFile(to), 'wx');
    try {
      return await copyLines(source, target, count, signal);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function copyLines(
  source: fs.FileHandle,
  target: fs.FileHandle,
  count: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const buffer = Buffer.allocUnsafe(COPIED_BYTES);
  let copied = 0;
  while (copied < count) {
    signal?.throwIfAborted();
    const { bytesRead } = await source.read(buffer, 0, buffer.length);
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, bytesRead);
    let end = 0;
    while (copied < count && end < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, end);
      if (newline >= 0) copied++;
      end = newline >= 0 ? newline + 1 : bytes.length;
    }
    await target.writeFile(bytes.subarray(0, end));
  }
  return copied;
}

async function openIfThere(folder: string): Promise<fs.FileHandle | undefined> {
  try {
    return await openForReading(pointsFile(folder));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(folder, error);
  }
}

function unreadable(folder: string, error: unknown): Error {
  return corrupt(folder, `metrics.jsonl: ${error instanceof Error ? error.message : String(error)}`, error);
}
