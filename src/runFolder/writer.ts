/** Writes a run's folder. Nothing else writes there while the trainer lives. */
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { replaceFileSync } from '../files/replace';
import { seal } from '../files/seal';
import { LabError } from '../protocol/errors';
import type { Picture } from '../protocol/pictures';
import type { Point, RunRecord } from '../protocol/run';
import { unwritable } from './errors';
import { checkpointsFolder, pictureFile, picturesFolder, pointsFile, recordFile } from './layout';
import { recordText } from './record';

export class RunFolder {
  private metrics: number | undefined;

  private constructor(
    readonly path: string,
    readonly id: string,
  ) {}

  /** @throws LabError RUN_FOLDER_UNWRITABLE */
  static create(runsDirectory: string, label: string, now: Date): RunFolder {
    const time = now
      .toISOString()
      .replaceAll(/[-:]|\.\d+Z$/g, '')
      .replace('T', '-');
    const id = `${time}-${label.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}-${randomBytes(2).toString('hex')}`;
    const folder = path.join(runsDirectory, id);
    try {
      fs.mkdirSync(checkpointsFolder(folder), { recursive: true });
      fs.mkdirSync(picturesFolder(folder));
      seal(folder);
    } catch (error) {
      // Half a folder is no run.
      if (fs.existsSync(folder)) fs.rmSync(folder, { recursive: true, force: true });
      throw unwritable(folder, error);
    }
    return new RunFolder(folder, id);
  }

  writeSource(fileName: string, source: string): void {
    this.guarded(() => {
      fs.writeFileSync(path.join(this.path, fileName), source);
    });
  }

  writeRecord(record: RunRecord): void {
    this.guarded(() => {
      // How a run ended must not get lost.
      replaceFileSync(recordFile(this.path), recordText(record), { whenFull: 'overwrite' });
    });
  }

  writePicture(picture: Picture): void {
    this.guarded(() => {
      replaceFileSync(pictureFile(this.path, picture.kind), JSON.stringify(picture));
    });
  }

  /** Appends whole lines with one write call, so that a reader sees at most one torn line: the last. */
  appendPoints(points: readonly Point[]): void {
    this.guarded(() => {
      this.metrics ??= fs.openSync(pointsFile(this.path), 'a');
      writeFully(this.metrics, Buffer.from(points.map((point) => `${JSON.stringify(point)}\n`).join('')));
    });
  }

  close(): void {
    if (this.metrics !== undefined) fs.closeSync(this.metrics);
    this.metrics = undefined;
  }

  /** For a run that does not come to be. */
  remove(): void {
    fs.rmSync(this.path, { recursive: true, force: true });
  }

  /** Runs a write and names the folder when it fails. */
  guarded<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw error instanceof LabError ? error : unwritable(this.path, error);
    }
  }
}

function writeFully(descriptor: number, bytes: Buffer): void {
  const before = fs.fstatSync(descriptor).size;
  let offset = 0;
  try {
    while (offset < bytes.length) offset += fs.writeSync(descriptor, bytes, offset);
  } catch (error) {
    // A full disk may take half the bytes; without them a repeated write would leave a torn line in the middle.
    fs.ftruncateSync(descriptor, before);
    throw error;
  }
}
