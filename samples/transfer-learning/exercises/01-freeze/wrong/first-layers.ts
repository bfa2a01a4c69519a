// mistake: partly
import type { tf } from 'deep-learning-lab';

export function freeze(model: tf.LayersModel): tf.LayersModel {
  for (const layer of model.layers.slice(0, 2)) layer.trainable = false;
  return model;
}
