/** Assertions over tensors. Each failure tells what was expected and found, for which input, and which mistake it looks like. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { fail } from './failure';
import { isTensor, number, place, shape, show } from './format';

export interface Comparison {
  /** The input that shows it, in the learner's terms. */
  readonly input?: string;
  /** Largest difference allowed, relative to the largest number that is expected. Default 1e-3. */
  readonly tolerance?: number;
  /** What typical wrong answers give, by the key of their message; the first that equals what was found is named. */
  readonly mistakes?: Readonly<Record<string, () => tf.Tensor | number>>;
}

const TOLERANCE = 1e-3;

/** A tensor of this shape with finite numbers. */
export function expectTensor(
  found: unknown,
  sizes: readonly number[],
  { input, mistakes }: Comparison = {},
): tf.Tensor {
  const given = input === undefined ? {} : { input };
  if (!isTensor(found)) fail({ message: notATensor(found), expected: tensorOf(sizes), found: show(found), ...given });
  if (found.isDisposed) {
    const message = l10n.t('The function returns a tensor that it has freed: no "dispose" for what is returned.');
    fail({ message, expected: tensorOf(sizes), found: l10n.t('a disposed tensor'), ...given });
  }
  if (found.shape.length !== sizes.length || found.shape.some((size, axis) => size !== sizes[axis])) {
    const mistake = recognise(found, mistakes);
    fail({
      ...(mistake === undefined ? { message: l10n.t('The result does not have the right shape.') } : { mistake }),
      expected: l10n.t('shape {0}', shape(sizes)),
      found: l10n.t('shape {0}', shape(found.shape)),
      ...given,
    });
  }
  const values = found.dataSync();
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const mistake = recognise(found, mistakes);
    const at = sizes.length === 0 ? '' : ` ${l10n.t('at {0}', place(bad, sizes))}`;
    fail({
      ...(mistake === undefined ? { message: l10n.t('The result is not a finite number.') } : { mistake }),
      expected: l10n.t('finite numbers'),
      found: `${String(values[bad])}${at}`,
      ...given,
    });
  }
  return found;
}

/** A tensor equal to `expected`; a number stands for a scalar. */
export function expectClose(found: unknown, expected: tf.Tensor | number, comparison: Comparison = {}): void {
  const wanted = typeof expected === 'number' ? tf.scalar(expected) : expected;
  const result = expectTensor(found, wanted.shape, comparison);
  const { index, relative } = difference(result, wanted);
  if (relative <= (comparison.tolerance ?? TOLERANCE)) return;
  const mistake = recognise(result, comparison.mistakes, comparison.tolerance);
  const small = wanted.size <= 6;
  const at = l10n.t('at {0}', place(index, wanted.shape));
  const valueAt = (tensor: tf.Tensor): string =>
    small ? show(tensor) : `${number(tensor.dataSync()[index] ?? Number.NaN)} ${at}`;
  fail({
    ...(mistake === undefined ? { message: l10n.t('The numbers are not right.') } : { mistake }),
    expected: valueAt(wanted),
    found: valueAt(result),
    ...(comparison.input === undefined ? {} : { input: comparison.input }),
  });
}

/** A finite number, as JavaScript has it. */
export function expectNumber(found: unknown, input?: string): number {
  if (typeof found === 'number' && Number.isFinite(found)) return found;
  fail({
    message:
      typeof found === 'number' ? l10n.t('The result is not a finite number.') : l10n.t('The result is not a number.'),
    expected: l10n.t('a number'),
    found: show(found),
    ...(input === undefined ? {} : { input }),
  });
}

/** True when both have the same shape and the same numbers, within the tolerance. */
export function isClose(found: tf.Tensor, expected: tf.Tensor | number, tolerance = TOLERANCE): boolean {
  const wanted = typeof expected === 'number' ? tf.scalar(expected) : expected;
  const same = found.shape.length === wanted.shape.length && found.shape.every((size, i) => size === wanted.shape[i]);
  return same && difference(found, wanted).relative <= tolerance;
}

function recognise(found: tf.Tensor, mistakes: Comparison['mistakes'] = {}, tolerance = TOLERANCE): string | undefined {
  return Object.entries(mistakes).find(([, answer]) => isClose(found, answer(), tolerance))?.[0];
}

/** The largest difference, relative to the largest number expected; two that are not finite alike are equal. */
function difference(found: tf.Tensor, expected: tf.Tensor): { index: number; relative: number } {
  const [a, b] = [found.dataSync(), expected.dataSync()];
  let index = 0;
  let largest = 0;
  let scale = 0;
  b.forEach((value, i) => {
    const other = a[i] ?? Number.NaN;
    const distance = Object.is(value, other) || value === other ? 0 : Math.abs(value - other);
    if (Number.isFinite(value)) scale = Math.max(scale, Math.abs(value));
    if (distance > largest || Number.isNaN(distance)) {
      largest = Number.isNaN(distance) ? Number.POSITIVE_INFINITY : distance;
      index = i;
    }
  });
  return { index, relative: largest === 0 ? 0 : largest / Math.max(scale, 1e-12) };
}

function tensorOf(sizes: readonly number[]): string {
  return sizes.length === 0 ? l10n.t('a scalar: a tensor of shape []') : l10n.t('a tensor of shape {0}', shape(sizes));
}

function notATensor(found: unknown): string {
  if (found === undefined) return l10n.t('The function returns nothing: is there a "return"?');
  if (found instanceof Promise) return l10n.t('The function returns a promise: it must not be "async".');
  return l10n.t('The result is not a tensor.');
}
