/** How metrics read a model's answer: as a class, or as yes or no. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import type { LabError } from '../../protocol/errors';
import { alignTargets, isSparse, sameShape, shapeMismatch } from '../losses/shapes';

/** An output of at least two numbers a target answers with the largest one, unless each is a question of its own. */
export type Reading = 'class' | 'yesOrNo';

/** Numbers that the output has for a target. */
export function outputsOf(yPred: tf.Tensor): number {
  return yPred.rank < 2 ? 1 : (yPred.shape.at(-1) ?? 1);
}

export function classesExpected(name: string, yTrue: tf.Tensor, yPred: tf.Tensor): LabError {
  return shapeMismatch(name, l10n.t('targets [batch], output [batch, classes]'), yTrue.shape, yPred.shape);
}

/** True classes as int32 in the shape of the output without its last axis: from indices, or the largest target. */
export function trueClasses(name: string, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  if (sameShape(yTrue.shape, yPred.shape)) return tf.argMax(yTrue, -1);
  if (isSparse(yTrue, yPred)) return tf.reshape(tf.cast(yTrue, 'int32'), yPred.shape.slice(0, -1));
  throw classesExpected(name, yTrue, yPred);
}

/** A mask [batch, …positions] as [targets, 1], one number for each of so many targets. */
export function countsEach(mask: tf.Tensor | undefined, targets: number): tf.Tensor | undefined {
  if (mask === undefined) return undefined;
  const flat = tf.reshape(mask, [-1, 1]);
  return targets === mask.size ? flat : tf.reshape(tf.tile(flat, [1, targets / mask.size]), [-1, 1]);
}

/** Probabilities of the classes, over the last axis. */
export function classProbabilities(yPred: tf.Tensor, fromLogits: boolean): tf.Tensor {
  return fromLogits ? tf.softmax(yPred) : yPred;
}

/** Whether each output says yes: above the threshold, a probability. */
export function saysYes(yPred: tf.Tensor, threshold: number, fromLogits: boolean): tf.Tensor {
  return tf.greater(yPred, fromLogits ? Math.log(threshold / (1 - threshold)) : threshold);
}

/** Targets that answer yes or no in the shape of the output, as bool. */
export function isYes(name: string, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  return tf.cast(alignTargets(name, yTrue, yPred), 'bool');
}
