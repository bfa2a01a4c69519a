// mistake: unmasked
import { tf } from 'deep-learning-lab';

function causal(scores: tf.Tensor3D): tf.Tensor {
  return tf.softmax(scores);
}
