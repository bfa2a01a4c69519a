// mistake: anotherModel
import type { tf } from 'deep-learning-lab';
import { network } from '../../../base';

export function freeze(model: tf.LayersModel): tf.LayersModel {
  const copy = network({ inputShape: [28, 28, 1], classes: 5 });
  for (const layer of copy.layers) layer.trainable = false;
  return copy;
}
