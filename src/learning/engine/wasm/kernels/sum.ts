/**
 * Sum. tfjs transposes until the summed axes are the last; over axes that lie side by side before the last one, as for the
 * slope of a bias, adding up rows where they lie takes a fifth of the time.
 */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend, type WasmBackend } from '../internals';
import { floats, sizeOf, type Info } from './call';

export function sumKernel(plain: tf.KernelFunc): tf.KernelConfig {
  return {
    kernelName: tf.Sum,
    backendName: 'wasm',
    kernelFunc: (given) => {
      const { x } = given.inputs as { x: Info };
      const { axis, keepDims } = given.attrs as unknown as { axis: number | number[]; keepDims: boolean };
      const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
      const [first = 0] = axes;
      const end = first + axes.length;
      const isBlock = axes.every((one, i) => one === first + i);
      const inner = sizeOf(x.shape.slice(end));
      if (sizeOf(x.shape) === 0) return nothing(wasmBackend(given.backend), x, axes, keepDims);
      if (x.dtype !== 'float32' || axes.length === 0 || !isBlock || inner < 2) return plain(given);

      const backend = wasmBackend(given.backend);
      const outer = x.shape.slice(0, first);
      const rows = sizeOf(x.shape.slice(first, end));
      const made = floats(backend, [...outer, ...(keepDims ? axes.map(() => 1) : []), ...x.shape.slice(end)], false);
      const from = backend.typedArrayFromHeap(x);
      const to = backend.typedArrayFromHeap(made);
      const sums = new Float64Array(inner);
      let source = 0;
      for (let block = sizeOf(outer), target = 0; block > 0; block--, target += inner) {
        sums.fill(0);
        for (let row = 0; row < rows; row++)
          for (let i = 0; i < inner; i++) sums[i] = (sums[i] ?? 0) + (from[source++] ?? 0);
        to.set(sums, target);
      }
      return made;
    },
  };
}

/** The sum of no numbers is 0; tfjs leaves whatever was there. */
function nothing(backend: WasmBackend, x: Info, axes: readonly number[], keepDims: boolean): Info {
  const shape = x.shape.flatMap((side, axis) => (axes.includes(axis) ? (keepDims ? [1] : []) : [side]));
  const made = backend.makeOutput(shape, x.dtype);
  backend.typedArrayFromHeap(made).fill(0);
  return made;
}
