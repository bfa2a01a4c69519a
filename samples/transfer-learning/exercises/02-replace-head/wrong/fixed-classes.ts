// mistake: fixedClasses
import { tf } from 'deep-learning-lab';

export function replaceHead(model: tf.LayersModel, classes: number): tf.LayersModel {
  const features = model.layers[model.layers.length - 2].output as tf.SymbolicTensor;
  const head = tf.layers.dense({ units: 5 });
  return tf.model({ inputs: model.inputs, outputs: head.apply(features) as tf.SymbolicTensor });
}
