/** Losses, weights and metrics in training steps, against Keras and PyTorch; see oracle/objective_oracle.py. */
import assert from 'node:assert/strict';
import { losses, metrics, tf } from '../../../src/lab';
import type { Dataset, Experiment, Loss, LossName, Metric, MetricName } from '../../../src/lab';
import { Executor } from '../../../src/learning/training/executor';
import { LayersLearner } from '../../../src/learning/training/layersLearner';
import { Means } from '../../../src/learning/training/means';
import { createObjective } from '../../../src/learning/training/objective';
import { disposeOptimizer } from '../../../src/learning/training/optimizer';
import { numbers } from '../../support/hashed';
import oracle from './oracle/objective.json';
import { useEngine } from './tensorflow';

const STEPS = 20;
const ROWS = 20;

type Kind = 'sparse' | 'categorical' | 'soft' | 'binary' | 'numbers';

const UNITS: Readonly<Record<Kind, number>> = { sparse: 3, categorical: 3, soft: 3, binary: 1, numbers: 2 };

// What follows is as in objective_oracle.py.
const inputs = (step: number): tf.Tensor => numbers([ROWS, 4], 100 + step, 1);
const exampleWeights = (step: number): tf.Tensor => tf.add(numbers([ROWS], 500 + step, 1), 1);

function labels(step: number): number[] {
  const x = inputs(step).arraySync() as number[][];
  return x.map(([a, b, c]) => (Math.fround(a! + b!) > 1 ? 2 : Number(c! > 0)));
}

function targets(step: number, kind: Kind): tf.Tensor {
  const classes = labels(step);
  if (kind === 'sparse') return tf.tensor1d(classes, 'int32');
  if (kind === 'categorical') return tf.oneHot(tf.tensor1d(classes, 'int32'), 3);
  if (kind === 'soft') return tf.softmax(numbers([ROWS, 3], 300 + step, 2));
  if (kind === 'binary') return tf.tensor2d(classes.map((label) => [Number(label > 0)]));
  const x = inputs(step);
  return tf.stack([tf.mul(tf.gather(x, 0, 1), 3), tf.sub(tf.gather(x, 1, 1), 1)], -1);
}

function network(kind: Kind, activation: 'softmax' | 'sigmoid' | undefined): tf.Sequential {
  const units = UNITS[kind];
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [4], units: 8, activation: 'tanh' }),
      tf.layers.dense({ units, ...(activation === undefined ? {} : { activation }) }),
    ],
  });
  const values = [numbers([4, 8], 1, 0.8), numbers([8], 2, 0.1), numbers([8, units], 3, 0.6), numbers([units], 4, 0.1)];
  model.setWeights(values);
  tf.dispose(values);
  return model;
}

function data(kind: Kind): Dataset {
  const targetShape = { sparse: [], categorical: [3], soft: [3], binary: [1], numbers: [2] }[kind];
  const classes = { sparse: 3, categorical: 3, soft: 0, binary: 2, numbers: 0 }[kind];
  return {
    name: kind,
    kind: 'table',
    inputShape: [4],
    targetShape,
    classes: ['a', 'b', 'c'].slice(0, classes),
    train: ROWS,
    test: ROWS,
    licence: '',
    load: () => Promise.reject(new Error('not needed')),
  };
}

interface Subject {
  readonly kind: Kind;
  readonly activation?: 'softmax' | 'sigmoid';
  readonly loss: LossName | Loss;
  readonly metrics?: readonly (MetricName | Metric)[];
  readonly classWeights?: NonNullable<Experiment['classWeights']>;
  readonly weights?: (step: number) => tf.Tensor;
}

/** Compiled; `use` takes it from there. @returns how the training step ran in the end */
function withExecutor({ kind, activation, ...parts }: Subject, use: (executor: Executor) => void): string {
  const optimizer = tf.train.sgd(0.1);
  const learner = new LayersLearner(
    network(kind, activation),
    createObjective({ data: data(kind), ...parts }),
    optimizer,
  );
  let state = '';
  const executor = new Executor(learner, optimizer, { seed: 1, compile: true }, ({ kind }) => (state = kind));
  try {
    use(executor);
    return state;
  } finally {
    executor.dispose();
    learner.dispose();
    disposeOptimizer(optimizer);
  }
}

function near(found: number, expected: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(found - expected) <= tolerance * Math.max(0.1, Math.abs(expected)),
    `${what}: ${found}, ${expected}`,
  );
}

const own: Loss = {
  name: 'own',
  fromLogits: false,
  compute: (yTrue, yPred) => tf.mean(tf.square(tf.sub(yTrue, yPred)), -1),
};

const LOSSES: Readonly<Record<keyof typeof oracle.losses, Subject>> = {
  'sparse, smoothed (PyTorch)': {
    kind: 'sparse',
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true, labelSmoothing: 0.1 }),
  },
  'categorical, smoothed': {
    kind: 'categorical',
    loss: losses.categoricalCrossentropy({ fromLogits: true, labelSmoothing: 0.1 }),
  },
  'binary, smoothed': {
    kind: 'binary',
    activation: 'sigmoid',
    loss: losses.binaryCrossentropy({ labelSmoothing: 0.2 }),
  },
  'categorical focal': {
    kind: 'categorical',
    activation: 'softmax',
    loss: losses.categoricalFocalCrossentropy({ alpha: 0.5, gamma: 3 }),
  },
  'categorical focal of logits': {
    kind: 'sparse',
    loss: losses.sparseCategoricalFocalCrossentropy({ fromLogits: true }),
  },
  'binary focal': { kind: 'binary', activation: 'sigmoid', loss: losses.binaryFocalCrossentropy({ gamma: 1.5 }) },
  'binary focal, balanced': { kind: 'binary', loss: losses.binaryFocalCrossentropy({ alpha: 0.7, fromLogits: true }) },
  divergence: { kind: 'soft', activation: 'softmax', loss: 'klDivergence' },
  huber: { kind: 'numbers', loss: losses.huber({ delta: 0.7 }) },
  'class weights': {
    kind: 'sparse',
    activation: 'softmax',
    loss: 'sparseCategoricalCrossentropy',
    classWeights: [1, 2, 6],
  },
  'class weights, binary': {
    kind: 'binary',
    activation: 'sigmoid',
    loss: 'binaryCrossentropy',
    classWeights: { b: 4 },
  },
  'sample weights': {
    kind: 'sparse',
    activation: 'softmax',
    loss: 'sparseCategoricalCrossentropy',
    weights: exampleWeights,
  },
  'sample weights of numbers': { kind: 'numbers', loss: own, weights: exampleWeights },
  'sample weights, huber': { kind: 'numbers', loss: 'huber', weights: exampleWeights },
  'both weights': {
    kind: 'sparse',
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    classWeights: { b: 2, c: 6 },
    weights: exampleWeights,
  },
};

const nothing: Loss = { name: 'nothing', fromLogits: false, compute: () => tf.scalar(0) };

interface Measured extends Omit<Subject, 'metrics' | 'loss'> {
  readonly metric: Metric;
}

const METRICS: Readonly<Record<keyof typeof oracle.metrics, Measured>> = {
  'binaryAccuracy at 0.4': {
    kind: 'binary',
    activation: 'sigmoid',
    metric: metrics.binaryAccuracy({ threshold: 0.4 }),
  },
  'topKAccuracy of 2': { kind: 'sparse', activation: 'softmax', metric: metrics.topKAccuracy({ k: 2 }) },
  'topKAccuracy of 2, one-hot': { kind: 'categorical', activation: 'softmax', metric: metrics.topKAccuracy({ k: 2 }) },
  precision: { kind: 'binary', activation: 'sigmoid', metric: metrics.precision() },
  recall: { kind: 'binary', metric: metrics.recall({ fromLogits: true }) },
  'recall at 0.3': { kind: 'binary', metric: metrics.recall({ fromLogits: true, threshold: 0.3 }) },
  f1: { kind: 'binary', activation: 'sigmoid', metric: metrics.f1() },
  'precision of class 1': { kind: 'sparse', metric: metrics.precision({ classId: 1 }) },
  'recall of class 0': { kind: 'sparse', activation: 'softmax', metric: metrics.recall({ classId: 0 }) },
  'f1, macro': { kind: 'sparse', activation: 'softmax', metric: metrics.f1() },
  'f1, weighted': { kind: 'categorical', activation: 'softmax', metric: metrics.f1({ average: 'weighted' }) },
  'f1, micro': { kind: 'categorical', activation: 'softmax', metric: metrics.f1({ average: 'micro' }) },
  auc: { kind: 'binary', activation: 'sigmoid', metric: metrics.auc() },
  'auc of logits': { kind: 'binary', metric: metrics.auc({ fromLogits: true }) },
  'auc of one-hot targets': { kind: 'sparse', activation: 'softmax', metric: metrics.auc() },
  r2: { kind: 'numbers', metric: metrics.r2() },
};

describe('against Keras and PyTorch: the same weights and data', function () {
  this.timeout(120_000);
  before(useEngine);

  for (const [name, expected] of Object.entries(oracle.losses)) {
    const subject = LOSSES[name as keyof typeof LOSSES];
    it(`every loss of ${STEPS} compiled steps within 1e-4: ${name}`, () => {
      tf.tidy(() => {
        const state = withExecutor(subject, (executor) => {
          expected.forEach((other, index) => {
            const feeds = { x: inputs(index), y: targets(index, subject.kind) };
            const weights = subject.weights?.(index);
            const { values } = executor.step(weights === undefined ? feeds : { ...feeds, weights }, index + 1);
            near(values['loss']!, other, 1e-4, `step ${index}`);
          });
        });
        assert.equal(state, 'compiled');
      });
    });
  }

  for (const [name, [expected]] of Object.entries(oracle.metrics)) {
    const { metric, ...subject } = METRICS[name as keyof typeof METRICS];
    it(`the metric over ${STEPS} batches, the last one smaller: ${name}`, () => {
      tf.tidy(() => {
        const epoch = new Means();
        withExecutor({ ...subject, loss: nothing, metrics: [metric] }, (executor) => {
          for (let step = 0; step < STEPS; step++) {
            const rows = step < STEPS - 1 ? ROWS : 7;
            const part = (whole: tf.Tensor): tf.Tensor => tf.slice(whole, 0, rows);
            epoch.add(executor.evaluate({ x: part(inputs(step)), y: part(targets(step, subject.kind)) }));
          }
        });
        near(epoch.values()[metric.name]!, expected!, 1e-5, name);
      });
    });
  }
});
