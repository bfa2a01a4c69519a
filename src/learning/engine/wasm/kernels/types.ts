/**
 * Element types that kernels of tfjs-backend-wasm take without looking at them: C++ reads whole numbers as float32, or
 * writes four bytes for each truth value, beyond the tensor, and later something else fails. Here each gets what it knows.
 */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend, type WasmBackend } from '../internals';
import { call, scrapped, sizeOf, type Info } from './call';

/** Functions of real numbers: whatever comes in is a float32 first, and so is the result, or a truth value. */
export const REAL: readonly string[] = [
  ...[tf.Acos, tf.Acosh, tf.Asin, tf.Asinh, tf.Atan, tf.Atanh, tf.Cos, tf.Cosh, tf.Sin, tf.Sinh, tf.Tan, tf.Tanh],
  ...[tf.Exp, tf.Expm1, tf.Log, tf.Log1p, tf.Erf, tf.Sqrt, tf.Rsqrt, tf.Reciprocal, tf.Sigmoid, tf.Softplus],
  ...[tf.Ceil, tf.Floor, tf.Elu, tf.Selu, tf.LeakyRelu, tf.IsFinite, tf.IsInf, tf.IsNan],
];

/** Those that know whole numbers, but no truth values, which are 0 and 1 to them. */
export const WHOLE: readonly string[] = [...[tf.Abs, tf.Neg, tf.Square, tf.Sign, tf.Step, tf.Round, tf.Relu, tf.Relu6]];

/** Those that move values and take each for four bytes; what comes out has the type of what came in. */
export const MOVING: readonly string[] = [tf.Reverse, tf.StridedSlice, tf.ClipByValue, tf.ResizeNearestNeighbor];

const cast = (backend: WasmBackend, x: Info, dtype: tf.DataType): Info => call(backend, tf.Cast, { x }, { dtype });

/** The kernel `name` of one input, which has this type when it is called: any other becomes that first. */
function given(name: string, knows: (dtype: tf.DataType) => boolean, instead: tf.DataType) {
  return (plain: tf.KernelFunc): tf.KernelConfig => ({
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: (given) => {
      const [[key, x] = ['x', undefined]] = Object.entries(given.inputs);
      if (x === undefined || knows(x.dtype)) return plain(given);
      const backend = wasmBackend(given.backend);
      return scrapped(backend, (scrap) => {
        const known = scrap.add(cast(backend, x, instead));
        return scrap.add(plain({ ...given, inputs: { ...given.inputs, [key]: known } }) as Info);
      });
    },
  });
}

export const realOnly = (name: string): ReturnType<typeof given> =>
  given(name, (dtype) => dtype === 'float32', 'float32');

export const noTruths = (name: string): ReturnType<typeof given> => given(name, (dtype) => dtype !== 'bool', 'int32');

/** As float32, which has room for whole numbers up to 2^24: what is larger would be off. */
export function moving(name: string): (plain: tf.KernelFunc) => tf.KernelConfig {
  return (plain) => ({
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: (given) => {
      const [[key, x] = ['x', undefined]] = Object.entries(given.inputs);
      if (x === undefined || x.dtype === 'float32') return plain(given);
      const backend = wasmBackend(given.backend);
      return scrapped(backend, (scrap) => {
        const floats = scrap.add(cast(backend, x, 'float32'));
        const made = scrap.add(plain({ ...given, inputs: { ...given.inputs, [key]: floats } }) as Info);
        return scrap.add(cast(backend, made, x.dtype));
      });
    },
  });
}

/** Truth values are 1 wherever there is a number but 0; tfjs keeps the last byte of it. */
export function castKernel(plain: tf.KernelFunc): tf.KernelConfig {
  return {
    kernelName: tf.Cast,
    backendName: 'wasm',
    kernelFunc: (given) => {
      const { x } = given.inputs as { x: Info };
      if ((given.attrs as unknown as { dtype: tf.DataType }).dtype !== 'bool' || x.dtype === 'bool')
        return plain(given);
      const backend = wasmBackend(given.backend);
      const made = backend.makeOutput(x.shape, 'bool');
      const from = backend.typedArrayFromHeap(x);
      const to = backend.typedArrayFromHeap(made);
      for (let i = 0; i < to.length; i++) to[i] = from[i] === 0 ? 0 : 1;
      return made;
    },
  };
}

/** In any type; C++ writes whole numbers, whatever was asked for. */
export const oneHot: tf.KernelConfig = {
  kernelName: tf.OneHot,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend: given }) => {
    const backend = wasmBackend(given);
    const { indices } = inputs as { indices: Info };
    const { dtype, depth, onValue, offValue } = attrs as unknown as {
      dtype: tf.DataType;
      depth: number;
      onValue: number;
      offValue: number;
    };
    const made = backend.makeOutput([...indices.shape, depth], dtype);
    const places = backend.typedArrayFromHeap(indices);
    const to = backend.typedArrayFromHeap(made).fill(offValue);
    places.forEach((place: number, row: number) => {
      if (place >= 0 && place < depth) to[row * depth + place] = onValue;
    });
    return made;
  },
};

/** Sums and products so far, along an axis that may be counted from the end: tfjs would read beyond the tensor. */
export function cumulative(name: string): (plain: tf.KernelFunc) => tf.KernelConfig {
  const known = noTruths(name);
  return (plain) =>
    known((given) => {
      const { axis } = given.attrs as unknown as { axis: number };
      const { x } = given.inputs as { x: Info };
      return plain({ ...given, attrs: { ...given.attrs, axis: axis < 0 ? axis + x.shape.length : axis } });
    });
}

/** Products of matrices of whole numbers, which overflow as TensorFlow's do. */
export function wholeMatMul(backend: WasmBackend, a: Info, b: Info, transposeA: boolean, transposeB: boolean): Info {
  const [outerA, outerB] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  return scrapped(backend, (scrap) => {
    const all = (info: Info): Info => {
      const shape = [...outer, ...info.shape.slice(-2)];
      if (sizeOf(shape) === sizeOf(info.shape)) return info;
      const reps = shape.map((side, axis) => side / (info.shape[axis - shape.length + info.shape.length] ?? 1));
      const input = { ...info, shape: [...shape.slice(info.shape.length).map(() => 1), ...info.shape] };
      return scrap.add(call(backend, tf.Tile, { x: input }, { reps }));
    };
    const [left, right] = [all(a), all(b)];
    const [rowsA = 1, columnsA = 1] = a.shape.slice(-2);
    const [rowsB = 1, columnsB = 1] = b.shape.slice(-2);
    const [rows, inner] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
    const columns = transposeB ? rowsB : columnsB;
    const made = backend.makeOutput([...outer, rows, columns], 'int32');
    const [x, y, to] = [left, right, made].map((info) => backend.typedArrayFromHeap(info));
    const [stepX, nextX] = transposeA ? [1, rows] : [inner, 1];
    const [stepY, nextY] = transposeB ? [inner, 1] : [1, columns];
    let target = 0;
    for (let batch = 0; batch < sizeOf(outer); batch++)
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          let sum = 0;
          let atX = batch * rows * inner + row * stepX;
          let atY = batch * inner * columns + column * stepY;
          for (let i = 0; i < inner; i++, atX += nextX, atY += nextY)
            sum = (sum + Math.imul(x?.[atX] ?? 0, y?.[atY] ?? 0)) | 0;
          if (to !== undefined) to[target++] = sum;
        }
    return scrap.add(made);
  });
}
