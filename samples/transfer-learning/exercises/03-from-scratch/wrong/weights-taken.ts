// mistake: weightsTaken
import type { DataInfo, tf } from 'deep-learning-lab';
import { network } from '../../../base';

export function fromScratch(model: tf.LayersModel, info: DataInfo): tf.LayersModel {
  const copy = network(info);
  copy.setWeights(model.getWeights());
  return copy;
}
