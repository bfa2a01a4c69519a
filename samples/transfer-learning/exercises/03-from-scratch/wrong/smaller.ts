// mistake: otherArchitecture
import { tf, type DataInfo } from 'deep-learning-lab';

export function fromScratch(model: tf.LayersModel, info: DataInfo): tf.LayersModel {
  return tf.sequential({
    layers: [tf.layers.flatten({ inputShape: info.inputShape }), tf.layers.dense({ units: info.classes })],
  });
}
