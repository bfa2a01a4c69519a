/** A batch as a step has it: the feeds of one input and target, or of several by name. */
import * as tf from '@tensorflow/tfjs';
import type { Batch } from '../../lab/experiment';
import { SOLE } from '../../lab/fields';
import type { Tensors } from '../compile';
import { LearningError } from '../errors';

/** A batch of the data: x and y, of several inputs or targets x.name and y.name; mask and mask.name; weights. */
export type Role = 'x' | 'y' | 'mask' | 'weights';

export function feedName(role: Role, name: string): string {
  return name === SOLE ? role : `${role}.${name}`;
}

/** Of several inputs or outputs, the one of that name; where there is only one, that. */
export function answerOf(batch: Batch, name: string): tf.Tensor {
  const all = tensorsOf(batch);
  const found = all.length === 1 ? all[0] : all.find((one) => one.name === name);
  if (found === undefined)
    throw new Error(`There is no tensor ${name}, only ${all.map((one) => one.name).join(', ')}.`);
  return found.tensor;
}

/** What the learner's function returned must answer each target. @throws LearningError NO_OUTPUT */
export function checkAnswers(output: unknown, targets: readonly { readonly name: string }[]): void {
  if (output instanceof tf.Tensor && targets.length === 1) return;
  const found = output instanceof tf.Tensor || typeof output !== 'object' || output === null ? {} : { ...output };
  const missing = targets.find(({ name }) => !((found as Record<string, unknown>)[name] instanceof tf.Tensor));
  if (missing !== undefined)
    throw new LearningError({ code: 'NO_OUTPUT', targets: targets.map(({ name }) => name), output });
}

/** The input of a batch, or its inputs by name. */
export function inputOf(feeds: Tensors): Batch {
  return feeds['x'] ?? byName(feeds, 'x.');
}

/** The input of a prediction, as a step is fed it. */
export function inputFeeds(x: Batch): Tensors {
  return Object.fromEntries(tensorsOf(x).map(({ name, tensor }) => [feedName('x', name), tensor]));
}

/** An output as results of a step, and back. */
export function outputFeeds(output: Batch): Tensors {
  if (output instanceof tf.Tensor) return { output };
  return Object.fromEntries(Object.entries(output).map(([name, tensor]) => [`output.${name}`, tensor]));
}

export function outputOf(results: Tensors): { readonly output: Batch; readonly rest: Record<string, tf.Tensor> } {
  const rest = Object.entries(results).filter(([name]) => name !== 'output' && !name.startsWith('output.'));
  return { output: results['output'] ?? byName(results, 'output.'), rest: Object.fromEntries(rest) };
}

function byName(tensors: Tensors, prefix: string): Readonly<Record<string, tf.Tensor>> {
  const found = Object.entries(tensors).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(found.map(([name, tensor]) => [name.slice(prefix.length), tensor]));
}

/** The tensors of a batch, each with its name, '' for the only one. */
export function tensorsOf(batch: Batch): readonly { readonly name: string; readonly tensor: tf.Tensor }[] {
  if (batch instanceof tf.Tensor) return [{ name: SOLE, tensor: batch }];
  return Object.entries(batch).map(([name, tensor]) => ({ name, tensor: tensor }));
}

export function mapped(batch: Batch, map: (tensor: tf.Tensor) => tf.Tensor): Batch {
  if (batch instanceof tf.Tensor) return map(batch);
  return Object.fromEntries(tensorsOf(batch).map(({ name, tensor }) => [name, map(tensor)]));
}

/** A feed that a step cannot do without. */
export function feed(feeds: Tensors, role: Role, name: string): tf.Tensor {
  const tensor = feeds[feedName(role, name)];
  if (tensor === undefined) throw new Error(`The step was called without its feed ${feedName(role, name)}.`);
  return tensor;
}
