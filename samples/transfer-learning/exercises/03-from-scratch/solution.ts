import type { DataInfo, tf } from 'deep-learning-lab';
import { network } from '../../base';

export function fromScratch(model: tf.LayersModel, info: DataInfo): tf.LayersModel {
  return network(info);
}
