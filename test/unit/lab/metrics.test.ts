import assert from 'node:assert/strict';
import { losses, metrics, tf } from '../../../src/lab';
import type { Loss, LossName, Metric, MetricName } from '../../../src/lab';
import { resolveLoss, resolveMetric } from '../../../src/lab/resolve';
import { Means } from '../../../src/learning/training/means';
import { LabError } from '../../../src/protocol/errors';
import { useEngine } from './tensorflow';

function accuracy(loss: Parameters<typeof resolveLoss>[0], yTrue: tf.Tensor, yPred: tf.Tensor): number {
  const metric = resolveMetric('accuracy', { loss: resolveLoss(loss), classes: 2 });
  return tf.tidy(() => metric.compute(yTrue, yPred).dataSync()[0]!);
}

describe('lab/metrics', () => {
  before(useEngine);
  beforeEach(() => {
    tf.engine().startScope();
  });
  afterEach(() => {
    tf.engine().endScope();
  });

  it('accuracy compares class indices with the largest output', () => {
    const y = tf.tensor1d([2, 0, 1, 1], 'int32');
    const outputs = tf.tensor2d([
      [0.1, 0.2, 0.7],
      [0.5, 0.3, 0.2],
      [0.5, 0.3, 0.2],
      [-3, 4, 2],
    ]);
    assert.equal(accuracy('sparseCategoricalCrossentropy', y, outputs), 0.75);
    assert.equal(accuracy('sparseCategoricalCrossentropy', tf.reshape(y, [4, 1]), outputs), 0.75);
  });

  it('accuracy compares the largest target with the largest output', () => {
    const y = tf.tensor2d([
      [0, 1],
      [1, 0],
    ]);
    const outputs = tf.tensor2d([
      [0.4, 0.6],
      [0.4, 0.6],
    ]);
    assert.equal(accuracy('categoricalCrossentropy', y, outputs), 0.5);
  });

  it('binary accuracy has its threshold at 0.5, and at 0 for logits', () => {
    const y = tf.tensor1d([1, 1, 0, 0], 'int32');
    const outputs = tf.tensor2d([[0.3], [0.7], [0.3], [-0.1]]);
    assert.equal(accuracy('binaryCrossentropy', y, outputs), 0.75);
    const logits = losses.binaryCrossentropy({ fromLogits: true });
    assert.equal(accuracy(logits, y, outputs), 0.75);
    assert.equal(accuracy(logits, tf.tensor1d([1, 1, 1, 0]), outputs), 1);
    assert.equal(metrics.accuracy({ fromLogits: true }).compute(y, outputs).dataSync()[0], 0.75);
  });

  it('with the binary cross-entropy, [batch, k] are k answers each', () => {
    const y = tf.tensor2d([
      [1, 1],
      [0, 0],
    ]);
    const outputs = tf.tensor2d([
      [0.9, 0.2],
      [0.1, 0.3],
    ]);
    assert.equal(accuracy('binaryCrossentropy', y, outputs), 0.75);
  });

  it('measures errors of numbers', () => {
    const y = tf.tensor1d([1, 2]);
    const outputs = tf.tensor2d([[2], [4]]);
    assert.equal(metrics.meanSquaredError().compute(y, outputs).dataSync()[0], 2.5);
    assert.equal(metrics.meanAbsoluteError().compute(y, outputs).dataSync()[0], 1.5);
    const context = { loss: losses.meanSquaredError(), classes: 0 };
    assert.equal(resolveMetric('meanAbsoluteError', context).compute(y, outputs).dataSync()[0], 1.5);
    const own = { name: 'mine', compute: () => tf.scalar(7) };
    assert.equal(resolveMetric(own, context).compute(y, outputs).dataSync()[0], 7);
  });

  /** A metric by name, over several batches. */
  function over(
    metric: MetricName | Metric,
    batches: readonly (readonly [tf.Tensor, tf.Tensor])[],
    loss: LossName | Loss = 'binaryCrossentropy',
  ): number | undefined {
    const resolved = resolveMetric(metric, { loss: resolveLoss(loss), classes: 2 });
    const epoch = new Means();
    for (const [y, p] of batches) {
      const values = [...tf.tidy(() => resolved.compute(y, p).dataSync())];
      const results = resolved.result === undefined ? {} : { m: resolved.result };
      epoch.add(Means.ofBatch({ m: resolved.result === undefined ? values[0]! : values }, () => y.shape[0], results));
    }
    return epoch.values()['m'];
  }

  const batch = (y: readonly number[], p: readonly number[]): [tf.Tensor, tf.Tensor] => [
    tf.tensor1d([...y], 'int32'),
    tf.tensor2d([...p], [p.length, 1]),
  ];

  it('precision, recall and F1 are counted over all batches, also where one batch alone has no value', () => {
    const none = batch([0, 0], [0.1, 0.2]);
    const some = batch([1, 1, 0], [0.9, 0.3, 0.8]);
    for (const name of ['precision', 'recall', 'f1'] as const) assert.equal(over(name, [none]), undefined);
    assert.equal(over('precision', [none, some]), 1 / 2);
    assert.equal(over('recall', [some, none]), 1 / 2);
    assert.equal(over('f1', [none, some, batch([1], [0.9])]), (2 * 2) / (3 + 3));
    // Nothing was called positive, but there was something: a recall of 0, and no precision.
    const missed = batch([1, 0], [0.1, 0.2]);
    assert.deepEqual([over('recall', [missed]), over('f1', [missed]), over('precision', [missed])], [0, 0, undefined]);
  });

  it('of two classes the second is looked for; of more, those without a value are left out of the mean', () => {
    const sparse = 'sparseCategoricalCrossentropy';
    const two = tf.tensor2d([
      [0.2, 0.8],
      [0.9, 0.1],
      [0.4, 0.6],
    ]);
    assert.equal(over('precision', [[tf.tensor1d([1, 1, 0], 'int32'), two]], sparse), 1 / 2);
    assert.equal(over(metrics.recall({ classId: 0 }), [[tf.tensor1d([0, 0, 0], 'int32'), two]], sparse), 1 / 3);
    const three = tf.oneHot(tf.tensor1d([0, 0, 1], 'int32'), 3).toFloat();
    // Class 2 is true once and never said: it has a recall of 0 and no precision.
    const y = tf.tensor1d([0, 1, 2], 'int32');
    assert.equal(over('precision', [[y, tf.gather(three, [0, 1, 2])]], sparse), (1 / 2 + 0) / 2);
    assert.equal(over('recall', [[y, tf.gather(three, [0, 2, 0])]], sparse), (1 + 1 + 0) / 3);
    assert.equal(over(metrics.recall({ classId: 5 }), [[y, three]], sparse), undefined);
  });

  it('AUC is the share of pairs that are in the right order, over batches and with ties counted half', () => {
    const [y, p] = [
      [1, 0, 1, 0, 0, 1],
      [0.9, 0.2, 0.4, 0.6, 0.4, 0.75],
    ];
    const pairs = y.flatMap((a, i) => y.flatMap((b, j) => (a === 1 && b === 0 ? [[p[i]!, p[j]!] as const] : [])));
    const right = pairs.map(([a, b]) => (a > b ? 1 : a === b ? 0.5 : 0)).reduce((a: number, b) => a + b, 0);
    const parts = [batch(y.slice(0, 1), p.slice(0, 1)), batch(y.slice(1), p.slice(1))];
    assert.ok(Math.abs(over('auc', parts)! - right / pairs.length) < 1e-9);
    assert.equal(over('auc', [batch([1, 1], [0.2, 0.7])]), undefined);
    assert.equal(over('auc', [batch([0, 1], [0, 1])]), 1);
  });

  it('perplexity is exp of the mean surprise over targets, by batches of different size', () => {
    const y = tf.tensor1d([0, 1, 1], 'int32');
    const p = tf.tensor2d([
      [0.5, 0.5],
      [0.75, 0.25],
      [0.9, 0.1],
    ]);
    const part = (from: number, size: number): [tf.Tensor, tf.Tensor] => [
      tf.slice(y, from, size),
      tf.slice(p, from, size),
    ];
    const found = over('perplexity', [part(0, 2), part(2, 1)], 'sparseCategoricalCrossentropy')!;
    assert.ok(Math.abs(found - Math.exp(-(Math.log(0.5) + Math.log(0.25) + Math.log(0.1)) / 3)) < 1e-5);
    assert.throws(() => over('perplexity', [[tf.ones([4]), tf.ones([3, 2])]], 'sparseCategoricalCrossentropy'), {
      code: 'MODEL_SHAPE',
    });
  });

  it('R2 has no value where all targets are equal', () => {
    const numbers = (y: number[], p: number[]): [tf.Tensor, tf.Tensor] => [
      tf.tensor1d(y),
      tf.tensor2d(p, [p.length, 1]),
    ];
    assert.equal(over('r2', [numbers([2, 2], [1, 2])], 'meanSquaredError'), undefined);
    const spread = over('r2', [numbers([1, 2], [1, 2]), numbers([3], [4])], 'meanSquaredError')!;
    assert.ok(Math.abs(spread - (1 - 1 / 2)) < 1e-6);
  });

  it('one number for each target is averaged, also of positions; a single one is taken as it is', () => {
    const p = tf.zeros([2, 3, 5]);
    const context = { loss: losses.meanSquaredError(), classes: 0 };
    const found = (value: tf.Tensor): number | undefined =>
      resolveMetric({ name: 'own', compute: () => value }, context)
        .compute(p, p)
        .dataSync()[0];
    assert.equal(found(tf.tensor1d([1, 2])), 1.5);
    assert.equal(found(tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3])), 3.5);
    assert.equal(found(tf.tensor1d([7])), 7);
    assert.equal(found(tf.tensor1d([1, 2], 'int32')), 1.5);
    for (const shape of [[3], [2, 5], [2, 3, 5]])
      assert.throws(() => found(tf.zeros(shape)), { code: 'MODEL_METRIC_VALUE' });
  });

  it('refuses accuracy without classes, and outputs that fit no target', () => {
    assert.throws(
      () => resolveMetric('accuracy', { loss: losses.meanSquaredError(), classes: 0 }),
      (error) => error instanceof LabError && error.code === 'EXPERIMENT_INVALID',
    );
    assert.throws(
      () => accuracy('sparseCategoricalCrossentropy', tf.ones([3], 'int32'), tf.ones([4, 2])),
      (error) => error instanceof LabError && error.code === 'MODEL_SHAPE',
    );
  });

  it('leaves one tensor, the result', () => {
    const y = tf.tensor1d([1, 0], 'int32');
    const x = tf.tensor2d([[0.2], [0.3]]);
    const before = tf.memory().numTensors;
    for (const name of ['precision', 'auc', 'r2'] as const) metrics[name]().sums(y, x).dispose();
    for (const name of ['accuracy', 'meanSquaredError', 'meanAbsoluteError'] as const) {
      metrics[name]().compute(y, x).dispose();
    }
    resolveMetric('accuracy', { loss: losses.binaryCrossentropy(), classes: 2 }).compute(y, x).dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});
