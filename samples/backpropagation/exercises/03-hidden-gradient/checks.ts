import { tf } from 'deep-learning-lab';
import { exercise, expectClose, show, type Comparison } from 'deep-learning-lab/grading';
import { randomBatch, referenceGradient, referenceLoss } from '../reference';

type HiddenGradient = (outputGradient: tf.Tensor2D, w2: tf.Tensor2D, hidden: tf.Tensor2D) => tf.Tensor2D;

interface Input {
  readonly gradient: tf.Tensor2D;
  readonly w2: tf.Tensor2D;
  readonly hidden: tf.Tensor2D;
}

function mistakes({ gradient, w2, hidden }: Input): NonNullable<Comparison['mistakes']> {
  const back = tf.matMul(gradient, w2, false, true);
  return {
    noDerivative: () => back,
    wrongPoint: () => tf.mul(back, tf.sub(1, tf.square(tf.tanh(hidden)))),
    sigmoid: () => tf.mul(back, tf.mul(hidden, tf.sub(1, hidden))),
    onlyDerivative: () => tf.sub(1, tf.square(hidden)),
    ...(w2.shape[0] === w2.shape[1]
      ? { notTransposed: () => tf.mul(tf.matMul(gradient, w2), tf.sub(1, tf.square(hidden))) }
      : {}),
  };
}

const inputOf = ({ gradient, w2, hidden }: Input): string =>
  `outputGradient = ${show(gradient)}, w2 = ${show(w2)}, hidden = ${show(hidden)}`;

export default exercise<HiddenGradient>({
  kind: 'function',
  checks: {
    // [1·3 + 2·4, 1·5 + 2·6] · (1 − [½², 0²]) = [11 · ¾, 17]
    byHand: ({ learner }) => {
      const input: Input = {
        gradient: tf.tensor2d([[1, 2]]),
        w2: tf.tensor2d([
          [3, 4],
          [5, 6],
        ]),
        hidden: tf.tensor2d([[0.5, 0]]),
      };
      expectClose(learner(input.gradient, input.w2, input.hidden), tf.tensor2d([[8.25, 17]]), {
        input: inputOf(input),
        mistakes: mistakes(input),
      });
    },
    // A neuron at the flat end of tanh answers to nothing.
    saturated: ({ learner }) => {
      const input: Input = {
        gradient: tf.tensor2d([[1, -1]]),
        w2: tf.tensor2d([
          [2, 1],
          [1, 3],
          [4, 1],
        ]),
        hidden: tf.tensor2d([[1, -1, 0]]),
      };
      expectClose(learner(input.gradient, input.w2, input.hidden), tf.tensor2d([[0, 0, 3]]), {
        input: inputOf(input),
        mistakes: mistakes(input),
      });
    },
    autodiff: ({ learner }) => {
      const z = tf.randomNormal<tf.Rank.R2>([5, 6]);
      const w2 = tf.randomNormal<tf.Rank.R2>([6, 4]);
      const { labels } = randomBatch(5, 4);
      const hidden = tf.tanh(z);
      const gradient = referenceGradient(tf.matMul(hidden, w2), labels);
      const expected = tf.grad((value) => referenceLoss(tf.matMul(tf.tanh(value), w2), labels))(z);
      const input = { gradient, w2, hidden };
      expectClose(learner(gradient, w2, hidden), expected, { input: inputOf(input), mistakes: mistakes(input) });
    },
  },
});
