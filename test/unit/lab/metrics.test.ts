import assert from 'node:assert/strict';
import { losses, metrics, tf } from '../../../src/lab';
import { resolveLoss, resolveMetric } from '../../../src/lab/resolve';
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
    for (const name of ['accuracy', 'meanSquaredError', 'meanAbsoluteError'] as const) {
      metrics[name]().compute(y, x).dispose();
    }
    resolveMetric('accuracy', { loss: losses.binaryCrossentropy(), classes: 2 }).compute(y, x).dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});
