/** Weights to begin with, given by the experiment in place of those that the initialisers drew. */
import * as tf from '@tensorflow/tfjs';
import { LearningError } from '../errors';

type Given = readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

/** Writes them into the model and disposes them. @throws LearningError GIVEN_WEIGHTS */
export function beginWith(model: tf.LayersModel, given: Given): void {
  try {
    const named = isList(given) ? byPlace(model, given) : given;
    for (const weight of model.weights) {
      const value: unknown = named[weight.originalName];
      if (value === undefined) continue;
      const found = value instanceof tf.Tensor ? (value as tf.Tensor) : undefined;
      if (found?.shape.join() !== weight.shape.join()) throw mismatch(weight.originalName, weight.shape, found?.shape);
      weight.write(found);
    }
    const known = new Set(model.weights.map(({ originalName }) => originalName));
    const stray = Object.keys(named).find((name) => !known.has(name));
    if (stray !== undefined) throw mismatch(stray, undefined, named[stray]?.shape);
  } finally {
    tf.dispose(given as tf.TensorContainer);
  }
}

const isList = (given: Given): given is readonly tf.Tensor[] => Array.isArray(given);

/** All weights have to be there, and no other. */
function byPlace(model: tf.LayersModel, given: readonly tf.Tensor[]): Readonly<Record<string, tf.Tensor>> {
  const names = model.weights.map(({ originalName }) => originalName);
  const missing = model.weights[given.length];
  if (missing !== undefined) throw mismatch(missing.originalName, missing.shape, undefined);
  if (given.length > names.length) throw mismatch(`[${names.length}]`, undefined, given[names.length]?.shape);
  return Object.fromEntries(names.map((name, index) => [name, given[index]])) as Record<string, tf.Tensor>;
}

function mismatch(
  weight: string,
  expected: readonly (number | null)[] | undefined,
  found: readonly number[] | undefined,
): LearningError {
  return new LearningError({ code: 'GIVEN_WEIGHTS', weight, expected, found });
}
