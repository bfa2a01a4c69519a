import * as tf from '@tensorflow/tfjs';
import { categoricalCrossentropy, sparseCategoricalCrossentropy } from '../losses/crossentropy';
import { isSparse } from '../losses/shapes';
import { countsEach } from './answers';
import { logitsOption, metricOptions, type BuiltInSums, type OutputOptions } from './options';

/**
 * exp of the mean cross-entropy over all targets of the epoch: among how many equally probable classes the model seems
 * to choose. 1 is certainty, the number of classes is guessing.
 *
 * @param options `fromLogits`.
 * @returns A metric for the targets and outputs of `sparseCategoricalCrossentropy` or `categoricalCrossentropy`; throws
 *   MODEL_SHAPE for others. Source: Jurafsky, Martin, Speech and Language Processing, section 3.3; KerasHub Perplexity.
 */
export function perplexity(options: OutputOptions = {}): BuiltInSums {
  const { owner, name, given } = metricOptions('perplexity', options, ['fromLogits']);
  const fromLogits = logitsOption(owner, given);
  const sparse = sparseCategoricalCrossentropy({ fromLogits });
  const categorical = categoricalCrossentropy({ fromLogits });
  return {
    name,
    better: 'lower',
    reads: { factory: 'perplexity', fromLogits, always: true },
    sums: (yTrue, yPred, mask) =>
      tf.tidy(() => {
        const loss = isSparse(yTrue, yPred) || yTrue.rank < yPred.rank ? sparse : categorical;
        const surprises = loss.compute.each(yTrue, yPred);
        const counts = countsEach(mask, surprises.size);
        if (counts === undefined) return tf.stack([tf.sum(surprises), tf.scalar(surprises.size)]);
        return tf.stack([tf.sum(tf.mul(tf.reshape(surprises, [-1, 1]), counts)), tf.sum(counts)]);
      }),
    result: ([surprise = 0, targets = 0]) => Math.exp(surprise / targets),
  };
}
