/** Looking at a training does not change it: with and without makers, the same numbers to the last bit. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import {
  datasets,
  experiment as declare,
  losses,
  tokenizers,
  type ExperimentConfig,
  type Parameters,
} from '../../../src/lab';
import { loadSplits } from '../../../src/lab/loadSplits';
import type { PictureKind } from '../../../src/protocol/pictures';
import type { Point } from '../../../src/protocol/run';
import { createPictureMakers } from '../../../src/learning/pictures/create';
import type { PictureMaker } from '../../../src/learning/pictures/maker';
import { Control } from '../../../src/learning/training/control';
import { Training } from '../../../src/learning/training/training';
import { sample } from '../../support/sample';
import { useEngine } from '../lab/tensorflow';
import { table } from './pictured';

const ROWS = 24;
const common = {
  title: 'Undisturbed',
  data: table(
    Array.from({ length: ROWS }, (_, i) => [Math.sin(i), Math.cos(3 * i), (i % 5) / 5]),
    Array.from({ length: ROWS }, (_, i) => i % 2),
    ['even', 'odd'],
  ),
  optimizer: () => tf.train.adam(0.01),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy' as const],
  epochs: 4,
  batchSize: 8,
};

/** Which pictures there are to see of each. */
const KINDS: Readonly<Record<string, readonly PictureKind[]>> = {
  'plain operations with dropout': ['confusionMatrix', 'dropoutMasks', 'walkthrough'],
  'layers with dropout and moving averages': ['confusionMatrix', 'dropoutMasks'],
  'a language model with dropout': ['attention', 'sampledText', 'wordEmbedding'],
};

const experiments: Readonly<Record<string, () => ExperimentConfig>> = {
  'a language model with dropout': () => ({
    ...common,
    data: datasets.text({
      from: { text: 'abcabdabe '.repeat(12) },
      length: 4,
      tokenizer: tokenizers.characters({ size: 8 }),
      perEpoch: ROWS,
    }),
    parameters: () => ({ table: tf.randomNormal([8, 16]), out: tf.randomNormal([16, 8]) }),
    forward: ({ table: rows, out }: Parameters, x, { training }) => {
      const hidden = tf.gather(rows!, tf.reshape(x, [-1]));
      const kept = training ? tf.dropout(hidden, 0.5) : hidden;
      return tf.reshape(tf.matMul(kept, out!), [-1, 4, 8]);
    },
    attention: (_, x) => tf.fill([x.shape[0], 2, 4, 4], 0.25),
  }),
  'plain operations with dropout': () => ({
    ...common,
    parameters: () => ({ w1: tf.randomNormal([3, 16]), b1: tf.zeros([16]), w2: tf.randomNormal([16, 2]) }),
    forward: ({ w1, b1, w2 }: Parameters, x, { training }) => {
      const hidden = tf.tanh(tf.add(tf.matMul(x, w1!), b1!));
      return tf.matMul(training ? tf.dropout(hidden, 0.5) : hidden, w2!);
    },
  }),
  'layers with dropout and moving averages': () => ({
    ...common,
    model: () =>
      tf.sequential({
        layers: [
          tf.layers.dense({ inputShape: [3], units: 16, activation: 'relu' }),
          tf.layers.batchNormalization(),
          tf.layers.dropout({ rate: 0.5 }),
          tf.layers.dense({ units: 2 }),
        ],
      }),
  }),
};

interface Trained {
  readonly values: Point['values'][];
  readonly weights: number[][];
  readonly kinds: ReadonlySet<PictureKind>;
  /** Tensors at the end of each epoch. */
  readonly tensors: number[];
}

async function train(config: ExperimentConfig, compile: boolean, isWatched: boolean): Promise<Trained> {
  const experiment = declare(config);
  const signal = new AbortController().signal;
  const data = await loadSplits(experiment.data, {
    directories: [],
    cacheDirectory: '',
    signal,
    progress: () => undefined,
  });
  const { test, tokenizer } = data;
  const training = new Training({
    experiment,
    data,
    epochs: config.epochs,
    compile,
    control: new Control(() => undefined),
    now: () => 0,
  });
  const { built, executor } = training;
  const kinds = new Set<PictureKind>();
  const clock = { milliseconds: 0 };
  const makers: readonly PictureMaker[] = isWatched
    ? createPictureMakers({
        experiment,
        executor,
        learner: built.learner,
        test,
        tokenizer,
        fromLogits: built.fromLogits,
        // Every picture is due each time.
        now: () => (clock.milliseconds += 1e6),
        isNewsDue: () => true,
        isWatched: () => true,
        failed: (kind, error) => {
          throw new Error(`${kind} could not be made`, { cause: error });
        },
        emit: ({ kind }) => kinds.add(kind),
      })
    : [];
  const values: Point['values'][] = [];
  const tensors: number[] = [];
  training.listen(...makers, {
    point: (point) => values.push(point.values),
    // As if the run were paused after each step.
    stepEnd: (step, epoch) => {
      for (const maker of makers) maker.paused?.(step, epoch);
    },
    epochEnd: () => tensors.push(tf.memory().numTensors),
  });
  await training.run();
  training.sync();
  const weights = built.learner.weights.map(({ tensor }) => [...tensor.dataSync()]);
  training.dispose();
  return { values, weights, kinds, tensors };
}

describe('a training with picture makers at every step', function () {
  this.timeout(30_000);
  before(useEngine);

  for (const { experiment, mode } of sample({ experiment: Object.entries(experiments), mode: ['eager', 'compiled'] })) {
    const [what, make] = experiment;
    it(`is to the last bit what it is without, and leaks no tensor: ${what}, ${mode}`, async () => {
      const compile = mode === 'compiled';
      const plain = await train(make(), compile, false);
      const watched = await train(make(), compile, true);
      assert.deepEqual([...watched.kinds].sort(), KINDS[what]);
      assert.equal(plain.values.length, common.epochs * (ROWS / common.batchSize + 1));
      assert.deepEqual(watched.values, plain.values);
      assert.deepEqual(watched.weights, plain.weights);
      assert.deepEqual(watched.tensors.slice(1), watched.tensors.slice(1).fill(watched.tensors[1]!));
      assert.deepEqual(watched.tensors.slice(1), plain.tensors.slice(1));
    });
  }
});
