import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { checkKnown, checkNumber, checkObject, invalid } from '../check';
import type { Loss } from '../experiment';
import { alignTargets, isSparse, sameShape, shapeMismatch } from './shapes';

/** Probabilities are kept this far from 0 and 1, as in Keras, so that the logarithm stays finite. */
const EPSILON = 1e-7;

export interface SparseCrossentropyOptions {
  /**
   * True when the model's last layer has no activation: its output is then logits, and the softmax is part of the
   * loss, which is more accurate. Default false: the output is probabilities.
   */
  readonly fromLogits?: boolean;
}

export interface CrossentropyOptions extends SparseCrossentropyOptions {
  /**
   * A number a in [0, 1] that draws the targets towards indifference, y ← (1 − a)·y + a/K for K classes (K = 2 in the
   * binary case). Default 0. Source: Szegedy et al. 2016, "Rethinking the Inception Architecture".
   */
  readonly labelSmoothing?: number;
}

function checkOptions(owner: string, value: unknown, known: readonly string[]): Required<CrossentropyOptions> {
  const given = checkObject(owner, value);
  checkKnown(owner, given, known);
  const fromLogits = given['fromLogits'] ?? false;
  if (typeof fromLogits !== 'boolean') {
    throw invalid({ field: `${owner}: fromLogits`, expected: l10n.t('true or false'), found: fromLogits });
  }
  return { fromLogits, labelSmoothing: checkNumber(`${owner}: labelSmoothing`, given['labelSmoothing'] ?? 0, 0, 1) };
}

/** Log-probabilities over the last axis. */
function logProbabilities(yPred: tf.Tensor, fromLogits: boolean): tf.Tensor {
  if (fromLogits) return tf.logSoftmax(yPred);
  const normalised = tf.div(yPred, tf.sum(yPred, -1, true));
  return tf.log(tf.clipByValue(normalised, EPSILON, 1 - EPSILON));
}

/** −mean over the batch of Σ_k y_k · log p_k. */
function expectedSurprise(targets: tf.Tensor, logP: tf.Tensor): tf.Scalar {
  return tf.neg(tf.mean<tf.Scalar>(tf.sum(tf.mul(targets, logP), -1)));
}

/**
 * Cross-entropy for targets that are class indices: L = −(1/N) Σ_n log p_n[y_n], in nats.
 *
 * @param options `fromLogits`: p = softmax(yPred) is computed inside, by log-sum-exp; otherwise yPred is p itself.
 * @returns A loss for yTrue int32 [batch, …] and yPred float32 [batch, …, classes]; throws MODEL_SHAPE for others.
 *   Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3; Keras SparseCategoricalCrossentropy.
 */
export function sparseCategoricalCrossentropy(options: SparseCrossentropyOptions = {}): Loss {
  const name = 'sparseCategoricalCrossentropy';
  const { fromLogits } = checkOptions(`losses.${name}`, options, ['fromLogits']);
  return {
    name,
    fromLogits,
    compute: (yTrue, yPred) =>
      tf.tidy(() => {
        if (!isSparse(yTrue, yPred)) {
          throw shapeMismatch(name, l10n.t('targets [batch], output [batch, classes]'), yTrue.shape, yPred.shape);
        }
        const classes = yPred.shape.at(-1) ?? 1;
        const indices = tf.reshape(tf.cast(yTrue, 'int32'), yPred.shape.slice(0, -1));
        return expectedSurprise(tf.oneHot(indices, classes), logProbabilities(yPred, fromLogits));
      }),
  };
}

/**
 * Cross-entropy for targets that are distributions over K classes (one-hot, or softer): L = −(1/N) Σ_n Σ_k y_nk log p_nk,
 * in nats.
 *
 * @param options `fromLogits` as for the sparse loss; `labelSmoothing`.
 * @returns A loss for yTrue and yPred of shape [batch, …, classes]; throws MODEL_SHAPE for others.
 *   Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3; Keras CategoricalCrossentropy.
 */
export function categoricalCrossentropy(options: CrossentropyOptions = {}): Loss {
  const name = 'categoricalCrossentropy';
  const { fromLogits, labelSmoothing } = checkOptions(`losses.${name}`, options, ['fromLogits', 'labelSmoothing']);
  return {
    name,
    fromLogits,
    compute: (yTrue, yPred) =>
      tf.tidy(() => {
        if (yPred.rank < 2 || !sameShape(yTrue.shape, yPred.shape)) {
          throw shapeMismatch(name, l10n.t('both of shape [batch, classes]'), yTrue.shape, yPred.shape);
        }
        const targets = smooth(tf.cast(yTrue, 'float32'), labelSmoothing, yPred.shape.at(-1) ?? 1);
        return expectedSurprise(targets, logProbabilities(yPred, fromLogits));
      }),
  };
}

/**
 * Cross-entropy for yes-or-no targets: L = −mean(y log p + (1 − y) log(1 − p)) over all elements, in nats.
 *
 * @param options `fromLogits`: p = σ(yPred), computed as y·softplus(−x) + (1 − y)·softplus(x), which neither overflows
 *   nor loses its gradient; `labelSmoothing`.
 * @returns A loss for yTrue in [0, 1] and yPred with as many elements, e.g. [batch] and [batch, 1]; throws MODEL_SHAPE
 *   for others. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.2; Keras BinaryCrossentropy.
 */
export function binaryCrossentropy(options: CrossentropyOptions = {}): Loss {
  const name = 'binaryCrossentropy';
  const { fromLogits, labelSmoothing } = checkOptions(`losses.${name}`, options, ['fromLogits', 'labelSmoothing']);
  return {
    name,
    fromLogits,
    compute: (yTrue, yPred) =>
      tf.tidy(() => {
        const y = smooth(alignTargets(name, yTrue, yPred), labelSmoothing, 2);
        const [surpriseOfYes, surpriseOfNo] = fromLogits ? surprisesOfLogits(yPred) : surprisesOfProbabilities(yPred);
        return tf.mean(tf.add(tf.mul(y, surpriseOfYes), tf.mul(tf.sub(1, y), surpriseOfNo)));
      }),
  };
}

/** −log σ(x) and −log(1 − σ(x)). */
function surprisesOfLogits(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  return [tf.softplus(tf.neg(x)), tf.softplus(x)];
}

function surprisesOfProbabilities(p: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const clipped = tf.clipByValue(p, EPSILON, 1 - EPSILON);
  return [tf.neg(tf.log(clipped)), tf.neg(tf.log(tf.sub(1, clipped)))];
}

function smooth(targets: tf.Tensor, amount: number, classes: number): tf.Tensor {
  return amount === 0 ? targets : tf.add(tf.mul(targets, 1 - amount), amount / classes);
}
