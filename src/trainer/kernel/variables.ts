/** The variables of a notebook's cells, each in a line. */
import * as tf from '@tensorflow/tfjs';
import { inspect } from 'node:util';
import { isTypedArray } from 'node:util/types';
import type { Variable, Variables } from '../../protocol/notebook';

const PREVIEW = 100;

export function describeVariables(values: ReadonlyMap<string, unknown>): Variables {
  const { numTensors: count, numBytes: bytes } = tf.memory();
  return { list: [...values].map(([name, value]) => describe(name, value)), tensors: { count, bytes } };
}

function describe(name: string, value: unknown): Variable {
  try {
    return { name, type: typeOf(value), preview: previewOf(value), ...sizeOf(value) };
  } catch (error) {
    // A proxy, or a getter that throws.
    return { name, type: typeof value, preview: String(error) };
  }
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'function') return /^class\b/.test(String(value)) ? `class ${value.name}` : 'function';
  if (typeof value !== 'object') return typeof value;
  if (value instanceof tf.Tensor) return value instanceof tf.Variable ? 'Variable' : 'Tensor';
  if (value instanceof tf.Sequential) return 'Sequential';
  if (value instanceof tf.LayersModel) return 'Model';
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype?.constructor.name ?? 'Object';
}

const isTensor = (value: unknown): value is tf.Tensor => value instanceof tf.Tensor;

function previewOf(value: unknown): string {
  if (isTensor(value)) return value.isDisposed ? 'disposed' : `[${value.shape.join(', ')}] ${value.dtype}`;
  if (typeof value === 'function') return value.name;
  const text = inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 10, maxStringLength: PREVIEW });
  const line = text.replace(/\s+/g, ' ');
  return line.length <= PREVIEW ? line : `${line.slice(0, PREVIEW - 1)}…`;
}

function sizeOf(value: unknown): Pick<Variable, 'shape' | 'dtype' | 'bytes'> {
  if (isTensor(value)) {
    const { shape, dtype, size } = value;
    return { shape, dtype, ...(dtype === 'string' ? {} : { bytes: size * tf.util.bytesPerElement(dtype) }) };
  }
  if (value instanceof tf.LayersModel) {
    const bytes = value.weights.reduce(
      (sum, { shape }) => sum + 4 * shape.reduce<number>((a, b) => a * (b ?? 1), 1),
      0,
    );
    return { bytes };
  }
  if (isTypedArray(value)) return { shape: [value.length], bytes: value.byteLength };
  if (Array.isArray(value)) return { shape: [value.length] };
  return {};
}
