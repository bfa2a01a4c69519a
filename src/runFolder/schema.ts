/** What run.json and a line of metrics.jsonl must be. */
import * as v from 'valibot';
import { count, flag, list, number, object, optional, perhapsNaN, text, time, type Schema } from '../files/schema';
import type { LabErrorCode, LabErrorData } from '../protocol/errors';
import type { Fix } from '../protocol/fix';
import {
  RUN_FORMAT,
  type EndReason,
  type MetricTraits,
  type Point,
  type RunConfig,
  type RunRecord,
  type RunState,
} from '../protocol/run';
import { checkpointEpoch } from './layout';

/** Of those that were no numbers nothing is left. */
const figures = v.pipe(
  v.record(text, v.nullable(v.number())),
  v.transform((values) => withoutNull(values)),
);

const STATES = [
  'preparing',
  'training',
  'paused',
  'finished',
  'stopped',
  'failed',
  'interrupted',
] as const satisfies readonly RunState[];

const REASONS = [
  'completed',
  'targetReached',
  'noImprovement',
  'stoppedByUser',
  'killed',
  'abandoned',
  'error',
  'trainerDied',
] as const satisfies readonly EndReason[];

const place = v.looseObject({ file: text, line: count, column: count });

/** Codes and fixes of other versions are let through. */
export const errorSchema = object<LabErrorData>()({
  code: text as v.GenericSchema as Schema<LabErrorCode>,
  message: text,
  remedy: optional(text),
  expected: optional(text),
  found: optional(text),
  location: optional(place),
  field: optional(text),
  fixes: optional(list(v.looseObject({ kind: text })) as v.GenericSchema as Schema<readonly Fix[]>),
  trace: optional(list(place)),
  details: optional(text),
});

const shape = list(v.nullable(number));

const data = object<RunConfig['data']>()({
  name: text,
  train: count,
  test: count,
  inputShape: optional(shape),
  inputs: optional(v.record(text, shape)),
  classes: list(text),
  licence: text,
});

const traits = object<MetricTraits>()({
  range: optional(v.tuple([number, number])),
  better: optional(v.picklist(['higher', 'lower'])),
});

const config = object<RunConfig>()({
  epochs: count,
  batchSize: count,
  seed: number,
  optimizer: text,
  learningRate: perhapsNaN,
  schedule: optional(text),
  loss: text,
  metrics: list(text),
  traits: optional(v.record(text, traits)),
  data,
  parameters: count,
  layers: list(v.looseObject({ name: text, type: text, outputShape: list(v.nullable(number)), parameters: count })),
  reference: optional(
    object<NonNullable<RunConfig['reference']>>()({
      label: text,
      optimizer: text,
      learningRate: perhapsNaN,
      loss: text,
      parameters: count,
    }),
  ),
});

const execution = v.variant('mode', [
  v.looseObject({ mode: v.literal('compiled'), milliseconds: number, operations: count }),
  v.looseObject({ mode: v.literal('eager'), reason: text }),
]);

export const recordSchema: Schema<RunRecord> = object<RunRecord>()({
  format: v.literal(RUN_FORMAT),
  id: text,
  title: text,
  lesson: optional(text),
  modelFile: text,
  sourceHash: text,
  createdAt: time,
  state: v.picklist(STATES),
  end: optional(
    v.looseObject({ reason: v.picklist(REASONS), at: time, unattended: flag, error: optional(errorSchema) }),
  ),
  config: optional(config),
  execution: optional(execution),
  restoredEpoch: optional(count),
  referenceEnd: optional(v.looseObject({ step: count, message: text })),
  progress: object<RunRecord['progress']>()({
    epoch: count,
    step: count,
    stepsPerEpoch: count,
    totalSteps: count,
    seconds: number,
    secondsLeft: v.nullable(number),
    learningRate: perhapsNaN,
  }),
  latest: figures,
  environment: object<RunRecord['environment']>()({
    engine: optional(
      v.looseObject({
        kind: v.picklist(['native', 'wasm']),
        package: text,
        version: text,
        reason: text,
        instead: optional(errorSchema),
      }),
    ),
    node: text,
    platform: text,
    cpus: count,
  }),
  trainer: v.looseObject({ pid: v.pipe(v.number(), v.integer()), started: v.optional(text), instance: text }),
  resumedFrom: optional(v.looseObject({ run: text, checkpoint: text })),
  points: count,
  checkpoints: list(
    v.pipe(
      text,
      v.check((name) => checkpointEpoch(name) !== undefined, 'no checkpoint'),
    ),
  ),
});

/** By hand: there are millions of them, and a schema takes nearly as long as parsing the line does. */
export function pointOf(value: unknown): Point | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, step, epoch, time: seconds, learningRate, values } = value as Readonly<Record<keyof Point, unknown>>;
  if (kind !== 'step' && kind !== 'epoch') return undefined;
  if (typeof step !== 'number' || typeof epoch !== 'number' || typeof seconds !== 'number') return undefined;
  if (typeof learningRate !== 'number' && learningRate !== null) return undefined;
  if (typeof values !== 'object' || values === null) return undefined;
  let whole = learningRate !== null;
  for (const figure of Object.values(values)) {
    if (typeof figure === 'number') continue;
    if (figure !== null) return undefined;
    whole = false;
  }
  if (whole) return value as Point;
  return { ...(value as Point), learningRate: learningRate ?? Number.NaN, values: withoutNull(values) };
}

function withoutNull(values: object): Record<string, number> {
  const entries = Object.entries(values) as [string, number | null][];
  return Object.fromEntries(entries.filter((entry): entry is [string, number] => entry[1] !== null));
}
