import * as tf from '@tensorflow/tfjs';
import { alignTargets } from '../losses/shapes';
import { meanAbsoluteError as absoluteLoss, meanSquaredError as squaredLoss } from '../losses/regression';
import { countsEach } from './answers';
import { metricOptions, type BuiltInMean, type BuiltInSums, type NamedMetric } from './options';

/** mean((y − ŷ)²) over all elements. Shapes and errors as for the loss of that name. */
export function meanSquaredError(options: NamedMetric = {}): BuiltInMean {
  const { name } = metricOptions('meanSquaredError', options, []);
  return { name, better: 'lower', compute: squaredLoss().compute };
}

/** mean(|y − ŷ|) over all elements. Shapes and errors as for the loss of that name. */
export function meanAbsoluteError(options: NamedMetric = {}): BuiltInMean {
  const { name } = metricOptions('meanAbsoluteError', options, []);
  return { name, better: 'lower', compute: absoluteLoss().compute };
}

/** Sums that each column of the targets has: Σ1, Σy, Σy², Σ(y − ŷ)². */
const SUMS = 4;

/**
 * The coefficient of determination, R² = 1 − Σ(y − ŷ)² / Σ(y − ȳ)² with the mean ȳ over the whole epoch: 1 is a perfect
 * prediction, 0 one that is no better than the mean, and there is no lower end. Of several columns the mean of their
 * values, as in Keras. Where all targets are equal there is no value.
 *
 * @returns A metric for yTrue and yPred with as many elements, e.g. [batch] and [batch, 1]; throws MODEL_SHAPE for
 *   others. Source: Keras R2Score.
 */
export function r2(options: NamedMetric = {}): BuiltInSums {
  const { name } = metricOptions('r2', options, []);
  return {
    name,
    better: 'higher',
    sums: (yTrue, yPred, mask) =>
      tf.tidy(() => {
        const columns = yPred.rank < 2 ? 1 : (yPred.shape.at(-1) ?? 1);
        const answers = tf.reshape(yPred, [-1, columns]);
        const y = tf.reshape(alignTargets(name, yTrue, yPred), [-1, columns]);
        const terms = [tf.onesLike(y), y, tf.square(y), tf.square(tf.sub(y, answers))];
        const counts = countsEach(mask, y.size / columns);
        return tf.concat(terms.map((term) => tf.sum(counts === undefined ? term : tf.mul(term, counts), 0)));
      }),
    result: (sums) => {
      const columns = sums.length / SUMS;
      const ofColumn = (column: number): number => {
        const [n = 0, y = 0, squares = 0, errors = 0] = [0, 1, 2, 3].map((sum) => sums[sum * columns + column]);
        const spread = squares - y ** 2 / n;
        return spread > 0 ? 1 - errors / spread : Number.NaN;
      };
      return Array.from({ length: columns }, (_, column) => ofColumn(column)).reduce((a, b) => a + b, 0) / columns;
    },
  };
}
