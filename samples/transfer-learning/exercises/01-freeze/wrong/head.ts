// mistake: onlyHead
import type { tf } from 'deep-learning-lab';

export function freeze(model: tf.LayersModel): tf.LayersModel {
  model.layers[model.layers.length - 1].trainable = false;
  return model;
}
