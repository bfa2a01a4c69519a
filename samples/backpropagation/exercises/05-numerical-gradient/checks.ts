import { tf } from 'deep-learning-lab';
import { exercise, expectClose, show, type Comparison } from 'deep-learning-lab/grading';
import { randomBatch, referenceLoss } from '../reference';

type Function = (w: tf.Tensor1D) => number;
type NumericalGradient = (f: Function, w: tf.Tensor1D, epsilon: number) => tf.Tensor1D;

const value = (tensor: tf.Tensor): number => tensor.dataSync()[0];

/** What typical wrong answers give. */
function mistakes(f: Function, w: tf.Tensor1D, epsilon: number): NonNullable<Comparison['mistakes']> {
  const values = Array.from(w.dataSync());
  const shifted = (index: number, by: number): tf.Tensor1D =>
    tf.tensor1d(values.map((element, i) => element + (i === index ? by : 0)));
  const all =
    (slope: (index: number) => number): (() => tf.Tensor) =>
    () =>
      tf.tensor1d(values.map((_, i) => slope(i)));
  const everywhere = (by: number): number => f(tf.add(w, by));
  const upTo = (index: number, by: number): tf.Tensor1D =>
    tf.tensor1d(values.map((element, i) => element + (i < index ? epsilon : 0) + (i === index ? by : 0)));
  return {
    oneSided: all((i) => (f(shifted(i, epsilon)) - f(w)) / epsilon),
    notHalved: all((i) => (f(shifted(i, epsilon)) - f(shifted(i, -epsilon))) / epsilon),
    notDivided: all((i) => f(shifted(i, epsilon)) - f(shifted(i, -epsilon))),
    allAtOnce: all(() => (everywhere(epsilon) - everywhere(-epsilon)) / (2 * epsilon)),
    notPutBack: all((i) => (f(upTo(i, epsilon)) - f(upTo(i, -epsilon))) / (2 * epsilon)),
  };
}

export default exercise<NumericalGradient>({
  kind: 'function',
  checks: {
    // f = Σ w², whose slope is 2w: differences to both sides give it exactly.
    square: ({ learner }) => {
      const f: Function = (w) => value(tf.sum(tf.square(w)));
      const w = tf.tensor1d([1, -2, 3]);
      const input = `f = Σ w², w = ${show(w)}, epsilon = 0.25`;
      expectClose(learner(f, w, 0.25), tf.tensor1d([2, -4, 6]), { input, mistakes: mistakes(f, w, 0.25) });
    },
    // f = w₀·w₁·w₂: the slope in one direction depends on where the others are.
    product: ({ learner }) => {
      const f: Function = (w) => value(tf.prod(w));
      const w = tf.tensor1d([1, 2, 3]);
      const input = `f = w₀·w₁·w₂, w = ${show(w)}, epsilon = 0.5`;
      expectClose(learner(f, w, 0.5), tf.tensor1d([6, 3, 2]), { input, mistakes: mistakes(f, w, 0.5) });
    },
    // The gradient of a small layer with cross-entropy, against automatic differentiation.
    layer: ({ learner }) => {
      const { logits: x, labels } = randomBatch(4, 3);
      const lossOf = (w: tf.Tensor): tf.Scalar =>
        referenceLoss(tf.matMul(x, tf.reshape<tf.Rank.R2>(w, [3, 3])), labels);
      const w = tf.randomNormal<tf.Rank.R1>([9]);
      const expected = tf.grad((weights) => lossOf(weights))(w);
      const f: Function = (weights) => value(lossOf(weights));
      const input = 'f = cross-entropy(x·w), w [9], epsilon = 0.01';
      expectClose(learner(f, w, 0.01), expected, { input, tolerance: 1e-2, mistakes: mistakes(f, w, 0.01) });
    },
  },
});
