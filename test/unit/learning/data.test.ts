/** Data of every shape in training: tokens, masks, windows, rows of unequal length, several inputs and outputs. */
import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { experiment, losses, ragged, windowCount, windows } from '../../../src/lab';
import type { Dataset, Experiment, ExperimentConfig, Parameters, Split } from '../../../src/lab';
import { loadSplits } from '../../../src/lab/loadSplits';
import { Control } from '../../../src/learning/training/control';
import type { TrainingState } from '../../../src/learning/training/state';
import { Training } from '../../../src/learning/training/training';
import { LearningError } from '../../../src/learning/errors';
import type { Point } from '../../../src/protocol/run';
import { numbers } from '../../support/hashed';
import { useEngine } from '../lab/tensorflow';
import oracle from './oracle/data.json';

const STEPS = 20;
// What follows is as in oracle/data.py.
const ROWS = 8;
const TOKENS = 7;
const LONGEST = 6;

function whole(shape: number[], seed: number, below: number): Int32Array {
  const made = numbers(shape, seed, 1);
  const values = Int32Array.from(made.dataSync(), (value) =>
    Math.min(below - 1, Math.max(0, Math.floor(Math.fround(Math.fround(Math.fround(value + 1) / 2) * below)))),
  );
  made.dispose();
  return values;
}

const lengths = (): Int32Array => whole([ROWS], 11, LONGEST).map((length) => length + 1);
const classes = Array.from({ length: TOKENS }, (_, token) => `token ${token}`);

function described(data: Partial<Dataset>, split: Split): Dataset {
  return {
    name: 'made up',
    kind: 'table',
    train: split.length,
    test: split.length,
    licence: 'none',
    load: () => Promise.resolve({ train: split, test: split }),
    ...data,
  };
}

/** Tokens in, the class of each position out; what is beyond a row's end does not count. */
function masked(): Split {
  const x = whole([ROWS, LONGEST], 12, TOKENS);
  const y = whole([ROWS, LONGEST], 13, TOKENS);
  const mask = new Uint8Array(ROWS * LONGEST);
  lengths().forEach((length, row) => {
    mask.fill(1, row * LONGEST, row * LONGEST + length);
    // Beyond the end stands what no table has: it must not be looked at.
    x.fill(0, row * LONGEST + length, (row + 1) * LONGEST);
    y.fill(99, row * LONGEST + length, (row + 1) * LONGEST);
  });
  return { length: ROWS, x, y, mask };
}

function unequal(): Split {
  const { x, y } = masked() as { x: Int32Array; y: Int32Array } & Split;
  const cut = (values: Int32Array): Int32Array[] =>
    [...lengths()].map((length, row) => values.slice(row * LONGEST, row * LONGEST + length));
  return { length: ROWS, x: ragged(cut(x)), y: ragged(cut(y)) };
}

const network = (): Parameters => ({
  table: numbers([TOKENS, 5], 21, 0.5),
  w1: numbers([5, 8], 22, 0.8),
  b1: numbers([8], 23, 0.1),
  w2: numbers([8, TOKENS], 24, 0.6),
  b2: numbers([TOKENS], 25, 0.1),
});

function eachPosition({ table, w1, b1, w2, b2 }: Parameters, x: tf.Tensor): tf.Tensor {
  const [batch = 0, positions = 0] = x.shape;
  const inside = tf.reshape(tf.gather(table!, x as tf.Tensor2D), [-1, 5]);
  const hidden = tf.tanh(tf.add(tf.matMul(inside as tf.Tensor2D, w1 as tf.Tensor2D), b1!));
  const logits = tf.add(tf.matMul(hidden as tf.Tensor2D, w2 as tf.Tensor2D), b2!);
  return tf.reshape(logits, [batch, positions, TOKENS]);
}

const fromLogits = losses.sparseCategoricalCrossentropy({ fromLogits: true });

function positions(split: Split, changes: Partial<Experiment> = {}): Experiment {
  return experiment({
    title: 'positions',
    data: described(
      {
        inputShape: [split.mask ? LONGEST : null],
        inputType: 'int32',
        targetShape: [split.mask ? LONGEST : null],
        classes,
      },
      split,
    ),
    parameters: network,
    forward: eachPosition,
    optimizer: () => tf.train.sgd(0.1),
    loss: fromLogits,
    metrics: ['accuracy', 'perplexity'],
    epochs: STEPS,
    batchSize: ROWS,
    ...changes,
  });
}

interface Trained {
  readonly points: readonly Point[];
  readonly compiled: boolean;
  readonly states: readonly TrainingState[];
}

/** Trains on what the data's loader gives, looked at as for a run; counts that nothing is left. */
async function train(made: Experiment, compile: boolean, from?: TrainingState): Promise<Trained> {
  const data = await loadSplits(made.data, {
    directories: [],
    cacheDirectory: '',
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const before = tf.memory().numTensors;
  const training = await Training.create({
    experiment: made,
    data,
    epochs: made.epochs,
    compile,
    control: new Control(() => undefined),
  });
  const points: Point[] = [];
  const states: TrainingState[] = [];
  let compiled = false;
  training.listen({
    point: (point) => points.push(point),
    epochEnd: (state) => states.push(state),
    executed: ({ kind }) => (compiled ||= kind === 'compiled'),
  });
  try {
    if (from !== undefined) training.resume(from);
    await training.run();
  } finally {
    training.dispose();
  }
  assert.equal(tf.memory().numTensors, before, 'no tensor is left');
  return { points, compiled, states };
}

function near(found: number | undefined, expected: number, what: string, tolerance = 1e-4): void {
  assert.ok(
    found !== undefined && Math.abs(found - expected) <= tolerance * Math.max(0.1, Math.abs(expected)),
    `${what}: ${found}, expected ${expected}`,
  );
}

const epochsOf = ({ points }: Trained): readonly Point[] => points.filter(({ kind }) => kind === 'epoch');

async function failure(work: () => Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LearningError) return { code: error.fault.code, message: error.message };
    const { data } = error as { data?: { code: string; message: string; remedy?: string } };
    if (data !== undefined) return { code: data.code, message: `${data.message} ${data.remedy ?? ''}` };
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('data of every shape', () => {
  before(useEngine);

  for (const compile of [false, true]) {
    const how = compile ? 'compiled' : 'eagerly';

    for (const [title, split] of [
      ['tokens with a mask', masked],
      ['rows of unequal length', unequal],
    ] as const) {
      it(`${title}: losses of 20 steps and accuracy as PyTorch has them, ${how}`, async () => {
        const trained = await train(positions(split()), compile);
        const epochs = epochsOf(trained);
        oracle.positions.loss.forEach((loss, step) => {
          near(epochs[step]?.values['loss'], loss, `loss of step ${step + 1}`);
          near(epochs[step]?.values['accuracy'], oracle.positions.accuracy[step]!, `accuracy of step ${step + 1}`);
          near(epochs[step]?.values['perplexity'], Math.exp(loss), `perplexity of step ${step + 1}`, 1e-3);
        });
        assert.equal(trained.compiled, compile);
      });
    }

    it(`masked means over an epoch count targets, not batches, ${how}`, async () => {
      // The rate is 0: the mean over batches of 3, 3 and 2 rows is that over all rows at once.
      const still = { optimizer: () => tf.train.sgd(0), epochs: 3 };
      const whole = epochsOf(await train(positions(masked(), still), compile));
      const parts = epochsOf(await train(positions(masked(), { ...still, batchSize: 3 }), compile));
      for (const name of ['loss', 'accuracy', 'perplexity', 'val_loss', 'val_accuracy']) {
        near(parts[0]?.values[name], whole[0]!.values[name]!, name, 1e-5);
      }
    });

    it(`class weights count at each position, ${how}`, async () => {
      const targets = whole([ROWS, LONGEST], 13, TOKENS);
      const split: Split = { length: ROWS, x: masked().x, y: targets };
      const classWeights = Array.from({ length: TOKENS }, (__, token) => token + 0.5);
      const data = described({ inputShape: [LONGEST], inputType: 'int32', targetShape: [LONGEST], classes }, split);
      // No weight is above 0 yet: each class is as probable as the others.
      const parameters = (): Parameters => {
        const made = network();
        for (const name of ['w2', 'b2']) made[name] = tf.zerosLike(made[name]!);
        return made;
      };
      const trained = await train(positions(split, { data, classWeights, parameters, epochs: 1 }), compile);
      const mean = targets.reduce((sum, token) => sum + token + 0.5, 0) / targets.length;
      near(trained.points[0]?.values['loss'], Math.log(TOKENS) * mean, 'loss');
    });

    it(`several inputs and outputs: each loss of 20 steps as Keras has it, ${how}`, async () => {
      const trained = await train(several(), compile);
      const epochs = epochsOf(trained);
      for (const [name, values] of Object.entries(oracle.several)) {
        values.forEach((value, step) => {
          near(epochs[step]?.values[name], value, `${name} of step ${step + 1}`);
        });
      }
      assert.deepEqual(
        Object.keys(epochs[0]!.values).filter((name) => !name.startsWith('val_')),
        ['loss', 'label_loss', 'label_accuracy', 'price_loss'],
      );
      assert.equal(trained.compiled, compile);
    });

    it(`windows of a long array: to the last bit as the same rows copied, ${how}`, async () => {
      const { text, size } = { text: whole([200], 51, TOKENS), size: 5 };
      const length = windowCount(text.length, { size, stride: 3, offset: 1 });
      const cut = (offset: number): Int32Array =>
        Int32Array.from({ length: length * size }, (_, i) => text[offset + 3 * Math.floor(i / size) + (i % size)]!);
      const column = (offset: number): ReturnType<typeof windows> => windows(text, { size, stride: 3, offset });
      const data = { inputShape: [size], inputType: 'int32', targetShape: [size], classes } as const;
      const run = async (split: Split): Promise<number[]> =>
        (await train(positions(split, { data: described(data, split), epochs: 2, batchSize: 16 }), compile)).points.map(
          ({ values }) => values['loss']!,
        );
      assert.deepEqual(await run({ length, x: column(0), y: column(1) }), await run({ length, x: cut(0), y: cut(1) }));
    });

    it(`an epoch of rows drawn at random goes on where a checkpoint was, ${how}`, async () => {
      const text = whole([500], 52, TOKENS);
      const size = 5;
      const split: Split = {
        length: windowCount(text.length, { size, offset: 1 }),
        x: windows(text, { size }),
        y: windows(text, { size, offset: 1 }),
        perEpoch: 40,
      };
      const data = described({ inputShape: [size], inputType: 'int32', targetShape: [size], classes }, split);
      const still = { data, epochs: 3, batchSize: 16, optimizer: () => tf.train.sgd(0) };
      const trained = await train(positions(split, still), compile);
      const steps = trained.points.filter(({ kind }) => kind === 'step');
      // Three batches an epoch of 40 rows, each epoch others.
      assert.equal(steps.length, 9);
      const first = steps.slice(0, 3).map(({ values }) => values['loss']);
      assert.notDeepEqual(
        steps.slice(3, 6).map(({ values }) => values['loss']),
        first,
      );
      const resumed = await train(positions(split, still), compile, trained.states[1]);
      const rest = resumed.points.filter(({ kind }) => kind === 'step');
      assert.deepEqual(
        rest.map(({ values }) => values['loss']),
        steps.slice(6).map(({ values }) => values['loss']),
      );
    });
  }

  it('a long array is held once, for inputs and targets together', async () => {
    const text = whole([100_000], 53, TOKENS);
    const size = 64;
    const split: Split = {
      length: 1000,
      x: windows(text, { size }),
      y: windows(text, { size, offset: 1 }),
      perEpoch: 8,
    };
    const data = described({ inputShape: [size], inputType: 'int32', targetShape: [size], classes }, split);
    let most = 0;
    const made = positions(split, { data, epochs: 1, batchSize: 8, metrics: [] });
    const loaded = { train: split, test: { ...split, length: 8 } };
    const training = await Training.create({
      experiment: made,
      data: loaded,
      epochs: 1,
      compile: false,
      control: new Control(() => undefined),
    });
    const before = tf.memory().numBytes;
    training.listen({ begin: () => (most = tf.memory().numBytes - before) });
    await training.run();
    training.dispose();
    // Training and test data are two splits: four bytes a token each.
    assert.ok(most <= 2 * 4 * text.length + 1000, `${most} bytes`);
  });

  it('a layer that looks up tokens gets them whole, also where the model expects float32', async () => {
    const split: Split = { length: ROWS, x: whole([ROWS, LONGEST], 12, TOKENS), y: whole([ROWS], 14, 2) };
    const trained = await train(
      experiment({
        title: 'lookup',
        data: described({ inputShape: [LONGEST], inputType: 'int32', targetShape: [], classes: ['no', 'yes'] }, split),
        model: () =>
          tf.sequential({
            layers: [
              tf.layers.embedding({ inputDim: TOKENS, outputDim: 4, inputLength: LONGEST }),
              tf.layers.globalAveragePooling1d({}),
              tf.layers.dense({ units: 2, activation: 'softmax' }),
            ],
          }),
        optimizer: () => tf.train.adam(0.05),
        loss: 'sparseCategoricalCrossentropy',
        metrics: ['accuracy'],
        epochs: 30,
        batchSize: ROWS,
      }),
      true,
    );
    const epochs = epochsOf(trained);
    assert.ok(epochs.at(-1)!.values['loss']! < epochs[0]!.values['loss']! / 2);
  });

  describe('is refused', () => {
    const good = { inputShape: [LONGEST], inputType: 'int32', targetShape: [LONGEST], classes } as const;
    for (const { title, data = good, split, code, message } of [
      {
        title: 'whole numbers that are not declared',
        data: { ...good, inputType: undefined },
        split: masked(),
        code: 'DATA_INVALID',
        message: /train\.x: expected Float32Array or Uint8Array .*inputType: 'int32'/,
      },
      {
        title: 'a label beyond the classes that counts',
        split: { ...masked(), mask: new Uint8Array(ROWS * LONGEST).fill(1) },
        code: 'DATA_LABEL_RANGE',
        message: /train\.y: expected labels 0 to 6.*label 99 in row/,
      },
      {
        title: 'a mask of another size',
        split: { ...masked(), mask: new Uint8Array(5) },
        code: 'DATA_INVALID',
        message: /train\.mask: expected a Uint8Array of 8 or 48 numbers/,
      },
      {
        title: 'windows that go beyond the end',
        split: { length: 8, x: windows(new Int32Array(12), { size: 6 }), y: new Int32Array(48) },
        code: 'DATA_INVALID',
        message: /train\.x: expected at least 13 positions, for 8 rows, found 12 positions.* 7 /,
      },
      {
        title: 'windows of another size',
        split: { length: 2, x: windows(new Int32Array(12), { size: 5 }), y: new Int32Array(12) },
        code: 'DATA_INVALID',
        message: /train\.x: expected windows of 6 positions, found 5/,
      },
      {
        title: 'rows of unequal length where equal ones are declared',
        split: unequal(),
        code: 'DATA_INVALID',
        message: /train\.x: expected rows of equal length, found rows of unequal length.*begins with null/,
      },
      {
        title: 'an empty row',
        data: { ...good, inputShape: [null], targetShape: [] },
        split: { length: 2, x: ragged([Int32Array.of(1), new Int32Array(0)]), y: new Int32Array(2) },
        code: 'DATA_INVALID',
        message: /train\.x: .*empty row 1/,
      },
      {
        title: 'inputs without the declared names',
        data: { inputs: { left: { shape: [3] }, right: { shape: [2] } }, targetShape: [], classes: ['a'] },
        split: { length: 2, x: { left: new Float32Array(6), rihgt: new Float32Array(4) }, y: new Int32Array(2) },
        code: 'DATA_INVALID',
        message: /train\.x\.right: expected the rows of "right"/,
      },
    ] as { title: string; data?: Partial<Dataset>; split: Split; code: string; message: RegExp }[]) {
      it(title, async () => {
        const found = await failure(() => train(positions(split, { data: described(data, split) }), false));
        assert.equal(found.code, code, found.message);
        assert.match(found.message, message);
      });
    }

    it('a loss of one number where a mask says which targets count', async () => {
      const compute = (yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor => fromLogits.compute(yTrue, yPred);
      const loss = { name: 'own', fromLogits: true, compute };
      const found = await failure(() => train(positions(masked(), { loss }), false));
      assert.equal(found.code, 'MODEL_LOSS_VALUE');
      assert.match(found.message, /cannot be weighted or masked/);
    });

    it('an answer that lacks a target', async () => {
      const found = await failure(() =>
        train(several({ parameters: () => ({ w: tf.ones([3, 1]) }), forward: () => tf.zeros([8, 1]) }), false),
      );
      assert.equal(found.code, 'NO_OUTPUT');
    });

    it('a model whose inputs have other names', async () => {
      const other = (): tf.LayersModel => {
        const x = tf.input({ shape: [3], name: 'x' });
        return tf.model({
          inputs: x,
          outputs: tf.layers.dense({ units: 3, name: 'label' }).apply(x) as tf.SymbolicTensor,
        });
      };
      const found = await failure(() => train(several({ model: other }), false));
      assert.equal(found.code, 'INPUT_NAMES');
    });

    it('a target beyond the numbers of the answer', async () => {
      const split: Split = { length: 4, x: new Float32Array(8), y: Int32Array.of(0, 1, 2, 3) };
      const found = await failure(() =>
        train(
          experiment({
            title: 'beyond',
            data: described({ inputShape: [2], targetShape: [], classes: [] }, split),
            model: () => tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 3 })] }),
            optimizer: () => tf.train.sgd(0.1),
            loss: fromLogits,
            epochs: 1,
            batchSize: 4,
          }),
          false,
        ),
      );
      assert.equal(found.code, 'TARGET_RANGE');
      assert.match(found.message, /"row":3/);
    });

    for (const [title, changes, message] of [
      ['losses without a target', { loss: { label: 'sparseCategoricalCrossentropy' } }, /loss\.price: expected/],
      ['one loss for several targets', { loss: 'meanSquaredError' }, /a loss for each target: label, price/],
      ['a weight of no loss', { lossWeights: { prize: 1 } }, /Did you mean 'price'/],
      ['metrics of no target', { metrics: ['accuracy'] }, /metrics by target: label, price/],
    ] as const) {
      it(title, async () => {
        const found = await failure(() => Promise.resolve(several(changes as Partial<Experiment>)));
        assert.equal(found.code, 'EXPERIMENT_INVALID');
        assert.match(found.message, message);
      });
    }
  });
});

function several(changes: object = {}): Experiment {
  const split: Split = {
    length: ROWS,
    x: { left: flat([ROWS, 3], 41), right: flat([ROWS, 2], 42) },
    y: { label: whole([ROWS], 43, 3), price: flat([ROWS, 1], 44) },
  };
  const data = described(
    {
      inputs: { left: { shape: [3] }, right: { shape: [2] } },
      targets: { label: { shape: [], classes: ['a', 'b', 'c'] }, price: { shape: [1] } },
    },
    split,
  );
  const own = 'parameters' in changes ? {} : { model };
  return experiment({
    title: 'several',
    data,
    ...own,
    optimizer: () => tf.train.sgd(0.1),
    loss: { label: 'sparseCategoricalCrossentropy', price: 'meanSquaredError' },
    lossWeights: { price: 0.5 },
    metrics: { label: ['accuracy'] },
    epochs: STEPS,
    batchSize: ROWS,
    ...changes,
  } as ExperimentConfig);
}

function flat(shape: number[], seed: number): Float32Array {
  const made = numbers(shape, seed, 1);
  const values = made.dataSync<'float32'>().slice();
  made.dispose();
  return values;
}

function model(): tf.LayersModel {
  const left = tf.input({ shape: [3], name: 'left' });
  const right = tf.input({ shape: [2], name: 'right' });
  const both = tf.layers.concatenate().apply([left, right]) as tf.SymbolicTensor;
  const hidden = tf.layers.dense({ units: 8, activation: 'tanh' }).apply(both) as tf.SymbolicTensor;
  const label = tf.layers.dense({ units: 3, activation: 'softmax', name: 'label' }).apply(hidden);
  const price = tf.layers.dense({ units: 1, name: 'price' }).apply(hidden);
  const made = tf.model({ inputs: [right, left], outputs: [price, label] as tf.SymbolicTensor[] });
  const shapes: [string, [number[], number, number], [number[], number, number]][] = [
    ['dense', [[5, 8], 31, 0.6], [[8], 32, 0.1]],
    ['label', [[8, 3], 33, 0.6], [[3], 34, 0.1]],
    ['price', [[8, 1], 35, 0.6], [[1], 36, 0.1]],
  ];
  for (const layer of made.layers) {
    const own = shapes.find(([name]) => layer.name.startsWith(name));
    if (own === undefined) continue;
    const values = [numbers(...own[1]), numbers(...own[2])];
    layer.setWeights(values);
    tf.dispose(values);
  }
  return made;
}
