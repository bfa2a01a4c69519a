import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { checkFlag, checkKnown, checkNumber, checkObject } from '../check';
import { defineLoss, type BuiltInLoss } from './define';
import { alignTargets, isSparse, sameShape, shapeMismatch } from './shapes';
import { oneHot } from '../oneHot';

/** Probabilities are kept this far from 0 and 1, as in Keras, so that the logarithm stays finite. */
const EPSILON = 1e-7;

export interface CrossentropyOptions {
  /**
   * True when the model's last layer has no activation: its output is then logits, and the softmax (sigmoid, where each
   * output answers yes or no) is part of the loss, which is more accurate. Default false: the output is probabilities.
   */
  readonly fromLogits?: boolean;
  /**
   * A number a in [0, 1] that draws the targets towards indifference, y ← (1 − a)·y + a/K for K classes (K = 2 in the
   * binary case). Default 0. Source: Szegedy et al. 2016, "Rethinking the Inception Architecture".
   */
  readonly labelSmoothing?: number;
}

export interface FocalOptions extends CrossentropyOptions {
  /** The exponent γ ≥ 0: the larger, the less examples count that are right already. Default 2; 0 is cross-entropy. */
  readonly gamma?: number;
  /** The factor α in [0, 1], see the loss. */
  readonly alpha?: number;
}

interface Checked {
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
}

const COMMON = ['fromLogits', 'labelSmoothing'];

function checkOptions(owner: string, given: Readonly<Record<string, unknown>>): Checked {
  return {
    fromLogits: checkFlag(`${owner}: fromLogits`, given['fromLogits'] ?? false),
    labelSmoothing: checkNumber(`${owner}: labelSmoothing`, given['labelSmoothing'] ?? 0, 0, 1),
  };
}

function crossentropyOptions(owner: string, value: unknown): Checked {
  const given = checkObject(owner, value);
  checkKnown(owner, given, COMMON);
  return checkOptions(owner, given);
}

function focalOptions(owner: string, value: unknown): Checked & { readonly gamma: number; readonly alpha?: number } {
  const given = checkObject(owner, value);
  checkKnown(owner, given, [...COMMON, 'gamma', 'alpha']);
  return {
    ...checkOptions(owner, given),
    gamma: checkNumber(`${owner}: gamma`, given['gamma'] ?? 2, 0),
    ...(given['alpha'] === undefined ? {} : { alpha: checkNumber(`${owner}: alpha`, given['alpha'], 0, 1) }),
  };
}

/** Probabilities over the last axis that sum to 1, none of them 0 or 1. */
function probabilities(yPred: tf.Tensor, fromLogits: boolean): tf.Tensor {
  const p = fromLogits ? tf.softmax(yPred) : tf.div(yPred, tf.sum(yPred, -1, true));
  return tf.clipByValue(p, EPSILON, 1 - EPSILON);
}

/** Log-probabilities over the last axis. */
export function logProbabilities(yPred: tf.Tensor, fromLogits: boolean): tf.Tensor {
  return fromLogits ? tf.logSoftmax(yPred) : tf.log(probabilities(yPred, false));
}

/** −Σ_k y_k · log p_k, for each target. */
function surprise(targets: tf.Tensor, logP: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(targets, logP), -1));
}

/** Class indices as distributions in the shape of the output. */
function oneHotTargets(name: string, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  if (!isSparse(yTrue, yPred)) {
    throw shapeMismatch(name, l10n.t('targets [batch], output [batch, classes]'), yTrue.shape, yPred.shape);
  }
  const indices = tf.reshape(tf.cast(yTrue, 'int32'), yPred.shape.slice(0, -1));
  return oneHot(indices, yPred.shape.at(-1) ?? 1);
}

/** Distributions over the classes, in the shape of the output. */
export function distributions(name: string, yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
  if (yPred.rank >= 2 && sameShape(yTrue.shape, yPred.shape)) return tf.cast(yTrue, 'float32');
  throw shapeMismatch(name, l10n.t('both of shape [batch, classes]'), yTrue.shape, yPred.shape);
}

function smooth(targets: tf.Tensor, amount: number, classes: number): tf.Tensor {
  return amount === 0 ? targets : tf.add(tf.mul(targets, 1 - amount), amount / classes);
}

const classesOf = (yPred: tf.Tensor): number => yPred.shape.at(-1) ?? 1;

/**
 * Cross-entropy for targets that are class indices: L = −(1/N) Σ_n log p_n[y_n], in nats.
 *
 * @param options `fromLogits`: p = softmax(yPred) is computed inside, by log-sum-exp; otherwise yPred is p itself.
 *   `labelSmoothing`, as PyTorch's CrossEntropyLoss has it.
 * @returns A loss for yTrue int32 [batch, …] and yPred float32 [batch, …, classes]; throws MODEL_SHAPE for others.
 *   Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3; Keras SparseCategoricalCrossentropy.
 */
export function sparseCategoricalCrossentropy(options: CrossentropyOptions = {}): BuiltInLoss {
  const name = 'sparseCategoricalCrossentropy';
  const { fromLogits, labelSmoothing } = crossentropyOptions(`losses.${name}`, options);
  return defineLoss(name, fromLogits, 'none', (yTrue, yPred) => {
    const targets = smooth(oneHotTargets(name, yTrue, yPred), labelSmoothing, classesOf(yPred));
    return surprise(targets, logProbabilities(yPred, fromLogits));
  });
}

/**
 * Cross-entropy for targets that are distributions over K classes (one-hot, or softer): L = −(1/N) Σ_n Σ_k y_nk log p_nk,
 * in nats.
 *
 * @param options `fromLogits` as for the sparse loss; `labelSmoothing`.
 * @returns A loss for yTrue and yPred of shape [batch, …, classes]; throws MODEL_SHAPE for others.
 *   Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3; Keras CategoricalCrossentropy.
 */
export function categoricalCrossentropy(options: CrossentropyOptions = {}): BuiltInLoss {
  const name = 'categoricalCrossentropy';
  const { fromLogits, labelSmoothing } = crossentropyOptions(`losses.${name}`, options);
  return defineLoss(name, fromLogits, 'none', (yTrue, yPred) => {
    const targets = smooth(distributions(name, yTrue, yPred), labelSmoothing, classesOf(yPred));
    return surprise(targets, logProbabilities(yPred, fromLogits));
  });
}

/**
 * Cross-entropy for yes-or-no targets: L = −mean(y log p + (1 − y) log(1 − p)) over all elements, in nats.
 *
 * @param options `fromLogits`: p = σ(yPred), computed as y·softplus(−x) + (1 − y)·softplus(x), which neither overflows
 *   nor loses its gradient; `labelSmoothing`.
 * @returns A loss for yTrue in [0, 1] and yPred with as many elements, e.g. [batch] and [batch, 1]; throws MODEL_SHAPE
 *   for others. Source: Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.2; Keras BinaryCrossentropy.
 */
export function binaryCrossentropy(options: CrossentropyOptions = {}): BuiltInLoss {
  const name = 'binaryCrossentropy';
  const { fromLogits, labelSmoothing } = crossentropyOptions(`losses.${name}`, options);
  return defineLoss(name, fromLogits, 'lastAxis', (yTrue, yPred) => {
    const y = smooth(alignTargets(name, yTrue, yPred), labelSmoothing, 2);
    return binarySurprise(y, yPred, fromLogits);
  });
}

/** −(y log p + (1 − y) log(1 − p)), for each element. */
function binarySurprise(y: tf.Tensor, yPred: tf.Tensor, fromLogits: boolean): tf.Tensor {
  const [surpriseOfYes, surpriseOfNo] = fromLogits ? surprisesOfLogits(yPred) : surprisesOfProbabilities(yPred);
  return tf.add(tf.mul(y, surpriseOfYes), tf.mul(tf.sub(1, y), surpriseOfNo));
}

/** −log σ(x) and −log(1 − σ(x)). */
function surprisesOfLogits(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  return [tf.softplus(tf.neg(x)), tf.softplus(x)];
}

function surprisesOfProbabilities(p: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const clipped = tf.clipByValue(p, EPSILON, 1 - EPSILON);
  return [tf.neg(tf.log(clipped)), tf.neg(tf.log(tf.sub(1, clipped)))];
}

/**
 * Cross-entropy for class indices in which an example counts the less, the surer the model is of its class:
 * L = −(α/N) Σ_n (1 − p_n[y_n])^γ · log p_n[y_n]. For data in which most examples are easy.
 *
 * @param options `gamma` (γ, default 2), `alpha` (α, default 0.25), `fromLogits`, `labelSmoothing`.
 * @returns A loss for the shapes of `sparseCategoricalCrossentropy`. Source: Lin et al. 2017, "Focal Loss for Dense Object
 *   Detection"; Keras CategoricalFocalCrossentropy, given one-hot targets.
 */
export function sparseCategoricalFocalCrossentropy(options: FocalOptions = {}): BuiltInLoss {
  return focal('sparseCategoricalFocalCrossentropy', options, oneHotTargets);
}

/**
 * As `sparseCategoricalFocalCrossentropy`, for targets that are distributions over the classes:
 * L = −(α/N) Σ_n Σ_k y_nk · (1 − p_nk)^γ · log p_nk.
 *
 * @returns A loss for the shapes of `categoricalCrossentropy`. Source: Keras CategoricalFocalCrossentropy.
 */
export function categoricalFocalCrossentropy(options: FocalOptions = {}): BuiltInLoss {
  return focal('categoricalFocalCrossentropy', options, distributions);
}

function focal(
  name: 'sparseCategoricalFocalCrossentropy' | 'categoricalFocalCrossentropy',
  options: FocalOptions,
  targetsOf: typeof distributions,
): BuiltInLoss {
  const { fromLogits, labelSmoothing, gamma, alpha = 0.25 } = focalOptions(`losses.${name}`, options);
  return defineLoss(name, fromLogits, 'none', (yTrue, yPred) => {
    const targets = smooth(targetsOf(name, yTrue, yPred), labelSmoothing, classesOf(yPred));
    const p = probabilities(yPred, fromLogits);
    const doubt = tf.pow(tf.sub(1, p), gamma);
    return tf.mul(alpha, surprise(tf.mul(targets, doubt), tf.log(p)));
  });
}

/**
 * The focal loss for yes-or-no targets: L = mean((1 − q)^γ · −log q) over all elements, with q the probability given to
 * what is true, p for yes and 1 − p for no.
 *
 * @param options `gamma` (γ, default 2), `fromLogits`, `labelSmoothing`; with `alpha`, a yes counts α and a no 1 − α, by
 *   default both count 1.
 * @returns A loss for the shapes of `binaryCrossentropy`. Source: Lin et al. 2017, "Focal Loss for Dense Object
 *   Detection"; Keras BinaryFocalCrossentropy (`alpha` is its apply_class_balancing).
 */
export function binaryFocalCrossentropy(options: FocalOptions = {}): BuiltInLoss {
  const name = 'binaryFocalCrossentropy';
  const { fromLogits, labelSmoothing, gamma, alpha } = focalOptions(`losses.${name}`, options);
  return defineLoss(name, fromLogits, 'lastAxis', (yTrue, yPred) => {
    const y = smooth(alignTargets(name, yTrue, yPred), labelSmoothing, 2);
    const either = (yes: tf.Tensor | number, no: tf.Tensor | number): tf.Tensor =>
      tf.add(tf.mul(y, yes), tf.mul(tf.sub(1, y), no));
    const p = tf.clipByValue(fromLogits ? tf.sigmoid(yPred) : yPred, EPSILON, 1 - EPSILON);
    const doubt = tf.pow(tf.sub(1, either(p, tf.sub(1, p))), gamma);
    const terms = tf.mul(doubt, binarySurprise(y, yPred, fromLogits));
    return alpha === undefined ? terms : tf.mul(either(alpha, 1 - alpha), terms);
  });
}

/**
 * Kullback-Leibler divergence of the output from the target distributions: L = (1/N) Σ_n Σ_k y_nk · log(y_nk / p_nk), in
 * nats; 0 where both are equal. For targets that are soft, e.g. another model's answers.
 *
 * @param options `fromLogits`: p = softmax(yPred); otherwise yPred is p itself.
 * @returns A loss for yTrue and yPred of shape [batch, …, classes]; throws MODEL_SHAPE for others. Source: Goodfellow,
 *   Bengio, Courville, Deep Learning (2016), section 3.13; Keras KLDivergence.
 */
export function klDivergence(options: Pick<CrossentropyOptions, 'fromLogits'> = {}): BuiltInLoss {
  const name = 'klDivergence';
  const owner = `losses.${name}`;
  const given = checkObject(owner, options);
  checkKnown(owner, given, ['fromLogits']);
  const { fromLogits } = checkOptions(owner, given);
  return defineLoss(name, fromLogits, 'none', (yTrue, yPred) => {
    const y = tf.clipByValue(distributions(name, yTrue, yPred), EPSILON, 1);
    const logP = fromLogits ? tf.logSoftmax(yPred) : tf.log(tf.clipByValue(yPred, EPSILON, 1));
    return tf.sum(tf.mul(y, tf.sub(tf.log(y), logP)), -1);
  });
}
