/** Proves an engine with a real operation: that it loads proves nothing. */
import * as tf from '@tensorflow/tfjs';
import { LearningError } from '../errors';

/**
 * [[1,2],[3,4]]·[[5,6],[7,8]] = [[19,22],[43,50]].
 * @param backend What tfjs calls the engine.
 * @throws LearningError ENGINE_WRONG
 */
export function probe(backend: string): void {
  const require = (expected: string, found: string): void => {
    if (found !== expected) throw new LearningError({ code: 'ENGINE_WRONG', expected, found });
  };
  require(backend, tf.getBackend());
  const product = tf.tidy(() => [
    ...tf.matMul(tf.tensor2d([1, 2, 3, 4], [2, 2]), tf.tensor2d([5, 6, 7, 8], [2, 2])).dataSync(),
  ]);
  require('19, 22, 43, 50', product.join(', '));
}
