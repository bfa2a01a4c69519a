// mistake: scaledAtTest
import { tf } from 'deep-learning-lab';
import { applyMask, mask } from '../../../model';

export function dropout(x: tf.Tensor, rate: number, training: boolean): tf.Tensor {
  if (!training) return tf.mul(x, 1 - rate);
  return applyMask(x, mask(x.shape, rate), rate);
}
