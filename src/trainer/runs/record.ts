import os from 'node:os';
import path from 'node:path';
import { RUN_FORMAT, type EngineInfo, type RunRecord } from '../../protocol/run';
import type { StartRun } from '../../protocol/trainer';

/** What a run is told of the trainer that it lives in. */
export interface RunEnvironment {
  readonly engine: EngineInfo;
  readonly trainer: RunRecord['trainer'];
  readonly dataDirectories: readonly string[];
  readonly cacheDirectory: string;
  /** The process is ended above it. */
  readonly memoryLimitMB: number;
  /** Whether any client is attached now. */
  readonly isAttended: () => boolean;
}

/** The name under which a run goes until its experiment's title is known. */
export function runLabel(request: StartRun): string {
  return request.lesson ?? path.basename(request.modelFile, path.extname(request.modelFile));
}

/** The first entry of a run's record. */
export function newRecord(
  id: string,
  request: StartRun,
  environment: RunEnvironment,
  createdAt: Date,
  points: number,
): RunRecord {
  const { lesson, modelFile, resumeFrom } = request;
  return {
    format: RUN_FORMAT,
    id,
    title: runLabel(request),
    ...(lesson === undefined ? {} : { lesson }),
    modelFile,
    sourceHash: '',
    createdAt: createdAt.toISOString(),
    state: 'preparing',
    progress: { epoch: 0, step: 0, stepsPerEpoch: 0, totalSteps: 0, seconds: 0, secondsLeft: null, learningRate: 0 },
    latest: {},
    environment: {
      engine: environment.engine,
      node: process.version,
      platform: `${process.platform}-${process.arch}`,
      cpus: os.availableParallelism(),
    },
    trainer: environment.trainer,
    ...(resumeFrom === undefined
      ? {}
      : { resumedFrom: { run: path.basename(resumeFrom.runFolder), checkpoint: resumeFrom.checkpoint } }),
    points,
    checkpoints: [],
  };
}
