/** UnsortedSegmentSum: the gradient of an embedding, which adds up what each row did wherever it was taken. */
import * as tf from '@tensorflow/tfjs';
import { wasmBackend } from '../internals';
import { sizeOf, type Info } from './call';

/** Rows of x [...ids, ...inner] are added to the segments that their ids name; others' ids are passed over, as on TensorFlow. */
export const segmentSum: tf.KernelConfig = {
  kernelName: tf.UnsortedSegmentSum,
  backendName: 'wasm',
  kernelFunc: ({ inputs, attrs, backend: given }) => {
    const backend = wasmBackend(given);
    const { x, segmentIds } = inputs as { x: Info; segmentIds: Info };
    const { numSegments } = attrs as unknown as { numSegments: number };
    const inner = x.shape.slice(segmentIds.shape.length);
    const width = sizeOf(inner);
    const made = backend.makeOutput([numSegments, ...inner], x.dtype);
    const from = backend.typedArrayFromHeap(x);
    const ids = backend.typedArrayFromHeap(segmentIds);
    const to = backend.typedArrayFromHeap(made).fill(0);
    let source = 0;
    for (const id of ids) {
      if (id < 0 || id >= numSegments) source += width;
      else {
        const end = (id + 1) * width;
        for (let target = id * width; target < end; target++) to[target] = (to[target] ?? 0) + (from[source++] ?? 0);
      }
    }
    return made;
  },
};
