import { tf } from 'deep-learning-lab';
import { exercise, fail, type CheckContext } from 'deep-learning-lab/grading';
import { network } from '../../base';
import { fewNew, INFO, Models, same, smallBase, valuesOf, withNewHead } from '../reference';

type Freeze = (model: tf.LayersModel) => tf.LayersModel;

/** The learner's answer for this model, which must be a model with its layers. */
function frozen(learner: Freeze, base: tf.LayersModel): tf.LayersModel {
  const answer: unknown = learner(base);
  if (!(answer instanceof tf.LayersModel)) fail({ expected: 'tf.LayersModel', found: typeof answer });
  const kept = base.layers.filter((layer) => answer.layers.includes(layer)).length;
  if (kept < base.layers.length) {
    const found = `${String(kept)} / ${String(base.layers.length)} layers`;
    fail({
      mistake: 'anotherModel',
      expected: `${String(base.layers.length)} / ${String(base.layers.length)} layers`,
      found,
    });
  }
  return answer;
}

/** Every layer by itself: in the lesson they become part of another model. */
function requireFrozen(model: tf.LayersModel): void {
  const weighty = model.layers.filter((layer) => layer.weights.length > 0);
  const free = weighty.filter((layer) => layer.trainableWeights.length > 0);
  if (free.length === 0) return;
  const head = weighty[weighty.length - 1];
  const mistake =
    free.length === weighty.length
      ? 'notFrozen'
      : free.includes(head)
        ? 'partly'
        : free.length === weighty.length - 1
          ? 'onlyHead'
          : 'partly';
  fail({
    mistake,
    expected: 'trainable: –',
    found: `trainable: ${free.map(({ name }) => name).join(', ')}`,
    input: weighty.map(({ name }) => name).join(', '),
  });
}

async function trainOnTop({ learner, train }: CheckContext<Freeze>, models: Models): Promise<void> {
  let body: tf.layers.Layer[] = [];
  let before: Float32Array[] = [];
  const model = (): tf.LayersModel => {
    const base = models.keep(network(INFO));
    const whole = withNewHead(frozen(learner, base), 5);
    body = whole.layers.slice(0, -1);
    requireFrozen(base);
    before = valuesOf(whole);
    return whole;
  };
  const { weights } = await train(fewNew({ model, rate: 0.01, epochs: 1 }));
  const moved = weights.filter(({ values }, i) => !same(values, before[i])).map(({ name }) => name);
  const own = new Set(body.flatMap((layer) => layer.weights.map(({ originalName }) => originalName)));
  const wrong = moved.filter((name) => own.has(name));
  if (wrong.length > 0) fail({ mistake: 'notFrozen', expected: '–', found: wrong.join(', ') });
  if (moved.length === 0) fail({ expected: 'newHead', found: '–' });
}

export default exercise<Freeze>({
  kind: 'function',
  checks: {
    weights: ({ learner }) => {
      const base = smallBase();
      frozen(learner, base);
      requireFrozen(base);
      base.dispose();
      return undefined;
    },
    unchanged: ({ learner }) => {
      const base = smallBase();
      const before = valuesOf(base);
      const after = valuesOf(frozen(learner, base));
      if (!before.every((values) => after.some((other) => same(values, other)))) fail({ mistake: 'weightsLost' });
      base.dispose();
      return undefined;
    },
    // A new head is really trained on top: the body must not move, the head must.
    training: {
      seconds: 60,
      run: async (context) => {
        const models = new Models();
        try {
          await trainOnTop(context, models);
        } finally {
          models.dispose();
        }
      },
    },
  },
});
