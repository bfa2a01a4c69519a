// mistake: onTop
import { tf } from 'deep-learning-lab';

export function replaceHead(model: tf.LayersModel, classes: number): tf.LayersModel {
  const head = tf.layers.dense({ units: classes });
  return tf.model({ inputs: model.inputs, outputs: head.apply(model.outputs[0]) as tf.SymbolicTensor });
}
