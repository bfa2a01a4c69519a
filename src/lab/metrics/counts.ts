/** Metrics of hits: counted over the whole epoch, so that a batch without any is no hole. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { checkInteger, invalid } from '../check';
import { SHARE, thresholdOption, type ThresholdOptions } from './accuracy';
import { countsEach, isYes, outputsOf, saysYes, trueClasses, type Reading } from './answers';
import { logitsOption, metricOptions, type BuiltInSums } from './options';
import { oneHot } from '../oneHot';

const AVERAGES = ['macro', 'weighted', 'micro'] as const;

export interface CountOptions extends ThresholdOptions {
  /** The class that is looked for, by its index. Default: of two classes the second, of more all, see `average`. */
  readonly classId?: number;
  /**
   * How the values of more than two classes become one: 'macro' is their mean, 'weighted' their mean by the number of
   * examples, 'micro' counts the hits of all classes together. Default 'macro'.
   */
  readonly average?: (typeof AVERAGES)[number];
}

/** What was counted of one class. */
interface Counts {
  /** Said and true. */
  readonly hits: number;
  readonly said: number;
  readonly true: number;
}

type CountMetric = 'precision' | 'recall' | 'f1';

const FORMULAS: Readonly<Record<CountMetric, (counts: Counts) => number>> = {
  precision: ({ hits, said }) => hits / said,
  recall: ({ hits, true: there }) => hits / there,
  f1: ({ hits, said, true: there }) => (2 * hits) / (said + there),
};

/**
 * Of what the model called positive, the share that is: hits / said.
 *
 * Positive is a yes above `threshold` where there is one output a target, the second class of two, or `classId`; of more
 * classes, `average` says how their values become one. Counted over the whole epoch. Where nothing was called positive
 * there is no value; of several classes, only those that have one are averaged.
 *
 * @returns A metric for the targets and outputs of `accuracy`; throws MODEL_SHAPE for others. Source: Keras Precision.
 */
export function precision(options: CountOptions = {}): BuiltInSums {
  return ofOptions('precision', options);
}

/** Of what is positive, the share that the model called so: hits / true. Otherwise as `precision`. Source: Keras Recall. */
export function recall(options: CountOptions = {}): BuiltInSums {
  return ofOptions('recall', options);
}

/**
 * The harmonic mean of precision and recall, 2·hits / (said + true). Otherwise as `precision`. Source: Keras F1Score.
 */
export function f1(options: CountOptions = {}): BuiltInSums {
  return ofOptions('f1', options);
}

/** What `metrics: ['precision']` stands for. */
export function countMetric(metric: CountMetric, reading: Reading, fromLogits: boolean): BuiltInSums {
  return define(metric, metric, { reading, fromLogits, threshold: 0.5, classId: undefined, average: 'macro' });
}

interface Settings {
  readonly reading: Reading;
  readonly fromLogits: boolean;
  readonly threshold: number;
  readonly classId: number | undefined;
  readonly average: NonNullable<CountOptions['average']>;
}

function ofOptions(metric: CountMetric, options: CountOptions): BuiltInSums {
  const { owner, name, given } = metricOptions(metric, options, ['fromLogits', 'threshold', 'classId', 'average']);
  const average = given['average'] ?? 'macro';
  if (!isAverage(average)) {
    const expected = l10n.t('one of {0}', AVERAGES.map((known) => `'${known}'`).join(', '));
    throw invalid({ field: `${owner}: average`, expected, found: average });
  }
  return define(metric, name, {
    reading: 'class',
    fromLogits: logitsOption(owner, given),
    threshold: thresholdOption(owner, given),
    classId:
      given['classId'] === undefined ? undefined : checkInteger(`${owner}: classId`, given['classId'], { min: 0 }),
    average,
  });
}

function isAverage(value: unknown): value is Settings['average'] {
  return AVERAGES.some((average) => average === value);
}

function define(metric: CountMetric, name: string, settings: Settings): BuiltInSums {
  const { reading, fromLogits, threshold, classId, average } = settings;
  const formula = FORMULAS[metric];
  return {
    name,
    ...SHARE,
    isCount: true,
    reads: { factory: metric, fromLogits, always: false },
    sums: (yTrue, yPred, mask) =>
      tf.tidy(() => {
        const classes = outputsOf(yPred);
        if (reading === 'yesOrNo' || classes === 1) {
          const counts = countsEach(mask, yPred.size);
          return countsOf(flat(isYes(name, yTrue, yPred)), flat(saysYes(yPred, threshold, fromLogits)), counts);
        }
        const labels = (indices: tf.Tensor): tf.Tensor =>
          tf.reshape(oneHot(tf.cast(indices, 'int32'), classes), [-1, classes]);
        const counts = countsEach(mask, yPred.size / classes);
        return countsOf(labels(trueClasses(name, yTrue, yPred)), labels(tf.argMax(yPred, -1)), counts);
      }),
    result: (sums) => {
      const classes = countsByClass(sums);
      const positive = classId ?? (classes.length === 2 ? 1 : undefined);
      if (positive !== undefined) return formulaOf(formula, classes[classes.length === 1 ? 0 : positive]);
      if (average === 'micro') return formula(classes.reduce(together));
      const valued = classes.filter((counts) => Number.isFinite(formula(counts)));
      const weight = ({ true: there }: Counts): number => (average === 'macro' ? 1 : there);
      const total = valued.reduce((sum, counts) => sum + weight(counts), 0);
      return valued.reduce((sum, counts) => sum + weight(counts) * formula(counts), 0) / total;
    },
  };
}

const flat = (tensor: tf.Tensor): tf.Tensor => tf.reshape(tensor, [-1, 1]);

/**
 * @param counts [targets, 1], 1 for those that count
 * @returns [3 · classes]: hits of each class, then how often each was said, then how often it was true
 */
function countsOf(there: tf.Tensor, said: tf.Tensor, counts: tf.Tensor | undefined): tf.Tensor {
  const counted = (of: tf.Tensor): tf.Tensor => (counts === undefined ? of : tf.mul(of, counts));
  const [yes, told] = [counted(tf.cast(there, 'float32')), counted(tf.cast(said, 'float32'))];
  return tf.concat([tf.sum(tf.mul(yes, told), 0), tf.sum(told, 0), tf.sum(yes, 0)]);
}

function countsByClass(sums: readonly number[]): Counts[] {
  const classes = sums.length / 3;
  return Array.from({ length: classes }, (_, index) => ({
    hits: sums[index] ?? 0,
    said: sums[classes + index] ?? 0,
    true: sums[2 * classes + index] ?? 0,
  }));
}

const together = (a: Counts, b: Counts): Counts => ({
  hits: a.hits + b.hits,
  said: a.said + b.said,
  true: a.true + b.true,
});

/** A class that the output does not have has no value. */
function formulaOf(formula: (counts: Counts) => number, counts: Counts | undefined): number {
  return counts === undefined ? Number.NaN : formula(counts);
}
