/** Rows of a split in TensorFlow's memory. */
import * as tf from '@tensorflow/tfjs';
import { nativeBackend, type NativeBackend } from './internals';
import { DataType } from '../tfjs';

export function hold(values: Uint8Array | Float32Array | Int32Array, shape: readonly number[]): tf.Tensor {
  if (values instanceof Uint8Array) return bytes(values, shape);
  return tf.tensor(values, [...shape], values instanceof Int32Array ? 'int32' : 'float32');
}

/** tf.gather, but for bytes too, which come out as float32 in 0..1. */
export function rowsOf(held: tf.Tensor, rows: tf.Tensor): tf.Tensor {
  const backend = native();
  const { binding } = backend;
  const type = (name: string, value: number): object => ({ name, type: binding.TF_ATTR_TYPE, value });
  const dtype = backend.tensorMap.get(held.dataId)?.dtype ?? DataType.float32;
  const gathered = backend.executeSingleOutput(
    'GatherV2',
    [
      { name: 'batch_dims', type: binding.TF_ATTR_INT, value: 0 },
      type('Tparams', dtype),
      type('Tindices', DataType.int32),
      type('Taxis', DataType.int32),
    ],
    [held, rows, tf.scalar(0, 'int32')],
  );
  if (dtype !== DataType.uint8) return gathered;
  const cast = [
    type('SrcT', DataType.uint8),
    type('DstT', DataType.float32),
    { name: 'Truncate', type: binding.TF_ATTR_BOOL, value: false },
  ];
  return tf.div(backend.executeSingleOutput('Cast', cast, [gathered]), 255);
}

/** tfjs has no type for bytes; to itself it calls such a tensor int32. Only `rowsOf` may touch it. */
function bytes(values: Uint8Array, shape: readonly number[]): tf.Tensor {
  const backend = native();
  const id = backend.binding.createTensor(shape, DataType.uint8, values);
  return backend.createOutputTensor({ id, shape, dtype: DataType.uint8 });
}

function native(): NativeBackend {
  const backend = nativeBackend();
  if (backend === undefined) throw new Error('The native engine is not the backend of tfjs any more.');
  return backend;
}
