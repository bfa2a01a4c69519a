import * as tf from '@tensorflow/tfjs';

/** tf.tidy for work whose result holds no tensors: everything made inside is freed, also when it throws. */
export function scoped<T>(work: () => T): T {
  const engine = tf.engine();
  engine.startScope();
  try {
    return work();
  } finally {
    engine.endScope();
  }
}
