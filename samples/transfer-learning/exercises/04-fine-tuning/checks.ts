import { tf } from 'deep-learning-lab';
import { exercise, fail, number, type CheckContext } from 'deep-learning-lab/grading';
import { network } from '../../base';
import { fewNew, INFO, manyKnown, Models, restore, same, valuesOf, withNewHead } from '../reference';

interface Plan {
  readonly layers: readonly string[];
  readonly rate: number;
}
type FineTuning = (body: readonly string[]) => Plan;

const BODY = ['conv1', 'conv2', 'conv3'];
const LONG = ['block1', 'block2', 'block3', 'block4', 'block5', 'block6'];

/** Slower than this, nothing would happen; faster than that, it is not lowered enough to matter. */
const LEAST = 1 / 1000;
const MOST = 1 / 2;

const EXAMPLES = 200;
/** With 500 test pictures the accuracy itself is known to about two percentage points. */
const TOLERANCE = 0.03;

const list = (names: readonly string[]): string => `[${names.join(', ')}]`;

function planOf(learner: FineTuning, body: readonly string[]): Plan {
  const answer: unknown = learner(body);
  const input = `body = ${list(body)}`;
  const expected = '{ layers: string[], rate: number }';
  if (typeof answer !== 'object' || answer === null) fail({ expected, found: typeof answer, input });
  const { layers, rate } = answer as Partial<Record<keyof Plan, unknown>>;
  if (!Array.isArray(layers) || typeof rate !== 'number') {
    fail({ expected, found: `{ layers: ${typeof layers}, rate: ${typeof rate} }`, input });
  }
  return { layers: layers.map(String), rate };
}

function requireTop({ layers }: Plan, body: readonly string[]): void {
  const said = { found: list(layers), input: `body = ${list(body)}` };
  const expected = `[…, ${body[body.length - 1]}]`;
  if (layers.length === 0) fail({ mistake: 'nothingFree', expected, ...said });
  const unknown = layers.filter((name) => !body.includes(name));
  if (unknown.length > 0) fail({ mistake: 'unknownLayer', expected: list(body), ...said });
  if (new Set(layers).size === body.length) fail({ mistake: 'everythingFree', expected, ...said });
  const top = body.slice(body.length - new Set(layers).size);
  if (!top.every((name) => layers.includes(name))) fail({ mistake: 'notTheTop', expected, ...said });
}

function requireLowered({ rate }: Plan, headRate: number): void {
  const expected = `${number(headRate * LEAST)} < rate ≤ ${number(headRate * MOST)}`;
  const said = { expected, found: number(rate), input: `HEAD_RATE = ${number(headRate)}` };
  if (!(rate > 0) || !Number.isFinite(rate)) fail(said);
  if (rate > headRate * MOST) fail({ mistake: 'notLowered', ...said });
  if (rate <= headRate * LEAST) fail({ mistake: 'tooSlow', ...said });
}

function headRateOf({ exports }: CheckContext<FineTuning>): number {
  const rate = exports.HEAD_RATE;
  if (typeof rate !== 'number' || !(rate > 0)) fail({ expected: 'HEAD_RATE > 0', found: String(rate) });
  return rate;
}

/** Base, head, fine-tuning, as in the lesson: the last must move what the plan names, and spoil nothing. */
async function tune(context: CheckContext<FineTuning>, models: Models): Promise<void> {
  const { learner, train } = context;
  const headRate = headRateOf(context);
  const plan = planOf(learner, BODY);
  requireTop(plan, BODY);
  requireLowered(plan, headRate);
  const base = await train(manyKnown);
  const transferred = (): tf.LayersModel => {
    const own = restore(models.keep(network(INFO)), base);
    for (const layer of own.layers) layer.trainable = false;
    return withNewHead(own, INFO.classes);
  };
  const before = await train(fewNew({ model: transferred, rate: headRate, epochs: 15, examples: EXAMPLES }));
  let names: string[] = [];
  let values: Float32Array[] = [];
  const after = await train(
    fewNew({
      model: () => {
        const model = restore(transferred(), before);
        for (const name of plan.layers) model.getLayer(name).trainable = true;
        names = model.weights.map(({ originalName }) => originalName);
        values = valuesOf(model);
        return model;
      },
      rate: plan.rate,
      epochs: 5,
      examples: EXAMPLES,
    }),
  );
  const moved = names.filter((_, i) => !same(after.weights[i].values, values[i]));
  const still = plan.layers.filter((layer) => !moved.some((name) => name.startsWith(`${layer}/`)));
  if (still.length > 0) fail({ mistake: 'nothingFree', expected: list(plan.layers), found: list(moved) });
  const was = before.epochs[before.epochs.length - 1].val_accuracy;
  const worst = Math.min(...after.epochs.map(({ val_accuracy }) => val_accuracy));
  if (worst >= was - TOLERANCE) return;
  const expected = `val_accuracy ≥ ${number(was - TOLERANCE)}`;
  fail({ mistake: 'spoiled', expected, found: number(worst), input: `rate = ${number(plan.rate)}` });
}

export default exercise<FineTuning>({
  kind: 'function',
  checks: {
    layers: ({ learner }) => {
      for (const body of [LONG, BODY]) requireTop(planOf(learner, body), body);
      return undefined;
    },
    rate: (context) => {
      for (const body of [LONG, BODY]) requireLowered(planOf(context.learner, body), headRateOf(context));
      return undefined;
    },
    training: {
      seconds: 120,
      run: async (context) => {
        const models = new Models();
        try {
          await tune(context, models);
        } finally {
          models.dispose();
        }
      },
    },
  },
});
