import assert from 'node:assert/strict';
import { losses, tf } from '../../../src/lab';
import type { Loss } from '../../../src/lab';
import { LabError } from '../../../src/protocol/errors';
import { useEngine } from './tensorflow';

function value(loss: Loss, yTrue: tf.Tensor, yPred: tf.Tensor): number {
  return tf.tidy(() => loss.compute(yTrue, yPred).dataSync()[0]!);
}

function near(found: number, expected: number, tolerance = 1e-6): void {
  assert.ok(Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${found} is not ${expected}`);
}

/** Holds TensorFlow's gradient of a loss against central differences of its value. */
function checkGradient(loss: Loss, yTrue: tf.Tensor, logits: number[][]): void {
  tf.tidy(() => {
    const shape: [number, number] = [logits.length, logits[0]!.length];
    const flat = logits.flat();
    const gradient = tf
      .grad((x: tf.Tensor) => loss.compute(yTrue, x))(tf.tensor2d(flat, shape))
      .dataSync();
    const step = 2e-3;
    flat.forEach((_, i) => {
      const moved = (by: number): number =>
        value(
          loss,
          yTrue,
          tf.tensor2d(
            flat.map((x, j) => (i === j ? x + by : x)),
            shape,
          ),
        );
      const difference = (moved(step) - moved(-step)) / (2 * step);
      assert.ok(
        Math.abs(gradient[i]! - difference) < 1e-3 * Math.max(1, Math.abs(difference)),
        `${loss.name}[${i}]: ${gradient[i]} is not ${difference}`,
      );
    });
  });
}

const softmax = (row: number[]): number[] => {
  const exps = row.map(Math.exp);
  return exps.map((e) => e / exps.reduce((a, b) => a + b));
};
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

describe('lab/losses', () => {
  before(useEngine);

  const logits = [
    [1, 2, 3],
    [0.5, -1, 0],
  ];
  const labels = [2, 1];
  const byHand = -(Math.log(softmax(logits[0]!)[2]!) + Math.log(softmax(logits[1]!)[1]!)) / 2;

  it('sparse categorical cross-entropy is −mean log p of the label, from logits and from probabilities', () => {
    tf.tidy(() => {
      const y = tf.tensor1d(labels, 'int32');
      near(value(losses.sparseCategoricalCrossentropy({ fromLogits: true }), y, tf.tensor2d(logits)), byHand);
      near(value(losses.sparseCategoricalCrossentropy(), y, tf.tensor2d(logits.map(softmax))), byHand);
    });
  });

  it('takes labels as [batch, 1], as floats, and for sequences', () => {
    tf.tidy(() => {
      const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
      near(value(loss, tf.tensor2d(labels, [2, 1]), tf.tensor2d(logits)), byHand);
      const sequence = tf.tensor3d([logits], [1, 2, 3]);
      near(value(loss, tf.tensor2d(labels, [1, 2], 'int32'), sequence), byHand);
    });
  });

  it('categorical cross-entropy agrees with the sparse one on one-hot targets, and smooths as Keras does', () => {
    tf.tidy(() => {
      const oneHot = tf.tensor2d([
        [0, 0, 1],
        [0, 1, 0],
      ]);
      near(value(losses.categoricalCrossentropy({ fromLogits: true }), oneHot, tf.tensor2d(logits)), byHand);
      near(value(losses.categoricalCrossentropy(), oneHot, tf.tensor2d(logits.map(softmax))), byHand);
      const smoothed = logits.map((row, n) =>
        softmax(row).reduce((sum, p, k) => sum - (0.9 * Number(labels[n] === k) + 0.1 / 3) * Math.log(p), 0),
      );
      const loss = losses.categoricalCrossentropy({ fromLogits: true, labelSmoothing: 0.1 });
      near(value(loss, oneHot, tf.tensor2d(logits)), (smoothed[0]! + smoothed[1]!) / 2);
    });
  });

  it('binary cross-entropy is −mean(y log p + (1 − y) log(1 − p))', () => {
    tf.tidy(() => {
      const x = [0.3, -2, 1.5];
      const y = [1, 0, 0];
      const terms = x.map((logit, i) => (y[i] === 1 ? -Math.log(sigmoid(logit)) : -Math.log(1 - sigmoid(logit))));
      const expected = terms.reduce((a, b) => a + b) / 3;
      const targets = tf.tensor1d(y, 'int32');
      near(value(losses.binaryCrossentropy({ fromLogits: true }), targets, tf.tensor2d(x, [3, 1])), expected);
      near(value(losses.binaryCrossentropy(), targets, tf.tensor2d(x.map(sigmoid), [3, 1])), expected);
      const smoothed = x.map((logit, i) => {
        const target = 0.8 * y[i]! + 0.1;
        return -target * Math.log(sigmoid(logit)) - (1 - target) * Math.log(1 - sigmoid(logit));
      });
      const loss = losses.binaryCrossentropy({ fromLogits: true, labelSmoothing: 0.2 });
      near(value(loss, targets, tf.tensor2d(x, [3, 1])), smoothed.reduce((a, b) => a + b) / 3);
    });
  });

  it('the regression losses do not broadcast [batch] against [batch, 1]', () => {
    tf.tidy(() => {
      const y = tf.tensor1d([1, 2, 3]);
      const predicted = tf.tensor2d([1.5, 2, 1], [3, 1]);
      near(value(losses.meanSquaredError(), y, predicted), (0.25 + 0 + 4) / 3);
      near(value(losses.meanAbsoluteError(), y, predicted), (0.5 + 0 + 2) / 3);
    });
  });

  it('has the gradients that finite differences show, also at 0', () => {
    tf.tidy(() => {
      const y = tf.tensor1d(labels, 'int32');
      const oneHot = tf.tensor2d([
        [0, 0, 1],
        [0.25, 0.5, 0.25],
      ]);
      checkGradient(losses.sparseCategoricalCrossentropy({ fromLogits: true }), y, logits);
      checkGradient(losses.sparseCategoricalCrossentropy(), y, logits.map(softmax));
      checkGradient(losses.categoricalCrossentropy({ fromLogits: true, labelSmoothing: 0.1 }), oneHot, logits);
      checkGradient(losses.binaryCrossentropy({ fromLogits: true }), tf.tensor2d([[0], [1], [1]]), [[0], [0], [-2]]);
      checkGradient(losses.binaryCrossentropy(), tf.tensor2d([[0], [1]]), [[0.3], [0.6]]);
      checkGradient(losses.meanSquaredError(), tf.tensor1d([1, 2]), [[1.5], [-1]]);
      checkGradient(losses.meanAbsoluteError(), tf.tensor1d([1, 2]), [[1.5], [-1]]);
      checkGradient(losses.huber({ delta: 0.7 }), tf.tensor1d([1, 2, 3]), [[1.5], [-1], [3]]);
      checkGradient(losses.klDivergence(), oneHot, logits.map(softmax));
      checkGradient(losses.klDivergence({ fromLogits: true }), oneHot, logits);
      checkGradient(losses.sparseCategoricalCrossentropy({ labelSmoothing: 0.2 }), y, logits.map(softmax));
      for (const gamma of [0, 0.5, 2]) {
        checkGradient(losses.sparseCategoricalFocalCrossentropy({ gamma }), y, logits.map(softmax));
        checkGradient(losses.categoricalFocalCrossentropy({ gamma, fromLogits: true }), oneHot, logits);
        const yes = tf.tensor2d([[0], [1], [1]]);
        checkGradient(losses.binaryFocalCrossentropy({ gamma, fromLogits: true }), yes, [[0], [0], [-2]]);
        checkGradient(losses.binaryFocalCrossentropy({ gamma, alpha: 0.7 }), yes, [[0.3], [0.6], [0.9]]);
      }
    });
  });

  it('stays finite and exact at the ends of the range', () => {
    tf.tidy(() => {
      const sparse = losses.sparseCategoricalCrossentropy({ fromLogits: true });
      near(value(sparse, tf.tensor1d([1], 'int32'), tf.tensor2d([[500, -500]])), 1000);
      near(value(sparse, tf.tensor1d([0], 'int32'), tf.tensor2d([[500, -500]])), 0);
      const binary = losses.binaryCrossentropy({ fromLogits: true });
      near(value(binary, tf.tensor1d([0]), tf.tensor1d([300])), 300);
      near(value(binary, tf.tensor1d([1]), tf.tensor1d([300])), 0);
      near(value(binary, tf.tensor1d([1]), tf.tensor1d([20])) / Math.exp(-20), 1, 1e-4);
      for (const loss of [losses.sparseCategoricalCrossentropy(), losses.categoricalCrossentropy()]) {
        const y = loss.name.startsWith('sparse') ? tf.tensor1d([1], 'int32') : tf.tensor2d([[0, 1]]);
        near(value(loss, y, tf.tensor2d([[1, 0]])), -Math.log(1e-7), 1e-4);
      }
      near(value(losses.binaryCrossentropy(), tf.tensor1d([1]), tf.tensor1d([0])), -Math.log(1e-7), 1e-4);
    });
  });

  it('refuses shapes that do not fit, with both of them', () => {
    tf.tidy(() => {
      const wrong: [Loss, tf.Tensor, tf.Tensor][] = [
        [losses.sparseCategoricalCrossentropy(), tf.ones([4], 'int32'), tf.ones([5, 3])],
        [losses.sparseCategoricalCrossentropy(), tf.ones([4], 'int32'), tf.ones([4])],
        [losses.categoricalCrossentropy(), tf.ones([4, 3]), tf.ones([4, 2])],
        [losses.binaryCrossentropy(), tf.ones([4]), tf.ones([4, 2])],
        [losses.meanSquaredError(), tf.ones([4, 2]), tf.ones([2, 4])],
      ];
      for (const [loss, yTrue, yPred] of wrong) {
        assert.throws(
          () => loss.compute(yTrue, yPred),
          (error) =>
            error instanceof LabError &&
            error.code === 'MODEL_SHAPE' &&
            error.message.includes(loss.name) &&
            (error.data.found ?? '').includes(`[${yPred.shape.join(', ')}]`),
        );
      }
    });
  });

  it('refuses options it does not know or cannot use', () => {
    const refuses = (make: () => unknown, pattern: RegExp): void => {
      assert.throws(make, (error) => {
        assert.ok(error instanceof LabError);
        assert.equal(error.code, 'EXPERIMENT_INVALID');
        assert.match(`${error.message} ${error.data.remedy ?? ''}`, pattern);
        return true;
      });
    };
    refuses(() => losses.binaryCrossentropy({ fromLogit: true } as object), /Did you mean 'fromLogits'/);
    refuses(() => losses.binaryCrossentropy({ labelSmoothing: 2 }), /labelSmoothing.*from 0 to 1.*2/);
    refuses(() => losses.sparseCategoricalCrossentropy({ fromLogits: 'yes' } as never), /true or false/);
    refuses(() => losses.klDivergence({ labelSmoothing: 0.1 } as object), /labelSmoothing/);
    refuses(() => losses.huber({ delta: 0 }), /delta.*above 0.*0/);
    refuses(() => losses.binaryFocalCrossentropy({ gamma: -1 }), /gamma.*at least 0.*-1/);
    refuses(() => losses.categoricalFocalCrossentropy({ alpha: 2 }), /alpha.*from 0 to 1.*2/);
  });

  it('leaves one tensor, the result', () => {
    const y = tf.tensor1d(labels, 'int32');
    const x = tf.tensor2d(logits);
    const before = tf.memory().numTensors;
    const result = losses.sparseCategoricalCrossentropy({ fromLogits: true }).compute(y, x);
    assert.equal(tf.memory().numTensors, before + 1);
    tf.dispose([result, y, x]);
  });
});
