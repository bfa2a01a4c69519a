// mistake: cutTooEarly
import { tf } from 'deep-learning-lab';

export function replaceHead(model: tf.LayersModel, classes: number): tf.LayersModel {
  const features = model.layers[model.layers.length - 3].output as tf.SymbolicTensor;
  const head = tf.layers.dense({ units: classes });
  return tf.model({ inputs: model.inputs, outputs: head.apply(features) as tf.SymbolicTensor });
}
