import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { checkKnown, checkObject, invalid } from '../check';
import type { Metric } from '../experiment';
import { alignTargets, isSparse, sameShape, shapeMismatch } from '../losses/shapes';

export interface AccuracyOptions {
  /** For an output of one number a target: "yes" above 0 instead of above 0.5. Classes need no such help. */
  readonly fromLogits?: boolean;
}

/**
 * The share of right predictions, 0 to 1. Which predictions, the shapes say, as in Keras:
 *
 * - yTrue [batch, …], yPred [batch, …, classes]: the class with the largest output (sparse categorical);
 * - yTrue and yPred [batch, …, classes] with at least 2 classes: the same, against the largest target (categorical);
 * - one output a target: yes or no at the threshold (binary).
 *
 * @returns A metric; it throws MODEL_SHAPE for other shapes. Source: Keras Accuracy metrics.
 */
export function accuracy(options: AccuracyOptions = {}): Metric {
  const given = checkObject('metrics.accuracy', options);
  checkKnown('metrics.accuracy', given, ['fromLogits']);
  const fromLogits = given['fromLogits'] ?? false;
  if (typeof fromLogits !== 'boolean') {
    throw invalid({ field: 'metrics.accuracy: fromLogits', expected: l10n.t('true or false'), found: fromLogits });
  }
  return { name: 'accuracy', compute: (yTrue, yPred) => measure(yTrue, yPred, fromLogits) };
}

/**
 * The accuracy of an experiment that says just 'accuracy'. With the binary cross-entropy every output is a question of
 * its own, so targets [batch, k] are k yes-or-no answers rather than one class.
 */
export function accuracyFor(loss: { readonly name: string; readonly fromLogits: boolean }): Metric {
  const { fromLogits } = loss;
  if (loss.name !== 'binaryCrossentropy') return accuracy({ fromLogits });
  return { name: 'accuracy', compute: (yTrue, yPred) => tf.tidy(() => share(binaryHits(yTrue, yPred, fromLogits))) };
}

function measure(yTrue: tf.Tensor, yPred: tf.Tensor, fromLogits: boolean): tf.Scalar {
  return tf.tidy(() => {
    const classes = yPred.rank < 2 ? 1 : (yPred.shape.at(-1) ?? 1);
    if (classes === 1) return share(binaryHits(yTrue, yPred, fromLogits));
    if (sameShape(yTrue.shape, yPred.shape)) return share(tf.equal(tf.argMax(yTrue, -1), tf.argMax(yPred, -1)));
    if (isSparse(yTrue, yPred)) {
      const indices = tf.reshape(tf.cast(yTrue, 'int32'), yPred.shape.slice(0, -1));
      return share(tf.equal(indices, tf.argMax(yPred, -1)));
    }
    throw shapeMismatch('accuracy', l10n.t('targets [batch], output [batch, classes]'), yTrue.shape, yPred.shape);
  });
}

function binaryHits(yTrue: tf.Tensor, yPred: tf.Tensor, fromLogits: boolean): tf.Tensor {
  const yes = tf.greater(yPred, fromLogits ? 0 : 0.5);
  return tf.equal(tf.cast(alignTargets('accuracy', yTrue, yPred), 'bool'), yes);
}

function share(hits: tf.Tensor): tf.Scalar {
  return tf.mean(tf.cast(hits, 'float32'));
}
