/** Writes a run's folder (layout: protocol/run.ts). Nothing else writes there while the trainer lives. */
import * as l10n from '@vscode/l10n';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../protocol/errors';
import type { Picture, Point, RunRecord } from '../../protocol/run';

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
      fs.mkdirSync(path.join(folder, 'checkpoints'), { recursive: true });
      fs.mkdirSync(path.join(folder, 'artifacts'));
    } catch (error) {
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
      replaceFile(path.join(this.path, 'run.json'), JSON.stringify(record, undefined, 1));
    });
  }

  writePicture(picture: Picture): void {
    const file = path.join(this.path, 'artifacts', `${picture.kind}.json`);
    this.guarded(() => {
      replaceFile(file, JSON.stringify(picture));
    });
  }

  /** Appends whole lines with one write call, so that a reader sees at most one torn line: the last. */
  appendPoints(points: readonly Point[]): void {
    this.guarded(() => {
      this.metrics ??= fs.openSync(path.join(this.path, 'metrics.jsonl'), 'a');
      writeFully(this.metrics, Buffer.from(points.map((point) => `${JSON.stringify(point)}\n`).join('')));
    });
  }

  close(): void {
    if (this.metrics !== undefined) fs.closeSync(this.metrics);
    this.metrics = undefined;
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

function replaceFile(file: string, text: string): void {
  const temporary = `${file}.tmp`;
  try {
    fs.writeFileSync(temporary, text);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC' || !fs.existsSync(file)) throw error;
    // On a full disk there is no room beside it, but the space it has already: how a run ended must not get lost.
    overwrite(file, Buffer.from(text));
    return;
  }
  fs.renameSync(temporary, file);
}

/** @throws ENOSPC where the new text is longer and the last block has no room for the rest */
function overwrite(file: string, bytes: Buffer): void {
  const descriptor = fs.openSync(file, 'r+');
  try {
    for (let done = 0; done < bytes.length;) done += fs.writeSync(descriptor, bytes, done, bytes.length - done, done);
    fs.ftruncateSync(descriptor, bytes.length);
  } finally {
    fs.closeSync(descriptor);
  }
}

export function unwritable(folder: string, cause: unknown): LabError {
  const code = (cause as NodeJS.ErrnoException | null)?.code ?? '';
  const message =
    code === 'ENOSPC'
      ? l10n.t('The disk is full: the run cannot be recorded.')
      : l10n.t("The run's folder cannot be written.");
  return new LabError(
    {
      code: 'RUN_FOLDER_UNWRITABLE',
      message,
      found: `${folder}${code === '' ? '' : ` (${code})`}`,
      remedy:
        code === 'ENOSPC'
          ? l10n.t('Free some space and run the lesson again; the last checkpoint is kept.')
          : l10n.t("Check the folder's permissions, or choose another folder in the settings."),
    },
    { cause },
  );
}
