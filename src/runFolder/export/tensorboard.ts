/**
 * A run as TensorBoard event files, laid out as Keras' TensorBoard callback does: `train/` and `validation/`, tags
 * `batch_*` by step and `epoch_*` by epoch. The model to compare with has the same tags in `reference_train/` and
 * `reference_validation/`, so that TensorBoard lays its curves over the others.
 *
 * A value's wall time is when the run was begun plus the seconds it had trained by then: how long it prepared and paused
 * before is not recorded, so that the true time is later by as much. The curve of a resumed run, with what it continues,
 * begins where the resumed run does.
 */
import fs from 'node:fs/promises';
import path from 'node:path';
import { seriesParts, type Point } from '../../protocol/run';
import { unwritable } from '../errors';
import { PointReader } from '../points';
import { readRecord } from '../record';
import { Turns } from '../turns';
import { EventFile } from './eventFile';

/** Written again, the files are replaced. @throws LabError RUN_CORRUPT, RUN_FOLDER_UNWRITABLE */
export async function exportTensorBoard(runFolder: string, outputDirectory: string): Promise<void> {
  const begun = Date.parse((await readRecord(runFolder)).createdAt) / 1000;
  const board = new Board(outputDirectory, begun);
  const turns = new Turns();
  try {
    for await (const { points } of new PointReader(runFolder).pieces()) {
      for (const { kind, values, step, epoch, time, learningRate } of points) {
        const at = kind === 'step' ? step : epoch;
        const wallTime = begun + time;
        const series = kind === 'step' ? values : { ...values, learning_rate: learningRate };
        for (const [name, value] of Object.entries(series)) {
          const { file, tag } = board.curves[kind].get(name) ?? (await board.begin(kind, name));
          file.scalar({ tag, step: at, value, wallTime });
          if (turns.isOver) await turns.next();
        }
      }
      await board.flush();
    }
  } finally {
    await board.close();
  }
}

interface Curve {
  readonly file: EventFile;
  readonly tag: string;
}

class Board {
  /** By the series' name. */
  readonly curves = { step: new Map<string, Curve>(), epoch: new Map<string, Curve>() };
  /** By the name of the folder. */
  private readonly files = new Map<string, EventFile>();

  constructor(
    private readonly directory: string,
    private readonly begun: number,
  ) {}

  async begin(kind: Point['kind'], series: string): Promise<Curve> {
    const { metric, validation, reference } = seriesParts(series);
    const file = await this.file(`${reference ? 'reference_' : ''}${validation ? 'validation' : 'train'}`);
    const curve = { file, tag: `${kind === 'step' ? 'batch' : 'epoch'}_${metric}` };
    this.curves[kind].set(series, curve);
    return curve;
  }

  async flush(): Promise<void> {
    await this.guarded(async () => {
      for (const file of this.files.values()) await file.flush();
    });
  }

  async close(): Promise<void> {
    for (const file of this.files.values()) await file.close();
  }

  private async file(folderName: string): Promise<EventFile> {
    const known = this.files.get(folderName);
    if (known !== undefined) return known;
    return await this.guarded(async () => {
      const folder = path.join(this.directory, folderName);
      await fs.mkdir(folder, { recursive: true });
      const name = `events.out.tfevents.${Math.floor(this.begun)}.deep-learning-lab`;
      const file = await EventFile.create(path.join(folder, name), this.begun);
      this.files.set(folderName, file);
      return file;
    });
  }

  private async guarded<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      throw unwritable(this.directory, error);
    }
  }
}
