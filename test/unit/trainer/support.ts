import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import { followRun } from '../../../src/client/runs/follow';
import { TrainerConnection } from '../../../src/client/processes/connection';
import type { TrainerOptions } from '../../../src/client/processes/options';
import { Worker } from '../../../src/client/processes/worker';
import type { Picture } from '../../../src/protocol/pictures';
import type { Point, RunRecord } from '../../../src/protocol/run';
import type { StartRun } from '../../../src/protocol/trainer';

export const root = path.resolve('.');

/** A temporary working copy with its own trainers; `dispose` kills and removes what is left. */
export class Bench {
  readonly folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lab-trainer-')));
  readonly runs = path.join(this.folder, '.lab', 'runs');
  private readonly trainers: TrainerConnection[] = [];
  private readonly workers: Worker[] = [];

  modelFile(text: string, name = 'model.ts'): string {
    const file = path.join(this.folder, name);
    fs.writeFileSync(file, text);
    return file;
  }

  options(extra: Partial<TrainerOptions> = {}): TrainerOptions {
    return { project: this.folder, paths: { root, cache: defaultCache() }, idleSeconds: 2, ...extra };
  }

  async trainer(extra: Partial<TrainerOptions> = {}): Promise<TrainerConnection> {
    const trainer = await TrainerConnection.start(this.options(extra));
    this.trainers.push(trainer);
    return trainer;
  }

  worker(extra: Partial<TrainerOptions> = {}): Worker {
    const worker = new Worker(() => this.options({ idleSeconds: 30, ...extra }));
    this.workers.push(worker);
    return worker;
  }

  async start(trainer: TrainerConnection, modelFile: string, extra: Partial<StartRun> = {}): Promise<Followed> {
    const { runFolder, record } = await trainer.request('run/start', {
      modelFile,
      runsDirectory: this.runs,
      abandon: { action: 'continue', graceSeconds: 30 },
      ...extra,
    });
    return new Followed(trainer, runFolder, record.id);
  }

  async dispose(): Promise<void> {
    for (const worker of this.workers) await worker.shutDown();
    for (const trainer of this.trainers) await trainer.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}

/** All that a client hears of a run. */
export class Followed {
  readonly points: Point[] = [];
  readonly pictures: Picture[] = [];
  readonly indices: number[] = [];
  record: RunRecord | undefined;
  private readonly waiting = new Set<() => void>();
  private readonly following;

  constructor(
    trainer: TrainerConnection | undefined,
    readonly runFolder: string,
    readonly id: string,
  ) {
    this.following = followRun(trainer, runFolder, {
      record: (record) => {
        this.record = record;
        this.changed();
      },
      points: (from, points) => {
        points.forEach((point, index) => {
          this.points.push(point);
          this.indices.push(from + index);
        });
        this.changed();
      },
      picture: (picture) => {
        this.pictures.push(picture);
        this.changed();
      },
    });
  }

  get ready(): Promise<void> {
    return this.following.ready;
  }

  epochs(): Point[] {
    return this.points.filter(({ kind }) => kind === 'epoch');
  }

  steps(): Point[] {
    return this.points.filter(({ kind }) => kind === 'step');
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.waiting.add(resolve));
  }

  async ended(): Promise<RunRecord> {
    await this.until(() => this.record?.end !== undefined);
    return this.record!;
  }

  dispose(): void {
    this.following.dispose();
  }

  private changed(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

export interface Recipe {
  readonly epochs?: number;
  readonly optimizer?: string;
  readonly dropout?: number;
  readonly seed?: number;
  readonly extra?: string;
  readonly samples?: number;
}

/** A small experiment on spirals that uses everything a resumed run has to restore. */
export function spirals({
  epochs = 3,
  optimizer = 'tf.train.adam(0.01)',
  dropout = 0.2,
  seed = 1,
  extra = '',
  samples = 96,
}: Recipe = {}): string {
  return `
import { experiment, datasets, tf } from 'deep-learning-lab';
export default experiment({
  title: 'Spirals',
  data: datasets.spirals({ train: ${samples}, test: 60 }),
  model: ({ inputShape, classes }) =>
    tf.sequential({
      layers: [
        tf.layers.dense({ inputShape, units: 8, activation: 'tanh', name: 'first' }),
        tf.layers.dropout({ rate: ${dropout} }),
        tf.layers.dense({ units: classes, activation: 'softmax', name: 'last' }),
      ],
    }),
  optimizer: () => ${optimizer},
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  epochs: ${epochs},
  batchSize: 32,
  seed: ${seed},
  ${extra}
});
`;
}
