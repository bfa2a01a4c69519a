import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';

function text(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

/** Targets and outputs that cannot be held against each other. */
export function shapeMismatch(
  name: string,
  expected: string,
  yTrue: readonly number[],
  yPred: readonly number[],
): LabError {
  const found = l10n.t('targets {0}, output {1}', text(yTrue), text(yPred));
  return new LabError({
    code: 'MODEL_SHAPE',
    message: l10n.t(
      "{0}: the model's output does not fit the targets: expected {1}, found {2}.",
      name,
      expected,
      found,
    ),
    expected,
    found,
    remedy: l10n.t(
      "Give the model's last layer the shape that the loss needs, or choose a loss that fits the targets.",
    ),
  });
}

/**
 * The targets in the very shape of the output. Without this, [batch] against [batch, 1] would broadcast to
 * [batch, batch] and train on nonsense.
 */
export function alignTargets(name: string, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  const same = yTrue.size === yPred.size && yTrue.shape[0] === yPred.shape[0];
  if (!same) throw shapeMismatch(name, l10n.t('as many targets as outputs'), yTrue.shape, yPred.shape);
  const floats = yTrue.dtype === 'float32' ? yTrue : tf.cast(yTrue, 'float32');
  return sameShape(floats.shape, yPred.shape) ? floats : tf.reshape(floats, yPred.shape);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** [batch, …, 1] or [batch, …] targets against [batch, …, classes] outputs. */
export function isSparse(yTrue: tf.Tensor, yPred: tf.Tensor): boolean {
  const outer = yPred.shape.slice(0, -1);
  return yPred.rank >= 2 && (sameShape(yTrue.shape, outer) || sameShape(yTrue.shape, [...outer, 1]));
}
