import * as tf from '@tensorflow/tfjs';
import type { Loss, LossName } from '../experiment';

/** A loss of the lab: the mean over the batch, and before that one number for each target. */
export interface BuiltInLoss extends Loss {
  readonly name: LossName;
  readonly compute: {
    (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar;
    readonly each: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;
  };
}

/** How a loss makes one number for each target of what `terms` gives. */
export type Reduction =
  /** It is there already. */
  | 'none'
  /** The mean over the output's last axis, where it has one beside the batch. */
  | 'lastAxis';

/**
 * @param terms The loss of each target, or of each element of the output.
 */
export function defineLoss(
  name: LossName,
  fromLogits: boolean,
  reduction: Reduction,
  terms: (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor,
): BuiltInLoss {
  const mean = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar =>
    tf.tidy(() => tf.mean<tf.Scalar>(terms(yTrue, yPred)));
  const each = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor =>
    tf.tidy(() => {
      const values = terms(yTrue, yPred);
      return reduction === 'lastAxis' && values.rank > 1 ? tf.mean(values, -1) : values;
    });
  return { name, fromLogits, compute: Object.assign(mean, { each }) };
}

/** What a loss asks of targets and output. */
export type LossFamily =
  /** Class indices against one output for each class. */
  | 'sparse'
  /** A distribution over the classes against one output for each class. */
  | 'categorical'
  /** Each output answers yes or no. */
  | 'binary'
  | 'numbers';

/** Every loss that has a name. */
export const LOSS_FAMILIES: Readonly<Record<LossName, LossFamily>> = {
  sparseCategoricalCrossentropy: 'sparse',
  categoricalCrossentropy: 'categorical',
  binaryCrossentropy: 'binary',
  sparseCategoricalFocalCrossentropy: 'sparse',
  categoricalFocalCrossentropy: 'categorical',
  binaryFocalCrossentropy: 'binary',
  klDivergence: 'categorical',
  meanSquaredError: 'numbers',
  meanAbsoluteError: 'numbers',
  huber: 'numbers',
};

/** Undefined for a loss of the learner's own. */
export function lossFamily({ name }: { readonly name: string }): LossFamily | undefined {
  return Object.hasOwn(LOSS_FAMILIES, name) ? LOSS_FAMILIES[name as LossName] : undefined;
}
