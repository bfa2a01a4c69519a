// mistake: weightsLost
import { tf } from 'deep-learning-lab';

export function freeze(model: tf.LayersModel): tf.LayersModel {
  for (const layer of model.layers) layer.trainable = false;
  model.setWeights(model.getWeights().map((weight) => tf.zerosLike(weight)));
  return model;
}
