// mistake: shared
import { tf, type DataInfo } from 'deep-learning-lab';

export function fromScratch(model: tf.LayersModel, info: DataInfo): tf.LayersModel {
  const features = model.layers[model.layers.length - 2].output as tf.SymbolicTensor;
  const head = tf.layers.dense({ units: info.classes });
  return tf.model({ inputs: model.inputs, outputs: head.apply(features) as tf.SymbolicTensor });
}
