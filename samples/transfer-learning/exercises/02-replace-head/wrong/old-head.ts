// mistake: oldHead
import type { tf } from 'deep-learning-lab';

export function replaceHead(model: tf.LayersModel, classes: number): tf.LayersModel {
  model.layers[model.layers.length - 1].trainable = true;
  return model;
}
