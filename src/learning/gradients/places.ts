/** Gradients of kernels that move numbers about: each number's gradient goes back to where it came from. */
import * as tf from '@tensorflow/tfjs';
import { named, sizeOf } from './common';

const gatherNd: tf.GradConfig = {
  kernelName: tf.GatherNd,
  inputsToSave: ['params', 'indices'],
  gradFunc: (dy, saved) => {
    const { params, indices } = named(saved, 'params', 'indices');
    return { params: () => scatter(indices, one(dy), params.shape), indices: () => tf.zeros(indices.shape) };
  },
};

const scatterNd: tf.GradConfig = {
  kernelName: tf.ScatterNd,
  inputsToSave: ['indices', 'updates'],
  gradFunc: (dy, saved) => {
    const { indices, updates } = named(saved, 'indices', 'updates');
    return {
      indices: () => tf.zeros(indices.shape),
      updates: () => tf.reshape(tf.gatherND(one(dy), indices), updates.shape),
    };
  },
};

const tensorScatterUpdate: tf.GradConfig = {
  kernelName: tf.TensorScatterUpdate,
  inputsToSave: ['indices', 'updates'],
  gradFunc: (dy, saved) => {
    const { indices, updates } = named(saved, 'indices', 'updates');
    return {
      tensor: () => tf.tensorScatterUpdate(one(dy), indices, tf.zeros(updates.shape)),
      indices: () => tf.zeros(indices.shape),
      updates: () => tf.reshape(tf.gatherND(one(dy), indices), updates.shape),
    };
  },
};

const sparseToDense: tf.GradConfig = {
  kernelName: tf.SparseToDense,
  inputsToSave: ['sparseIndices', 'sparseValues'],
  gradFunc: (dy, saved) => {
    const { sparseIndices, sparseValues } = named(saved, 'sparseIndices', 'sparseValues');
    const depth = sparseIndices.rank < 2 ? 1 : (sparseIndices.shape.at(-1) ?? 1);
    const taken = (): tf.Tensor => tf.gatherND(one(dy), tf.reshape(sparseIndices, [-1, depth]));
    return {
      sparseIndices: () => tf.zeros(sparseIndices.shape),
      // One value may stand for all.
      sparseValues: () => (sparseValues.rank === 0 ? tf.sum(taken()) : tf.reshape(taken(), sparseValues.shape)),
      defaultValue: () => tf.sub(tf.sum(one(dy)), tf.sum(taken())),
    };
  },
};

/** Places and values of the largest: the values' gradients go back to their places. */
const topK: tf.GradConfig = {
  kernelName: tf.TopK,
  inputsToSave: ['x'],
  outputsToSave: [false, true],
  gradFunc: (dy, saved) => {
    const { x, indices } = named(saved, 'x', 'indices');
    const [values] = Array.isArray(dy) ? dy : [dy];
    if (values === undefined) throw new Error('TopK has no gradient of its values.');
    const width = x.shape.at(-1) ?? 1;
    const rows = x.size / width;
    const first = tf.tensor2d(
      Int32Array.from({ length: rows }, (_, row) => row * width),
      [rows, 1],
    );
    const flat = tf.reshape(tf.add(tf.reshape(indices, [rows, -1]), first), [-1, 1]);
    return { x: () => tf.reshape(scatter(flat, tf.reshape(values, [-1]), [x.size]), x.shape) };
  },
};

interface StridedSlice {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

const stridedSlice: tf.GradConfig = {
  kernelName: tf.StridedSlice,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attributes) => {
    const { x } = named(saved, 'x');
    const { begin, end, strides, ...masks } = attributes as unknown as StridedSlice;
    const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = masks;
    return {
      x: () => {
        if (one(dy).size === 0) return tf.zeros(x.shape);
        const places = tf.tensor(
          Int32Array.from({ length: x.size }, (_, place) => place),
          x.shape,
        );
        const taken = tf.stridedSlice(
          places,
          begin,
          end,
          strides,
          beginMask,
          endMask,
          ellipsisMask,
          newAxisMask,
          shrinkAxisMask,
        );
        const flat = scatter(tf.reshape(taken, [-1, 1]), tf.reshape(one(dy), [-1]), [x.size]);
        return tf.reshape(flat, x.shape);
      },
    };
  },
};

const diag: tf.GradConfig = {
  kernelName: tf.Diag,
  inputsToSave: ['x'],
  gradFunc: (dy, saved) => {
    const { x } = named(saved, 'x');
    const square = (): tf.Tensor => tf.reshape(one(dy), [x.size, x.size]);
    return { x: () => tf.reshape(tf.sum(tf.mul(square(), tf.eye(x.size)), 1), x.shape) };
  },
};

interface DepthToSpace {
  readonly blockSize: number;
  readonly dataFormat: 'NHWC' | 'NCHW';
}

const depthToSpace: tf.GradConfig = {
  kernelName: tf.DepthToSpace,
  inputsToSave: ['x'],
  gradFunc: (dy, saved, attributes) => {
    const { x } = named(saved, 'x');
    const { blockSize: block, dataFormat } = attributes as unknown as DepthToSpace;
    return {
      x: () => {
        const [batch = 1, a = 1, b = 1, c = 1] = x.shape;
        if (dataFormat === 'NCHW') {
          const blocks = tf.reshape(one(dy), [batch, a / (block * block), b, block, c, block]);
          return tf.reshape(tf.transpose(blocks, [0, 3, 5, 1, 2, 4]), x.shape);
        }
        const blocks = tf.reshape(one(dy), [batch, a, block, b, block, c / (block * block)]);
        return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), x.shape);
      },
    };
  },
};

const flipLeftRight: tf.GradConfig = {
  kernelName: tf.FlipLeftRight,
  gradFunc: (dy) => ({ image: () => tf.image.flipLeftRight(one(dy) as tf.Tensor4D) }),
};

export const placeGradients: readonly tf.GradConfig[] = [
  depthToSpace,
  diag,
  flipLeftRight,
  gatherNd,
  scatterNd,
  sparseToDense,
  stridedSlice,
  tensorScatterUpdate,
  topK,
];

/** The gradient of the one output. */
function one(dy: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const [only] = Array.isArray(dy) ? dy : [dy];
  if (only === undefined) throw new Error('A gradient without an output.');
  return only;
}

/** Zeros of that shape with the values added at the places; indices [..., depth], int32. */
function scatter(indices: tf.Tensor, values: tf.Tensor, shape: number[]): tf.Tensor {
  const depth = indices.shape.at(-1) ?? 1;
  const rest = shape.slice(depth);
  const count = indices.size / depth;
  const flat = tf.reshape(values, rest.length === 0 ? [count] : [count, ...rest]);
  if (count === 0 || sizeOf(rest) === 0) return tf.zeros(shape);
  return tf.scatterND(tf.reshape(indices, [count, depth]), flat, shape);
}
