/** One display of each kind, made as a kernel makes it, of real tensors, models and data. */
import * as tf from '@tensorflow/tfjs';
import { datasets } from '../../../src/lab';
import { display } from '../../../src/lab/cells/display';
import { plot } from '../../../src/trainer/kernel/api/plot';
import { displayOf, type Items } from '../../../src/trainer/kernel/display';
import { Pages } from '../../../src/trainer/kernel/display/pages';
import { loadSplits } from '../../../src/lab/loadSplits';
import { distributionOf } from '../../../src/trainer/kernel/display/numbers';
import { DISPLAY_MIME, type ControlDisplay, type Display } from '../../../src/protocol/display';

export const pages = new Pages();

const context = {
  pages,
  load: (data: Parameters<typeof loadSplits>[0]) =>
    loadSplits(data, {
      directories: [],
      cacheDirectory: '',
      signal: new AbortController().signal,
      progress: () => undefined,
    }),
};

export async function shown(value: unknown): Promise<Display> {
  const items: Items = (await displayOf(value, context)) ?? {};
  return items[DISPLAY_MIME] as Display;
}

const waves = (phase: number): number[] => Array.from({ length: 200 }, (_, x) => Math.sin(x / 20 + phase));

function branching(): tf.LayersModel {
  const input = tf.input({ shape: [8, 8, 3], name: 'picture' });
  const left = tf.layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', activation: 'relu', name: 'narrow' });
  const right = tf.layers.conv2d({ filters: 8, kernelSize: 5, padding: 'same', activation: 'relu', name: 'wide' });
  const both = tf.layers
    .concatenate({ name: 'both' })
    .apply([left.apply(input), right.apply(input)] as tf.SymbolicTensor[]);
  const flat = tf.layers.flatten({ name: 'flat' }).apply(both);
  const output = tf.layers.dense({ units: 10, activation: 'softmax', name: 'answer' }).apply(flat);
  return tf.model({ inputs: input, outputs: output as tf.SymbolicTensor, name: 'branching' });
}

const control = (spec: ControlDisplay['spec'], label: string, value: ControlDisplay['value']): Display => ({
  kind: 'control',
  control: `cell ${label}`,
  label,
  value,
  spec,
});

/** By what they are called in the test and in the pictures. */
export const DISPLAYS: Readonly<Record<string, () => Promise<Display> | Display>> = {
  scalar: () => shown(tf.scalar(0.12345)),
  line: () => shown(tf.tensor1d(waves(0))),
  matrix: () => shown(tf.randomNormal([12, 6], 0, 1, 'float32', 1)),
  'long-table': () => shown(tf.randomUniform([5000, 3], 0, 1, 'float32', 2)),
  'heat-map': () => shown(tf.randomNormal([24, 32], 0, 1, 'float32', 3)),
  pictures: () => shown(tf.randomUniform([20, 16, 16, 3], 0, 1, 'float32', 4)),
  'not-finite': () => shown(tf.tensor2d([NaN, Infinity, -Infinity, 1, 2, 3], [2, 3])),
  model: () =>
    shown(
      tf.sequential({
        layers: [
          tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 3, activation: 'relu' }),
          tf.layers.maxPooling2d({ poolSize: 2 }),
          tf.layers.flatten(),
          tf.layers.dropout({ rate: 0.5 }),
          tf.layers.dense({ units: 10, activation: 'softmax' }),
        ],
      }),
    ),
  diagram: () => shown(branching()),
  dataset: () => shown(datasets.spirals({ classes: 3, train: 600, test: 300 })),
  table: () =>
    shown(
      Array.from({ length: 50 }, (_, n) => ({
        epoch: n,
        loss: 1 / (n + 1),
        best: n % 7 === 0,
        note: `row <b>${n}</b>`,
      })),
    ),
  tree: () =>
    shown({
      name: 'A',
      list: [1, 'two', null, { deep: { deeper: [true] } }],
      map: new Map([['k', new Set([1, 2])]]),
      f: shown,
    }),
  figure: () =>
    shown(plot({ sine: waves(0), cosine: waves(Math.PI / 2) }, { title: 'Two waves', xLabel: 'x', yLabel: 'y' })),
  bars: () => shown(plot({ train: [3, 5, 2], test: [1, 2, 2] }, { kind: 'bars', x: ['cat', 'dog', 'bird'] })),
  histogram: () => shown(plot({ normal: tf.randomNormal([2000], 0, 1, 'float32', 5) }, { kind: 'histogram' })),
  'log-axes': () =>
    shown(plot({ a: { x: [1, 10, 100, 1000], y: [5, 2, 1, 0.4] } }, { kind: 'points', logX: true, logY: true })),
  layers: () => ({
    kind: 'layers',
    layers: ['dense_1', 'dense_2'].map((name, index) => ({
      name,
      type: 'Dense',
      shape: [32, 24],
      activation: distributionOf(waves(index)),
      zeros: 0.25,
      gradient: distributionOf(waves(index).map((value) => value / 1000)),
      weightGradient: distributionOf(waves(index).map((value) => value ** 3)),
    })),
  }),
  slider: () => control({ type: 'slider', min: 0.0001, max: 1, step: 0.01, log: true }, 'learning rate', 0.01),
  choice: () => control({ type: 'choice', options: ['relu', 'tanh'] }, 'activation', 'tanh'),
  text: () => control({ type: 'text', placeholder: 'a sentence', multiline: false }, 'prompt', 'To be'),
  drawing: () =>
    control(
      { type: 'drawing', height: 28, width: 28 },
      'digit',
      Array.from({ length: 784 }, () => 0),
    ),
  own: () => shown({ [display]: () => tf.tensor1d([1, 2, 3]) }),
};
