/** The learner's code may not free what others still need. */
import type * as tf from '@tensorflow/tfjs';
import type { Batch } from '../../lab/experiment';
import { SOLE } from '../../lab/fields';
import { Patches } from '../compile/patch';
import { LearningError, type Fault } from '../errors';
import { tensorsOf } from './batch';

export interface Kept {
  readonly what: Extract<Fault, { readonly code: 'FREED' }>['what'];
  readonly tensor: tf.Tensor;
  /** Default: its shape. */
  readonly name?: string;
}

/** The tensors of a model's input, or of its inputs. */
export function inputsKept(x: Batch): readonly Kept[] {
  return tensorsOf(x).map(({ name, tensor }) => ({ what: 'input', tensor, ...(name === SOLE ? {} : { name }) }));
}

/** A loss or a metric that cannot free what it is given. */
export function keepingArguments<Rest extends readonly unknown[], Result>(
  compute: (yTrue: tf.Tensor, yPred: tf.Tensor, ...rest: Rest) => Result,
): typeof compute {
  return (yTrue, yPred, ...rest) =>
    keeping(
      [
        { what: 'target', tensor: yTrue },
        { what: 'output', tensor: yPred },
      ],
      () => compute(yTrue, yPred, ...rest),
    );
}

/**
 * Runs the learner's code; a `dispose` of one of these tensors throws there and then, so that the error has its place.
 *
 * @throws LearningError FREED
 */
export function keeping<T>(tensors: readonly Kept[], work: () => T): T {
  const patches = new Patches();
  for (const { what, tensor, name = `[${tensor.shape.join(', ')}]` } of tensors) {
    patches.set(tensor, 'dispose', () => {
      throw new LearningError({ code: 'FREED', what, name });
    });
  }
  try {
    return work();
  } finally {
    patches.undo();
  }
}
