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
import { seriesParts } from '../../protocol/run';
import { unwritable } from '../errors';
import { PointReader } from '../points';
import { readRecord } from '../record';
import { EventFile } from './eventFile';

/** Written again, the files are replaced. @throws LabError RUN_CORRUPT, RUN_FOLDER_UNWRITABLE */
export async function exportTensorBoard(runFolder: string, outputDirectory: string): Promise<void> {
  const begun = Date.parse((await readRecord(runFolder)).createdAt) / 1000;
  const files = new EventFiles(outputDirectory, begun);
  try {
    for await (const { points } of new PointReader(runFolder).pieces()) {
      for (const { kind, values, step, epoch, time, learningRate } of points) {
        const at = { step: kind === 'step' ? step : epoch, wallTime: begun + time };
        for (const [name, value] of Object.entries(values)) {
          const { metric, validation, reference } = seriesParts(name);
          const file = await files.of(`${reference ? 'reference_' : ''}${validation ? 'validation' : 'train'}`);
          file.scalar({ ...at, tag: `${kind === 'step' ? 'batch' : 'epoch'}_${metric}`, value });
        }
        if (kind === 'epoch')
          (await files.of('train')).scalar({ ...at, tag: 'epoch_learning_rate', value: learningRate });
      }
      await files.flush();
    }
  } finally {
    await files.close();
  }
}

class EventFiles {
  private readonly made = new Map<string, EventFile>();

  constructor(
    private readonly directory: string,
    private readonly begun: number,
  ) {}

  async of(split: string): Promise<EventFile> {
    const known = this.made.get(split);
    if (known !== undefined) return known;
    return await this.guarded(async () => {
      const folder = path.join(this.directory, split);
      await fs.mkdir(folder, { recursive: true });
      const name = `events.out.tfevents.${Math.floor(this.begun)}.deep-learning-lab`;
      const file = await EventFile.create(path.join(folder, name), this.begun);
      this.made.set(split, file);
      return file;
    });
  }

  async flush(): Promise<void> {
    await this.guarded(async () => {
      for (const file of this.made.values()) await file.flush();
    });
  }

  async close(): Promise<void> {
    for (const file of this.made.values()) await file.close();
  }

  private async guarded<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await write();
    } catch (error) {
      throw unwritable(this.directory, error);
    }
  }
}
