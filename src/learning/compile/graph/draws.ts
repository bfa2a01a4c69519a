/** Random numbers that TensorFlow draws, in a graph and at once. */
import type { Binding, NativeBackend, OpAttribute } from '../../engine/native/internals';
import { DataType } from '../../engine/tfjs';
import { keyOf, type Draw, type DrawSource } from '../randomness';
import { attribute, type Edge, type Graph } from './graph';

const OPERATION = {
  uniform: 'StatelessRandomUniform',
  normal: 'StatelessRandomNormal',
  truncatedNormal: 'StatelessTruncatedNormal',
} as const;

/** Drawn by TensorFlow. */
export function nativeDraws(backend: NativeBackend, binding: Binding): DrawSource {
  return {
    valuesOf: ({ dataId }) => {
      const values = backend.tensorMap.get(dataId)?.values;
      return ArrayBuffer.isView(values) ? values : undefined;
    },
    standard: ({ kind, shape }, seeds) => {
      const sides = binding.createTensor([shape.length], DataType.int32, Int32Array.from(shape));
      const key = binding.createTensor([2], DataType.int32, Int32Array.from(seeds));
      const type = (name: string, value: number): OpAttribute => ({ name, type: binding.TF_ATTR_TYPE, value });
      const attributes = [type('dtype', DataType.float32), type('T', DataType.int32), type('Tseed', DataType.int32)];
      const [made] = binding.executeOp(OPERATION[kind], attributes, [sides, key], 1);
      if (made === undefined) throw new Error(`${OPERATION[kind]} gave no result.`);
      const values = binding.tensorDataSync(made.id) as Float32Array;
      for (const id of [sides, key, made.id]) binding.deleteTensor(id);
      return values;
    },
  };
}

/** The same draw as nodes; `step` is the edge of the step's number (int32, shape []). */
export function emitDraw(graph: Graph, draw: Draw, seed: number, step: Edge): Edge {
  const key = graph.node(
    'Pack',
    [graph.constant(DataType.int32, [], Int32Array.from([keyOf(seed, draw.index)])), step],
    { N: attribute.int(2), T: attribute.type(DataType.int32), axis: attribute.int(0) },
  );
  const shape = graph.constant(DataType.int32, [draw.shape.length], Int32Array.from(draw.shape));
  const standard = graph.node(OPERATION[draw.kind], [shape, key], {
    dtype: attribute.type(DataType.float32),
    T: attribute.type(DataType.int32),
    Tseed: attribute.type(DataType.int32),
  });
  const scaled = draw.scale === 1 ? standard : graph.binary('Mul', standard, graph.scalar(draw.scale));
  return draw.offset === 0 ? scaled : graph.binary('AddV2', scaled, graph.scalar(draw.offset));
}
