import { tf, type DataInfo } from 'deep-learning-lab';
import { exercise, fail, number, type CheckContext } from 'deep-learning-lab/grading';
import { network } from '../../base';
import { fewNew, INFO, manyKnown, Models, restore, same, valuesOf, withNewHead } from '../reference';

type FromScratch = (model: tf.LayersModel, info: DataInfo) => tf.LayersModel;

const RATE = 0.003;
const EPOCHS = 40;

function answerOf(learner: FromScratch, base: tf.LayersModel): tf.LayersModel {
  const answer: unknown = learner(base, INFO);
  if (!(answer instanceof tf.LayersModel)) fail({ expected: 'tf.LayersModel', found: typeof answer });
  return answer;
}

/** Own layers, own numbers. */
function requireFresh(answer: tf.LayersModel, base: tf.LayersModel): void {
  const shared = answer.layers.filter((layer) => layer.weights.length > 0 && base.layers.includes(layer));
  if (shared.length > 0) {
    fail({ mistake: 'shared', expected: 'shared: –', found: `shared: ${shared.map(({ name }) => name).join(', ')}` });
  }
  // Biases are zero in every new model; kernels are random.
  const learned = base.weights
    .filter(({ shape }) => shape.length > 1)
    .map((weight) => weight.read().dataSync<'float32'>());
  const taken = valuesOf(answer).filter((values) => learned.some((other) => same(values, other)));
  if (taken.length > 0) {
    const found = `${String(taken.length)} kernels`;
    fail({ mistake: 'weightsTaken', expected: '0 kernels', found });
  }
}

function requireTrainable(answer: tf.LayersModel): void {
  const fixed = answer.layers.filter((layer) => layer.trainableWeights.length < layer.weights.length);
  if (fixed.length === 0) return;
  fail({ mistake: 'frozen', expected: 'frozen: –', found: `frozen: ${fixed.map(({ name }) => name).join(', ')}` });
}

/** The same kinds of layers with the same shapes, in the same order. */
const plan = (model: tf.LayersModel): string[] =>
  model.layers
    .filter((layer) => layer.getClassName() !== 'InputLayer')
    .map((layer) => `${layer.getClassName()} [${(layer.outputShape as (number | null)[]).slice(1).join(', ')}]`);

function requirePlan(answer: tf.LayersModel, base: tf.LayersModel): void {
  const [expected, found] = [plan(base), plan(answer)];
  if (expected.join() === found.join()) return;
  fail({ mistake: 'otherArchitecture', expected: expected.join(', '), found: found.join(', ') });
}

function requireSound(answer: tf.LayersModel, base: tf.LayersModel): void {
  requirePlan(answer, base);
  requireFresh(answer, base);
  requireTrainable(answer);
}

async function compare({ learner, train }: CheckContext<FromScratch>, models: Models): Promise<void> {
  // What a quick look finds needs no training.
  const untrained = models.keep(network(INFO));
  requireSound(models.keep(answerOf(learner, untrained)), untrained);
  const trained = await train(manyKnown);
  const base = (): tf.LayersModel => restore(models.keep(network(INFO)), trained);
  const transfer = await train(
    fewNew({
      model: () => {
        const own = base();
        for (const layer of own.layers) layer.trainable = false;
        return withNewHead(own, INFO.classes);
      },
      rate: RATE,
      epochs: EPOCHS,
    }),
  );
  const scratch = await train(
    fewNew({
      model: () => {
        const own = base();
        const answer = models.keep(answerOf(learner, own));
        requireSound(answer, own);
        return answer;
      },
      rate: RATE,
      epochs: EPOCHS,
    }),
  );
  const [best, found] = [transfer, scratch].map(({ epochs }) => epochs[epochs.length - 1].val_accuracy);
  const input = '60 + 500 digits';
  if (found < 0.3) fail({ mistake: 'doesNotLearn', expected: 'val_accuracy > 0.3', found: number(found), input });
  if (found >= best - 0.03) {
    fail({ mistake: 'knowsTooMuch', expected: `val_accuracy < ${number(best - 0.03)}`, found: number(found), input });
  }
}

export default exercise<FromScratch>({
  kind: 'function',
  checks: {
    architecture: ({ learner }) => {
      const base = network(INFO);
      requirePlan(answerOf(learner, base), base);
      return undefined;
    },
    fresh: ({ learner }) => {
      const base = network(INFO);
      requireFresh(answerOf(learner, base), base);
      return undefined;
    },
    trainable: ({ learner }) => {
      requireTrainable(answerOf(learner, network(INFO)));
      return undefined;
    },
    // Both are trained for real on the same 60 digits, after the base on 8,000 others.
    equalData: {
      seconds: 120,
      run: async (context) => {
        const models = new Models();
        try {
          await compare(context, models);
        } finally {
          models.dispose();
        }
      },
    },
  },
});
