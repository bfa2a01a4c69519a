/**
 * A checkpoint is a folder: checkpoint.json and weights.bin (float32, little-endian, one tensor after the other).
 * It is written beside its place, flushed to the disk, then renamed: a folder without ".tmp" is whole.
 */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../protocol/errors';
import type { ReferenceEnd } from '../../protocol/run';
import { LearningError, type NamedShape } from '../../learning/errors';
import type { NamedTensor } from '../../learning/training/optimizer';
import { requireFit, restoreTensors, tensorsOf, type Model, type TrainingState } from '../../learning/training/state';

const FORMAT = 1;

/** A training's state, and where the run was then. */
export interface CheckpointState extends TrainingState {
  /** Lines of metrics.jsonl up to here. */
  readonly points: number;
  /** Of the run's record: why the model to compare with had ended. */
  readonly referenceEnd?: ReferenceEnd;
}

interface TensorEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly offset: number;
  readonly bytes: number;
}

interface Manifest {
  readonly format: typeof FORMAT;
  readonly state: CheckpointState;
  readonly weights: readonly TensorEntry[];
  readonly optimizer: readonly TensorEntry[];
  /** The model to compare with, in the same file. */
  readonly reference?: { readonly weights: readonly TensorEntry[]; readonly optimizer: readonly TensorEntry[] };
}

/** Writes `<directory>/<name>`; a checkpoint of that name is replaced. */
export function writeCheckpoint(
  directory: string,
  name: string,
  model: Model,
  state: CheckpointState,
  reference?: Model,
): void {
  const target = path.join(directory, name);
  const temporary = `${target}.tmp`;
  fs.rmSync(temporary, { recursive: true, force: true });
  // Not its parents: a run whose folder was deleted must not bring it back.
  fs.mkdirSync(temporary);

  const file = fs.openSync(path.join(temporary, 'weights.bin'), 'w');
  let offset = 0;
  const append = ({ name: tensorName, tensor }: NamedTensor): TensorEntry => {
    const values = tensor.dataSync();
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    for (let done = 0; done < bytes.length;) done += fs.writeSync(file, bytes, done);
    const entry = {
      name: tensorName,
      shape: tensor.shape,
      dtype: tensor.dtype as TensorEntry['dtype'],
      offset,
      bytes: bytes.length,
    };
    offset += bytes.length;
    return entry;
  };
  const saved = (of: Model): Saved => {
    const { weights, optimizer } = tensorsOf(of);
    return { weights: weights.map(append), optimizer: optimizer.map(append) };
  };
  try {
    const manifest: Manifest = {
      format: FORMAT,
      state,
      ...saved(model),
      ...(reference === undefined ? {} : { reference: saved(reference) }),
    };
    fs.fsyncSync(file);
    fs.writeFileSync(path.join(temporary, 'checkpoint.json'), JSON.stringify(manifest), { flush: true });
  } catch (error) {
    // On a full disk its own half is in the way of everything else.
    fs.rmSync(temporary, { recursive: true, force: true });
    throw error;
  } finally {
    fs.closeSync(file);
  }
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(temporary, target);
}

/**
 * Restores weights and optimizer in place, and those of the model to compare with where the checkpoint has one: then its
 * state is in the result.
 * @throws LabError CHECKPOINT_DAMAGED; CHECKPOINT_OTHER_MODEL: which tensor, expected, found
 */
export function readCheckpoint(folder: string, own: Model, reference?: Model): CheckpointState {
  const { manifest, bytes } = open(folder);
  const { state } = manifest;
  const restored = [{ model: own, saved: manifest as Saved }];
  if (reference !== undefined && manifest.reference !== undefined && state.reference !== undefined) {
    restored.push({ model: reference, saved: manifest.reference });
  }
  for (const { model, saved } of restored) fits(folder, model.learner.weights, saved);
  tf.tidy(() => {
    for (const { model, saved } of restored) restoreTensors(model, tensorsIn(saved, bytes), state.step);
  });
  return state;
}

/**
 * The weights alone, in the order of `expected`, whose shapes they must have. The caller disposes them.
 * @throws LabError as `readCheckpoint`
 */
export function readWeights(folder: string, expected: readonly NamedTensor[]): tf.Tensor[] {
  const { manifest, bytes } = open(folder);
  fits(folder, expected, manifest);
  return manifest.weights.map((entry) => tensorOf(entry, bytes));
}

type Saved = Pick<Manifest, 'weights' | 'optimizer'>;

function fits(folder: string, expected: readonly NamedTensor[], { weights }: Saved): void {
  try {
    requireFit(expected, weights);
  } catch (error) {
    if (!(error instanceof LearningError)) throw error;
    const { fault } = error;
    if (fault.code === 'WEIGHT_COUNT') {
      throw otherModel(folder, l10n.t('{0} weight tensors', fault.expected), l10n.t('{0} weight tensors', fault.found));
    }
    if (fault.code === 'WEIGHT_SHAPE') throw otherModel(folder, named(fault.expected), named(fault.found));
    throw error;
  }
}

const named = ({ name, shape }: NamedShape): string => `${name} [${shape.join(', ')}]`;

function tensorsIn(saved: Saved, bytes: Buffer): { weights: NamedTensor[]; optimizer: NamedTensor[] } {
  const read = (entry: TensorEntry): NamedTensor => ({ name: entry.name, tensor: tensorOf(entry, bytes) });
  return { weights: saved.weights.map(read), optimizer: saved.optimizer.map(read) };
}

function open(folder: string): { manifest: Manifest; bytes: Buffer } {
  try {
    const manifest = JSON.parse(fs.readFileSync(path.join(folder, 'checkpoint.json'), 'utf8')) as Manifest;
    const bytes = fs.readFileSync(path.join(folder, 'weights.bin'));
    const parts: readonly Saved[] = [manifest, ...(manifest.reference === undefined ? [] : [manifest.reference])];
    const entries = parts.flatMap(({ weights, optimizer }) => [...weights, ...optimizer]);
    const needed = entries.reduce((sum, entry) => sum + entry.bytes, 0);
    if ((manifest.format as number) !== FORMAT)
      throw damaged(folder, `format ${String(FORMAT)}`, `format ${String(manifest.format)}`);
    if (bytes.length !== needed) throw damaged(folder, l10n.t('{0} bytes', needed), l10n.t('{0} bytes', bytes.length));
    return { manifest, bytes };
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw damaged(folder, l10n.t('a complete checkpoint'), error instanceof Error ? error.message : String(error));
  }
}

function tensorOf(entry: TensorEntry, file: Buffer): tf.Tensor {
  // A copy, because a typed array needs an aligned start.
  const buffer = new Uint8Array(file.subarray(entry.offset, entry.offset + entry.bytes)).buffer;
  const values =
    entry.dtype === 'float32'
      ? new Float32Array(buffer)
      : entry.dtype === 'int32'
        ? new Int32Array(buffer)
        : new Uint8Array(buffer);
  return tf.tensor(values, [...entry.shape], entry.dtype);
}

function otherModel(folder: string, expected: string, found: string): LabError {
  return new LabError({
    code: 'CHECKPOINT_OTHER_MODEL',
    message: l10n.t('The checkpoint "{0}" does not fit this model.', path.basename(folder)),
    expected,
    found,
    remedy: l10n.t('Resume with the model that the run was started with, or start a new run.'),
  });
}

function damaged(folder: string, expected: string, found: string): LabError {
  return new LabError({
    code: 'CHECKPOINT_DAMAGED',
    message: l10n.t('The checkpoint "{0}" cannot be read.', path.basename(folder)),
    expected,
    found,
    remedy: l10n.t('Choose another checkpoint, or start a new run.'),
  });
}
