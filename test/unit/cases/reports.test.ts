/**
 * What people reported of training with tfjs, Keras or in notebooks, as model files of our own: each trains, compiled as
 * eager, or is refused with a code, the data set, row, layer or function, the place and a remedy; never as our own fault.
 */
import assert from 'node:assert/strict';
import type { TrainerConnection } from '../../../src/client/processes/connection';
import type { LabErrorCode } from '../../../src/protocol/errors';
import { inspectModel } from '../../../src/trainer/inspection/inspect';
import { useEngine } from '../lab/tensorflow';
import { at, placeOf } from '../modelFile/folder';
import { Bench } from '../trainer/support';
import { DATA, file, scores, type Parts } from './files';

interface Trains extends Parts {
  readonly title: string;
  /** Value that `loss` ends with, from an outside oracle. */
  readonly ends?: number;
  /** Reads a state that JavaScript holds, so that it has to be eager. */
  readonly eager?: boolean;
}

interface Refused extends Parts {
  readonly title: string;
  readonly code: LabErrorCode;
  /** What the message names. */
  readonly names: RegExp;
  /** Text that stands at the place. */
  readonly place: string;
  /** Whether the model check says the same, with no data and no training. */
  readonly editor?: boolean;
}

const BLOCK = `class Block extends tf.layers.Layer {
  static readonly className = 'Block';
  private readonly inner = [tf.layers.dense({ units: 8, activation: 'tanh' }), tf.layers.dense({ units: 4 })];
  override computeOutputShape([rows]: tf.Shape): tf.Shape { return [rows!, 4]; }
  override call(x: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return this.inner.reduce((y, layer) => layer.apply(y) as tf.Tensor, Array.isArray(x) ? x[0]! : x);
  }
}`;

const own = (body: string): string => `class Own extends tf.layers.Layer {
  static readonly className = 'Own';
  override computeOutputShape(shape: tf.Shape): tf.Shape { return shape; }
  override call(given: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(given) ? given[0]! : given;
    ${body}
  }
}`;
const AFTER_DENSE = 'tf.layers.dense({ inputShape, units: 4 }), new Own({}), tf.layers.dense({ units: 1 })';
const TENFOLD =
  'rows({ inputShape: [1], targetShape: [1], train: 64, test: 32 }, (draw) => { const x = draw(); return [[x], [10 * x]]; })';

const TRAINS: readonly Trains[] = [
  {
    title: 'a model that is awaited',
    model: `async ({ inputShape }) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 8, activation: 'tanh' }), tf.layers.dense({ units: 1 })] });
    }`,
    more: "compareWith: { label: 'the same', optimizer: () => tf.train.sgd(0.02) },",
  },
  {
    title: 'something awaited at the top',
    before: 'const units = await Promise.resolve(8);',
    layers: 'tf.layers.dense({ inputShape, units }), tf.layers.dense({ units: 1 })',
  },
  {
    title: 'a loss with a comparison',
    loss: scores('tf.mean(tf.mul(tf.sub(1, p), tf.cast(tf.greater(1, p), "float32")))'),
  },
  {
    title: 'a loss of picked scores, by gatherND',
    data: 'clouds()',
    loss: scores(
      'tf.neg(tf.mean(tf.gatherND(tf.logSoftmax(p), tf.stack([tf.range(0, p.shape[0]!, 1, "int32"), tf.cast(y, "int32")], 1))))',
    ),
  },
  {
    title: 'a loss of the largest scores',
    data: 'clouds()',
    loss: scores('tf.sub(tf.mean(tf.square(p)), tf.mean(tf.topk(p, 2).values))'),
  },
  { title: 'a loss by einsum', data: 'clouds()', loss: scores('tf.mean(tf.square(tf.einsum("bi,bj->b", p, p)))') },
  {
    title: 'a loss between all pairs of a batch, labels without a unit each',
    data: 'clouds()',
    layers: "tf.layers.dense({ inputShape, units: 8, activation: 'tanh' }), tf.layers.dense({ units: 2 })",
    loss: scores(
      `tf.mean(tf.mul(
        tf.sub(tf.cast(tf.equal(tf.expandDims(y, 0), tf.expandDims(y, 1)), "float32"), 0.3),
        tf.tanh(tf.sum(tf.squaredDifference(tf.expandDims(p, 0), tf.expandDims(p, 1)), -1))))`,
    ),
  },
  {
    title: 'a leaky unit written with where',
    parameters: '() => ({ w: tf.randomNormal([3, 8]), v: tf.randomNormal([8, 1]) })',
    forward:
      '({ w, v }, x) => { const h = tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D); return tf.matMul(tf.where(tf.less(h, 0), tf.mul(h, 0.2), h) as tf.Tensor2D, v as tf.Tensor2D); }',
  },
  {
    title: 'thresholded units',
    layers:
      'tf.layers.dense({ inputShape, units: 8 }), tf.layers.thresholdedReLU({ theta: 0.1 }), tf.layers.dense({ units: 1 })',
  },
  {
    title: 'one matrix for every row of a sequence',
    data: 'rows({ inputShape: [4, 3], targetShape: [1] }, (draw) => { const x = Array.from({ length: 12 }, draw); return [x, [x[0]! - x[5]!]]; })',
    parameters: '() => ({ w: tf.randomNormal([3, 5]), v: tf.randomNormal([20, 1], 0, 0.3) })',
    forward:
      '({ w, v }, x) => tf.matMul(tf.reshape(tf.tanh(tf.matMul(x, w!)), [-1, 20]) as tf.Tensor2D, v as tf.Tensor2D)',
  },
  {
    title: 'a dilated convolution',
    data: 'rows({ inputShape: [12, 2], targetShape: [1] }, (draw) => { const x = Array.from({ length: 24 }, draw); return [x, [x[3]! + x[9]!]]; })',
    layers:
      "tf.layers.conv1d({ inputShape, filters: 4, kernelSize: 3, dilationRate: 2, padding: 'same', activation: 'tanh' }), tf.layers.flatten(), tf.layers.dense({ units: 1 })",
  },
  {
    title: 'layers inside a layer',
    before: BLOCK,
    layers: 'new Block({ inputShape } as never), tf.layers.dense({ units: 1 })',
  },
  {
    title: 'a kernel held to its norm: Keras ends at w = 2',
    data: TENFOLD,
    layers: "tf.layers.dense({ inputShape, units: 1, useBias: false, kernelConstraint: 'maxNorm' })",
    optimizer: 'tf.train.sgd(0.5)',
    batchSize: 16,
    epochs: 8,
  },
  {
    title: 'constraints of a recurrent layer',
    data: 'rows({ inputShape: [4, 1], targetShape: [1] }, (draw) => { const x = Array.from({ length: 4 }, draw); return [x, [x[1]!]]; })',
    layers:
      "tf.layers.gru({ inputShape, units: 4, kernelConstraint: 'nonNeg', recurrentConstraint: 'unitNorm', biasConstraint: 'nonNeg' }), tf.layers.dense({ units: 1 })",
  },
  {
    title: 'frozen batch normalisation',
    model: `({ inputShape }) => {
      const frozen = tf.layers.batchNormalization({ inputShape });
      frozen.trainable = false;
      return tf.sequential({ layers: [frozen, tf.layers.dense({ units: 1 })] });
    }`,
  },
  {
    title: 'a stateful recurrent layer of a fixed batch size, with rows left over',
    data: 'rows({ inputShape: [5, 1], targetShape: [1], train: 40, test: 20 }, (draw) => { const x = Array.from({ length: 5 }, draw); return [x, [x[4]!]]; })',
    layers: 'tf.layers.lstm({ units: 4, stateful: true, batchInputShape: [8, 5, 1] }), tf.layers.dense({ units: 1 })',
    batchSize: 8,
    eager: true,
  },
  {
    title: 'frees what it has made itself',
    parameters: '() => ({ w: tf.randomNormal([3, 4]), v: tf.randomNormal([4, 1]) })',
    forward:
      '({ w, v }, x) => { const h = tf.tanh(tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D)); const y = tf.matMul(h as tf.Tensor2D, v as tf.Tensor2D); h.dispose(); return y; }',
  },
  {
    title: 'weights straight through a sign',
    before: `const sign = tf.customGrad((x: tf.Tensor | ((grad: never) => void)) => ({ value: tf.sign(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.clipByValue(dy, -1, 1) })) as unknown as (x: tf.Tensor) => tf.Tensor;`,
    parameters: '() => ({ w: tf.randomNormal([3, 8]), v: tf.randomNormal([8, 1]) })',
    forward:
      '({ w, v }, x) => tf.matMul(tf.tanh(tf.matMul(x as tf.Tensor2D, sign(w!) as tf.Tensor2D)) as tf.Tensor2D, v as tf.Tensor2D)',
  },
  {
    // Sums of pixels with weights of 1 and -1 are often 0 but for rounding, where ReLU has one slope or the other.
    title: 'pixels through signs of weights and ReLU',
    before: `import { datasets } from 'deep-learning-lab';
const sign = tf.customGrad((x: tf.Tensor | ((grad: never) => void)) => ({ value: tf.sign(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.clipByValue(dy, -1, 1) })) as unknown as (x: tf.Tensor) => tf.Tensor;`,
    data: 'datasets.mnist({ train: 640, test: 200 })',
    parameters: '() => ({ w: tf.randomNormal([784, 32], 0, 0.1), v: tf.randomNormal([32, 10], 0, 0.1) })',
    forward:
      '({ w, v }, x) => tf.matMul(tf.relu(tf.div(tf.matMul(tf.reshape(x, [-1, 784]) as tf.Tensor2D, sign(w!) as tf.Tensor2D), 28)) as tf.Tensor2D, v as tf.Tensor2D)',
    loss: 'losses.sparseCategoricalCrossentropy({ fromLogits: true })',
    optimizer: 'tf.train.adam(0.01)',
    batchSize: 32,
    epochs: 2,
  },
  {
    title: 'a masked sequence in both directions',
    data: "rows({ inputShape: [6], classes: ['bad', 'good'] }, (draw, i) => [Array.from({ length: 6 }, (_, t) => (t > 3 ? 0 : 1 + Math.floor(9 * draw()))), i % 2])",
    layers:
      "tf.layers.embedding({ inputDim: 10, outputDim: 4, inputLength: 6, maskZero: true }), tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 3 }) as never, mergeMode: 'concat' }), tf.layers.dense({ units: 1, activation: 'sigmoid' })",
    loss: "'binaryCrossentropy'",
  },
];

const FREES = '(({ w }, x) => { const y = tf.matMul(x as tf.Tensor2D, w as tf.Tensor2D); ';

const REFUSED: readonly Refused[] = [
  {
    title: 'labels counted from 1',
    data: "rows({ inputShape: [2], classes: ['a', 'b', 'c'] }, (draw, i) => [[draw(), draw()], 1 + (i % 3)])",
    loss: "'sparseCategoricalCrossentropy'",
    layers: "tf.layers.dense({ inputShape, units: 3, activation: 'softmax' })",
    code: 'DATA_LABEL_RANGE',
    names: /"made up".*label 3 in row 2/,
    place: 'experiment({\n',
  },
  {
    title: 'a hole in the test inputs',
    data: `{ ...sums(), load: async (context: never) => { const data = await sums().load(context); (data.test.x as Float32Array)[7] = NaN; return data; } }`,
    code: 'DATA_NOT_FINITE',
    names: /"made up": test\.x.*NaN in row 2, number 1/,
    place: 'experiment({\n',
  },
  {
    title: 'no test data',
    data: `{ ...sums(), load: (async (context: never) => ({ train: (await sums().load(context)).train })) as never }`,
    code: 'DATA_INVALID',
    names: /"made up": test: .*found nothing/,
    place: 'experiment({\n',
  },
  {
    title: 'a loader that throws',
    data: `{ ...sums(), load: async () => { throw new Error('no rows.csv'); } }`,
    code: 'DATA_LOADER',
    names: /"made up".*no rows\.csv/,
    place: "new Error('no rows.csv')",
  },
  {
    title: 'token numbers as bytes',
    data: `{ ...clouds(), name: 'words', load: async (context: never) => { const data = await clouds().load(context); return { train: { ...data.train, x: new Uint8Array(480) }, test: { ...data.test, x: new Uint8Array(240) } }; } }`,
    layers:
      'tf.layers.embedding({ inputDim: 20, outputDim: 4, inputLength: 6 }), tf.layers.flatten(), tf.layers.dense({ units: 3 })',
    loss: 'losses.sparseCategoricalCrossentropy({ fromLogits: true })',
    code: 'DATA_INVALID',
    names: /"words": train\.x: .*0 to 19.*embedding.*found bytes/,
    place: 'experiment({\n',
  },
  {
    title: 'a token number beyond the table',
    data: "rows({ inputShape: [3], classes: ['a', 'b'] }, (draw, i) => [[1, 2, i === 6 ? 20 : 3], i % 2])",
    layers:
      "tf.layers.embedding({ inputDim: 20, outputDim: 4, inputLength: 3 }), tf.layers.flatten(), tf.layers.dense({ units: 1, activation: 'sigmoid' })",
    loss: "'binaryCrossentropy'",
    code: 'DATA_INVALID',
    names: /"made up": train\.x: .*0 to 19.*found 20 in row 6/,
    place: 'experiment({\n',
  },
  {
    title: 'frees the batch',
    parameters: '() => ({ w: tf.randomNormal([3, 1]) })',
    forward: `${FREES} x.dispose(); return y; })`,
    code: 'MODEL_FREED_TENSOR',
    names: /its input \[/,
    place: 'dispose()',
    editor: true,
  },
  {
    title: 'frees a parameter',
    parameters: '() => ({ w: tf.randomNormal([3, 1]) })',
    forward: `${FREES} w!.dispose(); return y; })`,
    code: 'MODEL_FREED_TENSOR',
    names: /"w"/,
    place: 'dispose()',
    editor: true,
  },
  {
    title: 'a loss that frees the targets',
    loss: scores('{ const error = tf.mean(tf.square(tf.sub(y, p))); y.dispose(); return error; }'),
    code: 'MODEL_FREED_TENSOR',
    names: /the targets/,
    place: 'dispose()',
    editor: true,
  },
  {
    title: 'a layer that frees its weights',
    before: own('return x;')
      .replace('return x;', 'for (const w of this.kept) w.dispose(); return x;')
      .replace('override compute', 'kept: tf.Tensor[] = [];\n  override compute'),
    model: `({ inputShape }) => { const first = tf.layers.dense({ inputShape, units: 4 }); const layer = new Own({}); const model = tf.sequential({ layers: [first, layer, tf.layers.dense({ units: 1 })] }); layer.kept = first.weights.map((w) => w.read()); return model; }`,
    code: 'MODEL_FREED_TENSOR',
    names: /kernel/,
    place: 'dispose()',
    editor: true,
  },
  {
    title: 'a spectrum inside a layer',
    before: own('return tf.abs(tf.real(tf.fft(tf.complex(x, tf.zerosLike(x)))));'),
    layers: AFTER_DENSE,
    code: 'MODEL_GRADIENT',
    names: /operation Real/,
    place: 'real(',
    editor: true,
  },
  {
    title: 'a loss that depends on nothing',
    loss: scores('tf.scalar(1)'),
    code: 'MODEL_GRADIENT',
    names: /does not depend on any parameter/,
    place: 'experiment({\n',
    editor: true,
  },
  {
    title: 'the gradient of a norm at 0',
    parameters: '() => ({ w: tf.ones([3, 1]) })',
    forward: '({ w }, x) => tf.norm(tf.matMul(tf.mul(x, 0) as tf.Tensor2D, w as tf.Tensor2D), 2, 1, true)',
    code: 'NON_FINITE_GRADIENT',
    names: /The gradient of "w" is not finite at step 1/,
    place: 'experiment({\n',
  },
  {
    title: 'labels of the wrong type for oneHot',
    loss: scores('tf.losses.softmaxCrossEntropy(tf.oneHot(tf.squeeze(y) as tf.Tensor1D, 2), p) as tf.Scalar'),
    code: 'MODEL_THREW',
    names: /int32/,
    place: 'oneHot(',
    editor: true,
  },
  {
    title: 'accuracy for numbers',
    more: "metrics: ['accuracy'],",
    code: 'EXPERIMENT_INVALID',
    names: /accuracy/,
    place: 'experiment({\n',
    editor: true,
  },
];

describe('public reports', () => {
  let bench: Bench;
  let trainer: TrainerConnection;
  before(async () => {
    await useEngine();
    bench = new Bench();
    bench.modelFile(DATA, 'data.ts');
    trainer = await bench.trainer({ idleSeconds: 60 });
  });
  after(() => bench.dispose());

  for (const { title, eager, ends, ...parts } of TRAINS) {
    it(`${title}: trains, compiled as eager`, async () => {
      const model = bench.modelFile(file(parts));
      const { problems } = await inspectModel({ modelFile: model });
      assert.deepEqual(
        problems.map(({ error }) => error.message),
        [],
      );
      const runs = [];
      for (const compile of [true, false]) {
        const run = await bench.start(trainer, model, { overrides: { compile } });
        const record = await run.ended();
        assert.equal(record.state, 'finished', JSON.stringify(record.end?.error));
        if (compile && eager !== true)
          assert.equal(record.execution?.mode, 'compiled', JSON.stringify(record.execution));
        runs.push(run.steps().map(({ values }) => values['loss']!));
        run.dispose();
      }
      const [compiled = [], eagerly = []] = runs;
      assert.ok(new Set(eagerly).size > 1, 'nothing is learned');
      compiled.slice(0, 20).forEach((loss, step) => {
        const allowed = 1e-3 * Math.abs(eagerly[step]!) + 1e-6;
        assert.ok(Math.abs(loss - eagerly[step]!) <= allowed, `step ${step}: ${loss} and ${eagerly[step]}`);
      });
      if (ends !== undefined) assert.ok(Math.abs(eagerly.at(-1)! - ends) < 0.01 * ends, String(eagerly.at(-1)));
    });
  }

  for (const { title, code, names, place, editor, ...parts } of REFUSED) {
    it(`${title}: ${code}, with its place and a remedy`, async () => {
      const text = file(parts);
      const model = bench.modelFile(text);
      for (const compile of [true, false]) {
        const run = await bench.start(trainer, model, { overrides: { compile } });
        const { end } = await run.ended();
        run.dispose();
        assert.equal(end?.error?.code, code, end?.error?.message);
        assert.match(end.error.message, names);
        assert.equal(at(end.error.location), placeOf(text, place));
        assert.ok(end.error.remedy);
      }
      const { problems } = await inspectModel({ modelFile: model });
      const found = problems.map(({ error }) => error.code);
      assert.deepEqual(found, editor === true ? [code] : []);
      if (editor === true && problems[0]!.error.field === undefined) {
        assert.equal(at(problems[0]!.error.location), placeOf(text, place));
      }
    });
  }
});
