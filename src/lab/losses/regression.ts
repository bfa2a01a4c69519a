import * as tf from '@tensorflow/tfjs';
import type { Loss } from '../experiment';
import { alignTargets } from './shapes';

/**
 * L = mean((y − ŷ)²) over all elements, in the square of the target's unit.
 *
 * @returns A loss for yTrue and yPred with as many elements, e.g. [batch] and [batch, 1]; throws MODEL_SHAPE for
 *   others. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 5.1.4; Keras MeanSquaredError.
 */
export function meanSquaredError(): Loss {
  const name = 'meanSquaredError';
  return {
    name,
    fromLogits: false,
    compute: (yTrue, yPred) => tf.tidy(() => tf.mean(tf.square(tf.sub(yPred, alignTargets(name, yTrue, yPred))))),
  };
}

/**
 * L = mean(|y − ŷ|) over all elements, in the target's unit. Less moved by outliers than the squared error.
 *
 * @returns A loss for yTrue and yPred with as many elements, e.g. [batch] and [batch, 1]; throws MODEL_SHAPE for
 *   others. Source: Keras MeanAbsoluteError.
 */
export function meanAbsoluteError(): Loss {
  const name = 'meanAbsoluteError';
  return {
    name,
    fromLogits: false,
    compute: (yTrue, yPred) => tf.tidy(() => tf.mean(tf.abs(tf.sub(yPred, alignTargets(name, yTrue, yPred))))),
  };
}
