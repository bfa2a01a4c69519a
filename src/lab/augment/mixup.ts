/** Examples and targets blended in pairs. */
import * as tf from '@tensorflow/tfjs';
import { checkPositive } from '../check';
import type { Augmentation } from './augmentation';

/** Places of the table from which shares are drawn. */
const PLACES = 1024;

/**
 * Blends each example with another one of its batch, and the loss in the same shares, which are drawn from Beta(α, α)
 * (Zhang, Cisse, Dauphin, Lopez-Paz 2018, "mixup: Beyond Empirical Risk Minimization", section 2).
 *
 * @param alpha above 0: near 0 hardly any blending, 1 every share alike
 * @throws LabError EXPERIMENT_INVALID
 */
export function mixup(alpha: number): Augmentation {
  const table = betaQuantiles(checkPositive('augment.mixup: alpha', alpha), PLACES);
  return Object.freeze({
    name: 'mixup',
    fits: 'any',
    shares: (batch) => {
      const places = tf.cast(tf.mul(tf.randomUniform([batch]), PLACES), 'int32');
      return tf.gather<tf.Tensor1D>(tf.tensor1d(table), tf.clipByValue(places, 0, PLACES - 1));
    },
  } satisfies Augmentation);
}

/** Terms of the sum that a half of the distribution is integrated by. */
const STEPS = 16_384;

/**
 * The quantiles (i + ½) / count of Beta(α, α), float32 [count]. Of 0 … ½ the substitution x = t^(1/α)/2 takes the pole at 0
 * out of the density x^(α−1)(1−x)^(α−1); the other half is its mirror.
 */
export function betaQuantiles(alpha: number, count: number): Float32Array {
  const x = (t: number): number => t ** (1 / alpha) / 2;
  // Midpoint rule; what is constant in t is left out.
  const sums = new Float64Array(STEPS + 1);
  for (let step = 0; step < STEPS; step++)
    sums[step + 1] = (sums[step] ?? 0) + (1 - x((step + 0.5) / STEPS)) ** (alpha - 1);
  const half = sums[STEPS] ?? 1;
  const quantiles = new Float32Array(count);
  let step = 0;
  for (let place = 0; place < Math.ceil(count / 2); place++) {
    const wanted = ((place + 0.5) / count) * 2 * half;
    while (step < STEPS && (sums[step + 1] ?? half) < wanted) step += 1;
    const [below, above] = [sums[step] ?? 0, sums[step + 1] ?? half];
    const value = x(Math.min(1, (step + (wanted - below) / (above - below)) / STEPS));
    quantiles[place] = value;
    quantiles[count - 1 - place] = 1 - value;
  }
  return quantiles;
}
