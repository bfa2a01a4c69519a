/** The same kernel by tfjs's JavaScript, to hold ours against. */
import * as tf from '@tensorflow/tfjs';

interface CpuBackend {
  write(values: unknown, shape: number[], dtype: tf.DataType): object;
  readonly data: { get(dataId: object): { values: ArrayLike<number> } };
}

/** Runs a kernel of the JavaScript backend on copies of these tensors. */
export function onCpu(
  kernel: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: object = {},
): { readonly shape: readonly number[]; readonly values: number[] } {
  const backend = tf.findBackend('cpu') as unknown as CpuBackend;
  const copies = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => {
      const { shape, dtype } = tensor;
      return [name, { dataId: backend.write(tensor.dataSync(), shape, dtype), shape, dtype }];
    }),
  );
  const { kernelFunc } = tf.getKernel(kernel, 'cpu');
  const made = kernelFunc({ inputs: copies, attrs: attributes as never, backend }) as tf.TensorInfo;
  return { shape: made.shape, values: [...(backend.data.get(made.dataId).values as Float32Array)] };
}

/** Runs our kernel; the caller disposes the result. */
export const onWasm = (
  kernel: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: object = {},
): tf.Tensor => tf.engine().runKernel(kernel, inputs, attributes as never);

/** Largest difference, in parts of the largest number (at least 1). */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Infinity;
  let most = 0;
  let scale = 1;
  for (let i = 0; i < found.length; i++) {
    most = Math.max(most, Math.abs((found[i] ?? NaN) - (expected[i] ?? NaN)));
    scale = Math.max(scale, Math.abs(expected[i] ?? 0));
    if (Number.isNaN(most)) return Infinity;
  }
  return most / scale;
}

/** Numbers of a seed, in -1..1. */
export const randomTensor = (shape: number[], seed: number): tf.Tensor =>
  tf.randomUniform(shape, -1, 1, 'float32', seed);

export const sum = (tensor: tf.Tensor): number => Float32Array.from(tensor.dataSync()).reduce((a, b) => a + b, 0);
