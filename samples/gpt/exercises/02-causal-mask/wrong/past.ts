// mistake: past
import { tf } from 'deep-learning-lab';

function causal(scores: tf.Tensor3D): tf.Tensor {
  const place = tf.range(0, scores.shape[2], 1, 'int32');
  const isEarlier = tf.less(place.reshape([1, -1]), place.reshape([-1, 1]));
  return tf.softmax(tf.add(scores, tf.mul(tf.cast(isEarlier, 'float32'), -1e9)));
}
