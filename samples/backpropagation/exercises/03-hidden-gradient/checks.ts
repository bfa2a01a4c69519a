import { tf } from 'deep-learning-lab';
import { exercise, expectClose, show, type Comparison } from 'deep-learning-lab/grading';
import { CLASSES, corner, HIDDEN, randomBatch, referenceGradient, referenceLoss } from '../reference';

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
  };
}

const inputOf = ({ gradient, w2, hidden }: Input): string =>
  `outputGradient = ${show(gradient)}, w2 = ${show(w2)}, hidden = ${show(hidden)}`;

export default exercise<HiddenGradient>({
  kind: 'function',
  checks: {
    // [1·3 + 2·4, 1·5 + 2·6] · (1 − [½², 0²]) = [11 · ¾, 17]; all other weights are 0.
    byHand: ({ learner }) => {
      const input: Input = {
        gradient: corner([[1, 2]], [1, CLASSES]),
        w2: corner(
          [
            [3, 4],
            [5, 6],
          ],
          [HIDDEN, CLASSES],
        ),
        hidden: corner([[0.5, 0]], [1, HIDDEN]),
      };
      expectClose(learner(input.gradient, input.w2, input.hidden), corner([[8.25, 17]], [1, HIDDEN]), {
        input: inputOf(input),
        mistakes: mistakes(input),
      });
    },
    // A neuron at the flat end of tanh answers to nothing.
    saturated: ({ learner }) => {
      const input: Input = {
        gradient: corner([[1, -1]], [1, CLASSES]),
        w2: corner(
          [
            [2, 1],
            [1, 3],
            [4, 1],
          ],
          [HIDDEN, CLASSES],
        ),
        hidden: corner([[1, -1, 0]], [1, HIDDEN]),
      };
      expectClose(learner(input.gradient, input.w2, input.hidden), corner([[0, 0, 3]], [1, HIDDEN]), {
        input: inputOf(input),
        mistakes: mistakes(input),
      });
    },
    autodiff: ({ learner }) => {
      const z = tf.randomNormal<tf.Rank.R2>([5, HIDDEN]);
      const w2 = tf.randomNormal<tf.Rank.R2>([HIDDEN, CLASSES]);
      const { labels } = randomBatch(5);
      const hidden = tf.tanh(z);
      const gradient = referenceGradient(tf.matMul(hidden, w2), labels);
      const expected = tf.grad((value) => referenceLoss(tf.matMul(tf.tanh(value), w2), labels))(z);
      const input = { gradient, w2, hidden };
      expectClose(learner(gradient, w2, hidden), expected, { input: inputOf(input), mistakes: mistakes(input) });
    },
  },
});
