// mistake: frozen
import type { DataInfo, tf } from 'deep-learning-lab';
import { network } from '../../../base';

export function fromScratch(model: tf.LayersModel, info: DataInfo): tf.LayersModel {
  const fresh = network(info);
  for (const layer of fresh.layers.slice(0, -1)) layer.trainable = false;
  return fresh;
}
