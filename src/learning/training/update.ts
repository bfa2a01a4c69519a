/** From gradients to new weights: clipping, weight decay and the optimizer, as its rules say. Part of the compiled step. */
import * as tf from '@tensorflow/tfjs';
import { rulesOf, type UpdateRules } from '../../lab/optimizers/rules';
import type { Tensors } from '../compile';
import { learningRate } from './optimizer';

/** The feed that holds the learning rate, float32 [], for updates that compute with it themselves. */
const RATE = 'learningRate';

/** A trainable variable by the name that people know it by, not the one under which tfjs has registered it. */
export interface Trainable {
  readonly name: string;
  readonly variable: tf.Variable;
}

interface Accumulator {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

/** Where an optimizer's sums of gradients are: among its slots, so that checkpoints hold them. */
type Accumulating = tf.Optimizer & { accumulatedGradients?: Accumulator[] };

/** What a step that updates is fed beside its batch, which the caller frees. */
export function updateFeeds(optimizer: tf.Optimizer): Tensors {
  if (rulesOf(optimizer)?.weightDecay === undefined) return {};
  return { [RATE]: tf.scalar(learningRate(optimizer) ?? 0) };
}

/** Batches whose gradients make one update. */
export function batchesPerUpdate(optimizer: tf.Optimizer): number {
  return rulesOf(optimizer)?.accumulationSteps ?? 1;
}

/** One update. @param gradients by the registered names of their variables */
export function update(
  optimizer: tf.Optimizer,
  gradients: tf.NamedTensorMap,
  trainable: readonly Trainable[],
  feeds: Tensors,
): void {
  const rules = rulesOf(optimizer);
  if (rules === undefined) {
    optimizer.applyGradients(gradients);
    return;
  }
  const { accumulationSteps = 1, clip } = rules;
  const mean = accumulationSteps === 1 ? gradients : takeMean(optimizer, gradients, trainable, accumulationSteps);
  if (rules.weightDecay !== undefined) decay(trainable, rules, feeds);
  optimizer.applyGradients(clip === undefined ? mean : clipped(mean, clip));
}

/** Adds gradients to those of the batches before; nothing is updated yet. */
export function accumulate(
  optimizer: tf.Optimizer,
  gradients: tf.NamedTensorMap,
  trainable: readonly Trainable[],
): void {
  for (const { sum, gradient } of sums(optimizer, gradients, trainable)) sum.assign(tf.add(sum, gradient));
}

function takeMean(
  optimizer: tf.Optimizer,
  gradients: tf.NamedTensorMap,
  trainable: readonly Trainable[],
  count: number,
): tf.NamedTensorMap {
  const means = sums(optimizer, gradients, trainable).map(({ registered, sum, gradient }) => {
    const mean = tf.div(tf.add(sum, gradient), count);
    sum.assign(tf.zerosLike(sum));
    return [registered, mean] as const;
  });
  return Object.fromEntries(means);
}

/** Each gradient beside the sum of its variable; the sums are made where there are none yet. */
function sums(
  optimizer: Accumulating,
  gradients: tf.NamedTensorMap,
  trainable: readonly Trainable[],
): { registered: string; sum: tf.Variable; gradient: tf.Tensor }[] {
  const accumulators = (optimizer.accumulatedGradients ??= []);
  return trainable.flatMap(({ name, variable }, index) => {
    const gradient = gradients[variable.name];
    if (gradient === undefined) return [];
    accumulators[index] ??= { originalName: name, variable: tf.variable(tf.zerosLike(variable), false) };
    return [{ registered: variable.name, sum: accumulators[index].variable, gradient }];
  });
}

/** w ← w − learningRate · weightDecay · w, before the update as in Keras and PyTorch. */
function decay(trainable: readonly Trainable[], rules: UpdateRules, feeds: Tensors): void {
  const { weightDecay = 0, excludeFromWeightDecay: excluded = [] } = rules;
  const { [RATE]: rate } = feeds;
  if (rate === undefined) throw new Error('The step was called without the learning rate.');
  const kept = tf.sub(1, tf.mul(rate, weightDecay));
  for (const { name, variable } of trainable) {
    if (!excluded.some((part) => name.includes(part))) variable.assign(tf.mul(variable, kept));
  }
}

/** As tf.clip_by_norm, tf.clip_by_value and tf.clip_by_global_norm. */
export function clipped(
  gradients: tf.NamedTensorMap,
  { by, limit }: NonNullable<UpdateRules['clip']>,
): tf.NamedTensorMap {
  const each = (change: (gradient: tf.Tensor) => tf.Tensor): tf.NamedTensorMap =>
    Object.fromEntries(Object.entries(gradients).map(([name, gradient]) => [name, change(gradient)]));
  if (by === 'value') return each((gradient) => tf.clipByValue(gradient, -limit, limit));
  const scale = (sumOfSquares: tf.Tensor): tf.Tensor => tf.div(limit, tf.maximum(tf.sqrt(sumOfSquares), limit));
  const squares = (gradient: tf.Tensor): tf.Tensor => tf.sum(tf.square(gradient));
  if (by === 'norm') return each((gradient) => tf.mul(gradient, scale(squares(gradient))));
  const shared = scale(tf.addN(Object.values(gradients).map(squares)));
  return each((gradient) => tf.mul(gradient, shared));
}
