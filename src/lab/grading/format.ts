import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { describe } from '../check';

/** More numbers than these do not help. */
const MOST_SHOWN = 16;

/** As `instanceof`, without the `any` that a class of unknown rank brings. */
export function isTensor(value: unknown): value is tf.Tensor {
  return value instanceof tf.Tensor;
}

/** A number with four significant digits. */
export function number(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  return String(Number(value.toPrecision(4)));
}

export function shape(sizes: readonly number[]): string {
  return `[${sizes.join(', ')}]`;
}

/** Any value as the learner would write it, or in words where it is long. */
export function show(value: unknown): string {
  if (typeof value === 'number') return number(value);
  if (!isTensor(value)) return value instanceof Promise ? l10n.t('a promise') : describe(value);
  if (value.size > MOST_SHOWN) return l10n.t('a tensor of shape {0}', shape(value.shape));
  return nested(Array.from(value.dataSync()), value.shape);
}

function nested(values: readonly number[], sizes: readonly number[]): string {
  const [first, ...rest] = sizes;
  if (first === undefined) return number(values[0] ?? Number.NaN);
  const width = rest.reduce((product, size) => product * size, 1);
  const parts = Array.from({ length: first }, (_, i) => nested(values.slice(i * width, (i + 1) * width), rest));
  return `[${parts.join(', ')}]`;
}

/** The place of a flat index, e.g. "[2, 1]". */
export function place(index: number, sizes: readonly number[]): string {
  const at: number[] = [];
  let rest = index;
  for (const size of [...sizes].reverse()) {
    at.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return shape(at);
}
