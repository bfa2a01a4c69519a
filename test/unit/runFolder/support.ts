import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RUN_FORMAT, type Point, type RunRecord } from '../../../src/protocol/run';
import { seal } from '../../../src/files/seal';
import { pointsFile, recordFile } from '../../../src/runFolder/layout';

/** A run's folder made by hand, as if it were made here, in a folder of its own that goes with `dispose`. */
export class HandMadeRun {
  readonly runs = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-run-'));
  readonly folder = path.join(this.runs, 'by-hand');

  constructor(record: Partial<RunRecord> = {}) {
    fs.mkdirSync(path.join(this.folder, 'checkpoints'), { recursive: true });
    fs.mkdirSync(path.join(this.folder, 'artifacts'));
    seal(this.folder);
    this.record({ ...sound, ...record });
  }

  record(record: unknown): void {
    fs.writeFileSync(recordFile(this.folder), JSON.stringify(record));
  }

  append(points: readonly Point[]): void {
    fs.appendFileSync(pointsFile(this.folder), points.map(line).join(''));
  }

  dispose(): void {
    fs.rmSync(this.runs, { recursive: true, force: true });
  }
}

export const line = (point: Point): string => `${JSON.stringify(point)}\n`;

export const stepPoint = (step: number, values: Readonly<Record<string, number>> = { loss: 1 / step }): Point => ({
  kind: 'step',
  step,
  epoch: step / 10,
  time: step / 4,
  learningRate: 0.01,
  values,
});

/** A record of a run that is over, with all that may be there. */
export const sound: RunRecord = {
  format: RUN_FORMAT,
  id: 'by-hand',
  title: 'By hand',
  lesson: 'spirals',
  modelFile: '/lab/spirals/model.ts',
  sourceHash: 'ab',
  createdAt: '2026-01-02T03:04:05.000Z',
  state: 'failed',
  end: {
    reason: 'error',
    at: '2026-01-02T03:05:05.000Z',
    unattended: false,
    error: { code: 'NON_FINITE_LOSS', message: 'm', location: { file: '/m.ts', line: 1, column: 2 } },
  },
  config: {
    epochs: 3,
    batchSize: 8,
    seed: 1,
    optimizer: 'sgd',
    learningRate: 0.1,
    loss: 'mse',
    metrics: ['accuracy'],
    data: { name: 'd', train: 8, test: 2, inputShape: [2], classes: ['a', 'b'], licence: 'none' },
    parameters: 6,
    layers: [{ name: 'dense', type: 'Dense', outputShape: [null, 2], parameters: 6 }],
    reference: { label: 'other', optimizer: 'adam', learningRate: 0.1, loss: 'mse', parameters: 6 },
  },
  execution: { mode: 'compiled', milliseconds: 5, operations: 40 },
  referenceEnd: { step: 3, message: 'm' },
  progress: { epoch: 1, step: 2, stepsPerEpoch: 1, totalSteps: 3, seconds: 0.5, secondsLeft: null, learningRate: 0.1 },
  latest: { loss: 0.5 },
  environment: {
    engine: { kind: 'native', package: 'p', version: '2', reason: 'r' },
    node: 'v20',
    platform: 'linux-x64',
    cpus: 2,
  },
  trainer: { pid: 1, started: 's', instance: 'i' },
  resumedFrom: { run: 'r', checkpoint: 'epoch-0001' },
  points: 2,
  checkpoints: ['epoch-0001'],
};
