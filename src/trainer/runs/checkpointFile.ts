/**
 * A checkpoint is a folder: checkpoint.json and weights.bin (float32, little-endian, one tensor after the other).
 * It is written beside its place, flushed to the disk, then renamed: a folder without ".tmp" is whole.
 */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { LearningError, type NamedShape } from '../../learning/errors';
import type { NamedTensor } from '../../learning/training/optimizer';
import { requireFit, restoreTensors, tensorsOf, type Model } from '../../learning/training/state';
import { LabError } from '../../protocol/errors';
import {
  FORMAT,
  manifestFile,
  openCheckpoint,
  weightsFile,
  type CheckpointState,
  type Manifest,
  type SavedTensors,
  type TensorEntry,
} from './checkpointManifest';

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

  const file = fs.openSync(weightsFile(temporary), 'wx');
  const hash = createHash('sha256');
  let offset = 0;
  const append = ({ name: tensorName, tensor }: NamedTensor): TensorEntry => {
    const values = tensor.dataSync();
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    for (let done = 0; done < bytes.length;) done += fs.writeSync(file, bytes, done);
    hash.update(bytes);
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
  const saved = (of: Model): SavedTensors => {
    const { weights, optimizer } = tensorsOf(of);
    return { weights: weights.map(append), optimizer: optimizer.map(append) };
  };
  try {
    const manifest: Manifest = {
      format: FORMAT,
      state,
      ...saved(model),
      ...(reference === undefined ? {} : { reference: saved(reference) }),
      sha256: hash.digest('hex'),
    };
    fs.fsyncSync(file);
    fs.writeFileSync(manifestFile(temporary), JSON.stringify(manifest), { flag: 'wx', flush: true });
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
  const { manifest, bytes } = openCheckpoint(folder);
  const { state } = manifest;
  const restored = [{ model: own, saved: manifest as SavedTensors }];
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
  const { manifest, bytes } = openCheckpoint(folder);
  fits(folder, expected, manifest);
  return manifest.weights.map((entry) => tensorOf(entry, bytes));
}

function fits(folder: string, expected: readonly NamedTensor[], { weights }: SavedTensors): void {
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

function tensorsIn(saved: SavedTensors, bytes: Buffer): { weights: NamedTensor[]; optimizer: NamedTensor[] } {
  const read = (entry: TensorEntry): NamedTensor => ({ name: entry.name, tensor: tensorOf(entry, bytes) });
  return { weights: saved.weights.map(read), optimizer: saved.optimizer.map(read) };
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
