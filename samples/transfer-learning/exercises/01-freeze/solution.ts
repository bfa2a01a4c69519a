import type { tf } from 'deep-learning-lab';

export function freeze(model: tf.LayersModel): tf.LayersModel {
  for (const layer of model.layers) layer.trainable = false;
  return model;
}
