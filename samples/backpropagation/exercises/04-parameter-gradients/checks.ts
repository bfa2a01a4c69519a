import { datasets, experiment, isExperiment, losses, tf, type Parameters } from 'deep-learning-lab';
import { exercise, expectClose, fail, number, show, type Comparison } from 'deep-learning-lab/grading';
import { CLASSES, HIDDEN, PIXELS } from '../reference';

type ParameterGradients = (
  x: tf.Tensor2D,
  hidden: tf.Tensor2D,
  hiddenGradient: tf.Tensor2D,
  outputGradient: tf.Tensor2D,
) => Parameters;

interface Input {
  readonly x: tf.Tensor2D;
  readonly hidden: tf.Tensor2D;
  readonly dHidden: tf.Tensor2D;
  readonly dLogits: tf.Tensor2D;
}

function randomInput(batch: number): Input {
  return {
    x: tf.randomUniform([batch, PIXELS]),
    hidden: tf.tanh(tf.randomNormal([batch, HIDDEN])),
    dHidden: tf.randomNormal([batch, HIDDEN]),
    dLogits: tf.randomNormal([batch, CLASSES]),
  };
}

function answer(learner: ParameterGradients, input: Input): Parameters {
  const found: unknown = learner(input.x, input.hidden, input.dHidden, input.dLogits);
  if (typeof found === 'object' && found !== null && !(found instanceof tf.Tensor)) return found as Parameters;
  fail({ mistake: 'notAnObject', expected: '{ w1, b1, w2, b2 }', found: show(found) });
}

const inputOf = ({ x, dLogits }: Input): string =>
  `x [${x.shape.join(', ')}], outputGradient [${dLogits.shape.join(', ')}]`;

/** x or hidden on the left, the gradient behind the product on the right. */
function weightMistakes(left: tf.Tensor2D, right: tf.Tensor2D): NonNullable<Comparison['mistakes']> {
  const product = tf.matMul(left, right, true, false);
  const [batch] = left.shape;
  return { dividedTwice: () => tf.div(product, batch), transposed: () => tf.transpose(product) };
}

function biasMistakes(gradient: tf.Tensor2D): NonNullable<Comparison['mistakes']> {
  return {
    biasAveraged: () => tf.mean(gradient, 0),
    biasNotSummed: () => gradient,
    biasOverUnits: () => tf.sum(gradient, 1),
  };
}

export default exercise<ParameterGradients>({
  kind: 'function',
  checks: {
    weights: ({ learner }) => {
      const input = randomInput(6);
      const { w1, w2 } = answer(learner, input);
      const { x, hidden, dHidden, dLogits } = input;
      const common = { input: inputOf(input) };
      expectClose(w2, tf.matMul(hidden, dLogits, true, false), {
        ...common,
        mistakes: weightMistakes(hidden, dLogits),
      });
      expectClose(w1, tf.matMul(x, dHidden, true, false), { ...common, mistakes: weightMistakes(x, dHidden) });
    },
    biases: ({ learner }) => {
      const input = randomInput(6);
      const { b1, b2 } = answer(learner, input);
      const common = { input: inputOf(input) };
      expectClose(b2, tf.sum(input.dLogits, 0), { ...common, mistakes: biasMistakes(input.dLogits) });
      expectClose(b1, tf.sum(input.dHidden, 0), { ...common, mistakes: biasMistakes(input.dHidden) });
    },
    // All four functions together against TensorFlow's own gradients, as a training.
    curve: {
      seconds: 60,
      run: async ({ exports, train }) => {
        const own: unknown = exports.default;
        if (!isExperiment(own) || !('forward' in own)) {
          fail({ mistake: 'noExperiment', expected: 'export default experiment({ … })', found: show(own) });
        }
        const small = {
          title: 'Check',
          data: datasets.mnist({ train: 640, test: 100 }),
          epochs: 1,
          batchSize: 32,
          seed: 1,
        };
        const common = { parameters: own.parameters, forward: own.forward, optimizer: own.optimizer };
        const loss = losses.sparseCategoricalCrossentropy({ fromLogits: true });
        const { gradients } = own;
        if (gradients === undefined) fail({ mistake: 'noExperiment', expected: 'gradients: …', found: 'forward' });
        const yours = await train(experiment({ ...small, ...common, loss, gradients }));
        const theirs = await train(experiment({ ...small, ...common, loss }));
        yours.steps.forEach(({ loss: found }, step) => {
          const { loss: expected } = theirs.steps[step];
          if (Math.abs(found - expected) <= 2e-3 * Math.max(1, expected)) return;
          const input = `step ${String(step + 1)}`;
          fail({ mistake: 'curvesPart', expected: number(expected), found: number(found), input });
        });
      },
    },
  },
});
