/**
 * A checkpoint's checkpoint.json, and its weights.bin as bytes: held against a schema and a hash before anything is made
 * of them.
 */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { openForReadingSync, readSmallFileSync } from '../../files/read';
import {
  count,
  list,
  NewerFormat,
  number,
  object,
  optional,
  parseAs,
  perhapsNaN,
  text,
  type Schema,
} from '../../files/schema';
import type { RateState } from '../../learning/training/learningRate';
import type { ReferenceState, TrainingState } from '../../learning/training/state';
import { LabError } from '../../protocol/errors';
import type { ReferenceEnd } from '../../protocol/run';
import { newer } from '../../runFolder/errors';

export const FORMAT = 2;

const MANIFEST = 'checkpoint.json';
const WEIGHTS = 'weights.bin';
/** A model of a thousand layers has a manifest of a megabyte. */
const MOST_BYTES = 64 * 1024 * 1024;

/** A training's state, and where the run was then. */
export interface CheckpointState extends TrainingState {
  /** Lines of metrics.jsonl up to here. */
  readonly points: number;
  /** Of the run's record: why the model to compare with had ended. */
  readonly referenceEnd?: ReferenceEnd;
}

export interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly offset: number;
  readonly bytes: number;
}

export interface SavedTensors {
  readonly weights: readonly TensorEntry[];
  readonly optimizer: readonly TensorEntry[];
}

export interface Manifest extends SavedTensors {
  readonly format: typeof FORMAT;
  readonly state: CheckpointState;
  /** The model to compare with, in the same file. */
  readonly reference?: SavedTensors;
  /** SHA-256 of weights.bin, hex. */
  readonly sha256: string;
}

const BYTES_EACH = { float32: 4, int32: 4, bool: 1 } as const;

/** Its bytes are as many as its shape needs. */
const entry = v.pipe(
  object<TensorEntry>()({
    name: text,
    shape: list(count),
    dtype: v.picklist(['float32', 'int32', 'bool']),
    offset: count,
    bytes: count,
  }),
  v.check(({ shape, dtype, bytes }) => bytes === shape.reduce((size, n) => size * n, BYTES_EACH[dtype]), 'bytes'),
);

const saved = { weights: list(entry), optimizer: list(entry) };

const scheduled = object<RateState>()({
  scale: perhapsNaN,
  plateau: optional(v.looseObject({ rate: number, best: v.nullable(number), wait: count, cooldown: count })),
});

const random = list(number);

const schema: Schema<Manifest> = object<Manifest>()({
  format: v.literal(FORMAT),
  state: object<CheckpointState>()({
    epoch: count,
    step: count,
    seconds: number,
    learningRate: perhapsNaN,
    rate: optional(scheduled),
    random,
    stopping: v.looseObject({ best: v.nullable(number), epochsWithoutImprovement: count }),
    reference: optional(
      object<ReferenceState>()({
        learningRate: perhapsNaN,
        scheduled: optional(scheduled),
        random,
        ended: optional(count),
      }),
    ),
    points: count,
    referenceEnd: optional(v.looseObject({ step: count, message: text })),
  }),
  ...saved,
  reference: optional(object<SavedTensors>()(saved)),
  sha256: text,
});

/** Where a checkpoint in the making is written. */
export const manifestFile = (folder: string): string => path.join(folder, MANIFEST);
export const weightsFile = (folder: string): string => path.join(folder, WEIGHTS);

/** Everything of a checkpoint that is whole, to the last byte. @throws LabError CHECKPOINT_DAMAGED, FORMAT_NEWER */
export function openCheckpoint(folder: string): { readonly manifest: Manifest; readonly bytes: Buffer } {
  try {
    const manifest = parseAs(schema, readSmallFileSync(manifestFile(folder), MOST_BYTES));
    const bytes = readWhole(weightsFile(folder), lengthOf(manifest));
    if (createHash('sha256').update(bytes).digest('hex') !== manifest.sha256) throw new Error(`${WEIGHTS}: SHA-256`);
    return { manifest, bytes };
  } catch (error) {
    if (error instanceof NewerFormat) throw newer(path.basename(folder), error);
    throw damaged(path.basename(folder), error instanceof Error ? error.message : String(error), error);
  }
}

/** One tensor after the other. */
function lengthOf({ weights, optimizer, reference }: Manifest): number {
  let end = 0;
  for (const { name, offset, bytes } of [
    ...weights,
    ...optimizer,
    ...(reference?.weights ?? []),
    ...(reference?.optimizer ?? []),
  ]) {
    if (offset !== end) throw new Error(`${MANIFEST}: ${name}`);
    end += bytes;
  }
  return end;
}

function readWhole(file: string, length: number): Buffer {
  const descriptor = openForReadingSync(file);
  try {
    const { size } = fs.fstatSync(descriptor);
    if (size !== length) throw new Error(`${WEIGHTS}: ${l10n.t('{0} bytes', size)}`);
    return fs.readFileSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

export function damaged(checkpoint: string, found: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'CHECKPOINT_DAMAGED',
      message: l10n.t('The checkpoint "{0}" cannot be read.', checkpoint),
      expected: l10n.t('a complete checkpoint'),
      found,
      remedy: l10n.t('Resume from an earlier checkpoint, or start a new run.'),
    },
    { cause },
  );
}
