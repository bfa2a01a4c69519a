import * as tf from '@tensorflow/tfjs';
import { checkKnown, checkObject, checkPositive } from '../check';
import { defineLoss, type BuiltInLoss } from './define';
import { alignTargets } from './shapes';

/**
 * L = mean((y − ŷ)²) over all elements, in the square of the target's unit.
 *
 * @returns A loss for yTrue and yPred with as many elements, e.g. [batch] and [batch, 1]; throws MODEL_SHAPE for
 *   others. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 5.1.4; Keras MeanSquaredError.
 */
export function meanSquaredError(): BuiltInLoss {
  const name = 'meanSquaredError';
  return defineLoss(name, false, 'lastAxis', (yTrue, yPred) =>
    tf.square(tf.sub(yPred, alignTargets(name, yTrue, yPred))),
  );
}

/**
 * L = mean(|y − ŷ|) over all elements, in the target's unit. Less moved by outliers than the squared error.
 *
 * @returns A loss for yTrue and yPred with as many elements, e.g. [batch] and [batch, 1]; throws MODEL_SHAPE for
 *   others. Source: Keras MeanAbsoluteError.
 */
export function meanAbsoluteError(): BuiltInLoss {
  const name = 'meanAbsoluteError';
  return defineLoss(name, false, 'lastAxis', (yTrue, yPred) => tf.abs(tf.sub(yPred, alignTargets(name, yTrue, yPred))));
}

export interface HuberOptions {
  /** Errors below it are squared, larger ones count by their size, in the target's unit; above 0. Default 1. */
  readonly delta?: number;
}

/**
 * L = mean of ½ e² where |e| ≤ δ, and of δ·|e| − ½ δ² beyond, with e = y − ŷ: smooth at 0 like the squared error, and no
 * more moved by outliers than the absolute one.
 *
 * @param options `delta` (δ, default 1).
 * @returns A loss for yTrue and yPred with as many elements, e.g. [batch] and [batch, 1]; throws MODEL_SHAPE for
 *   others. Source: Huber 1964, "Robust Estimation of a Location Parameter"; Keras Huber.
 */
export function huber(options: HuberOptions = {}): BuiltInLoss {
  const name = 'huber';
  const given = checkObject('losses.huber', options);
  checkKnown('losses.huber', given, ['delta']);
  const delta = checkPositive('losses.huber: delta', given['delta'] ?? 1);
  return defineLoss(name, false, 'lastAxis', (yTrue, yPred) => {
    const size = tf.abs(tf.sub(yPred, alignTargets(name, yTrue, yPred)));
    // ½ c² + δ (|e| − c) with c = min(|e|, δ): both branches in one, so that no comparison has to be differentiated.
    const squared = tf.minimum(size, delta);
    return tf.add(tf.mul(0.5, tf.square(squared)), tf.mul(delta, tf.sub(size, squared)));
  });
}
