// The same network, data, seed and steps as in model.ts, but TensorFlow computes the gradients. Run this file, then
// model.ts, and lay this run over the other in the panel: if your gradients are right, you see one curve, not two.
import { experiment, losses, tf } from 'deep-learning-lab';
import own, { forward, type Network } from './model';

export default experiment({
  title: 'Gradients by TensorFlow',
  data: own.data,
  parameters: () => ({
    w1: tf.randomNormal([784, 32], 0, Math.sqrt(1 / 784)),
    b1: tf.zeros([32]),
    w2: tf.randomNormal([32, 10], 0, Math.sqrt(1 / 32)),
    b2: tf.zeros([10]),
  }),
  forward: (parameters, x) => forward(parameters as Network, tf.reshape(x, [-1, 784])).logits,
  optimizer: own.optimizer,
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],
  epochs: own.epochs,
  batchSize: own.batchSize,
  seed: own.seed ?? 1,
});
