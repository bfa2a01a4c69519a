/** Proves an engine with a real operation: that it loads proves nothing. */
import * as tf from '@tensorflow/tfjs';
import { LearningError } from '../errors';

/**
 * [[1,2],[3,4]]·[[5,6],[7,8]] = [[19,22],[43,50]], and the second as a filter over the first = [70]: on a GPU these are
 * two libraries (cuBLAS, cuDNN), of which either may be missing.
 * @param backend What tfjs calls the engine.
 * @throws LearningError ENGINE_WRONG
 */
export function probe(backend: string): void {
  const require = (expected: string, found: string): void => {
    if (found !== expected) throw new LearningError({ code: 'ENGINE_WRONG', expected, found });
  };
  require(backend, tf.getBackend());
  const found = tf.tidy(() => {
    const [a, b] = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ];
    const product = tf.matMul(tf.tensor2d(a, [2, 2]), tf.tensor2d(b, [2, 2]));
    const filtered = tf.conv2d(tf.tensor4d(a, [1, 2, 2, 1]), tf.tensor4d(b, [2, 2, 1, 1]), 1, 'valid');
    return [product, filtered].map((result) => [...result.dataSync()].join(', '));
  });
  require('19, 22, 43, 50; 70', found.join('; '));
}
