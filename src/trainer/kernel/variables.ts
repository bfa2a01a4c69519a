/** The variables of a notebook's cells, and what they hold, each value in a line. */
import * as l10n from '@vscode/l10n';
import * as tf from '@tensorflow/tfjs';
import { isTypedArray } from 'node:util/types';
import type { Parts, Variable, Variables } from '../../protocol/kernel';
import { count } from '../../words/numbers';
import { isDataset } from './display/dataset';
import { countOf } from './display/model';
import { constructorOf, described, partsOf, type Part } from './display/tree';

const PREVIEW = 100;

export function describeVariables(values: ReadonlyMap<string, unknown>): Variables {
  const { numTensors: count, numBytes: bytes } = tf.memory();
  return { list: [...values].map(([name, value]) => describe(name, value)), tensors: { count, bytes } };
}

export function describeParts(value: unknown): Parts {
  if (!isUnfolded(value)) return { list: [], more: 0 };
  const { count, first } = partsOf(value);
  return { list: first.map(({ key, read }) => describe(key, read())), more: count - first.length };
}

/** @param place as `describeParts` lists them */
export function partAt(value: unknown, place: number): Part | undefined {
  return isUnfolded(value) ? partsOf(value).first[place] : undefined;
}

function describe(name: string, value: unknown): Variable {
  try {
    const hasParts = isUnfolded(value) && partsOf(value).count > 0;
    return { name, type: typeOf(value), preview: previewOf(value), ...sizeOf(value), hasParts };
  } catch {
    // A proxy that throws.
    return { name, type: typeof value, preview: l10n.t('cannot be read'), hasParts: false };
  }
}

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

/** What has a form of its own is shown by it. */
function isUnfolded(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return !isTensor(value) && !(value instanceof tf.LayersModel) && !isDataset(value);
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'function') return described(value).text.startsWith('class') ? 'class' : 'function';
  if (typeof value !== 'object') return typeof value;
  if (isTensor(value)) return value instanceof tf.Variable ? 'Variable' : 'Tensor';
  if (value instanceof tf.LayersModel) return value instanceof tf.Sequential ? 'Sequential' : 'Model';
  return isDataset(value) ? 'Dataset' : constructorOf(value);
}

function previewOf(value: unknown): string {
  if (isTensor(value)) return tensorPreview(value);
  if (value instanceof tf.LayersModel)
    return `${typeOf(value)} · ${l10n.t('{0} parameters', count(countOf(value.weights)))}`;
  if (isDataset(value)) return `${typeOf(value)} · ${value.name}`;
  const line = described(value).text.replace(/\s+/g, ' ');
  return line.length <= PREVIEW ? line : `${line.slice(0, PREVIEW - 1)}…`;
}

function tensorPreview(tensor: tf.Tensor): string {
  const { isDisposed, shape, dtype } = tensor;
  const text = `${typeOf(tensor)} [${shape.join(', ')}] ${dtype}`;
  if (isDisposed) return `${text} (${l10n.t('disposed')})`;
  // One number costs nothing to read, and is what one wants to know of a loss.
  return shape.length === 0 ? `${text} ${described(tensor.dataSync()[0]).text}` : text;
}

function sizeOf(value: unknown): Pick<Variable, 'shape' | 'dtype' | 'bytes'> {
  if (isTensor(value)) {
    const { shape, dtype, size } = value;
    return { shape, dtype, ...(dtype === 'string' ? {} : { bytes: size * tf.util.bytesPerElement(dtype) }) };
  }
  if (value instanceof tf.LayersModel) return { bytes: 4 * countOf(value.weights) };
  if (isTypedArray(value)) return { shape: [value.length], bytes: value.byteLength };
  if (Array.isArray(value)) return { shape: [value.length] };
  return {};
}
