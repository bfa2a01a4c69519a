// mistake: inactiveInTraining
import { tf } from 'deep-learning-lab';
import { applyMask, mask } from '../../../model';

export function dropout(x: tf.Tensor, rate: number, training: boolean): tf.Tensor {
  if (training) return x;
  return applyMask(x, mask(x.shape, rate), rate);
}
