import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { LearnersProject } from './learnersProject';

const lessons = fs.readdirSync('samples').filter((name) => fs.existsSync(path.join('samples', name, 'model.ts')));
const read = (lesson: string): string => fs.readFileSync(path.join('samples', lesson, 'model.ts'), 'utf8');

describe('the types of working copies', function () {
  this.timeout(120_000);
  let project: LearnersProject;
  before(() => {
    project = new LearnersProject();
  });
  after(() => {
    project.remove();
  });

  it('shows no false error in any lesson', () => {
    assert.ok(lessons.length >= 2);
    for (const lesson of lessons) {
      const folder = path.join('samples', lesson);
      const files = fs.readdirSync(folder).filter((name) => name.endsWith('.ts'));
      for (const name of files) project.add(name, fs.readFileSync(path.join(folder, name), 'utf8'));
      assert.deepEqual(project.mistakes(read(lesson)), [], lesson);
    }
  });

  it('shows no false error with Node, TensorFlow.js by its own names, own layers and plain operations', () => {
    const source = `import fs from 'node:fs';
import * as tfjs from '@tensorflow/tfjs';
import * as node from '@tensorflow/tfjs-node';
import { datasets, experiment, losses, metrics, tf, type DataInfo } from 'deep-learning-lab';
class Twice extends tf.layers.Layer {
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.mul(Array.isArray(inputs) ? inputs[0]! : inputs, 2).relu();
  }
  static get className(): string { return 'Twice'; }
}
console.log(fs.existsSync(__filename), tfjs.version, node.zeros([2]), new Twice({}), process.platform);
export default experiment({
  title: 'Test',
  data: datasets.cifar10({ train: 100, test: 50 }),
  parameters: ({ classes }: DataInfo) => ({ w: tf.randomNormal([3072, classes], 0, 0.01) }),
  forward: ({ w }, x) => tf.matMul(tf.reshape(x, [-1, 3072]), w!),
  gradients: ({ w }, x) => ({ w: tf.zerosLike(w!).mul(x.mean()) }),
  optimizer: () => tf.train.momentum(0.01, 0.9),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy', metrics.meanSquaredError()],
  epochs: 1, batchSize: 10, seed: 3, stopWhen: { patience: 2, target: { metric: 'val_loss', atMost: 1 } },
});
`;
    assert.deepEqual(project.mistakes(source), []);
  });

  for (const [what, from, to, expected] of [
    ['a wrong type', 'epochs: 10', "epochs: '10'", /^model\.ts:\d+:3 .*'string' is not assignable to type 'number'/],
    ['a misspelt argument', 'units: 64', 'unit: 64', /'unit'.*Did you mean to write 'units'/],
    ['a misspelt field', 'batchSize: 64', 'batchsize: 64', /Did you mean to write 'batchSize'/],
    ['a misspelt option of the data', 'train: 20_000', 'trian: 20_000', /Did you mean to write 'train'/],
    ['an optimizer that is no function', '() => tf.train', 'tf.train', /not assignable to type '\(\) => Optimizer'/],
    ['an unknown layer', 'layers.flatten', 'layers.flaten', /'flaten' does not exist.*Did you mean 'flatten'/],
    ['a missing field', 'epochs: 10,', '', /'epochs' is missing/],
    ['a syntax error', 'layers: [', 'layers: [[', /expected/],
  ] as const) {
    it(`underlines ${what}`, () => {
      const source = read('image-classification').replace(from, to);
      assert.notEqual(source, read('image-classification'), 'the lesson still has this line');
      const mistakes = project.mistakes(source);
      assert.ok(mistakes.length > 0);
      assert.match(mistakes.join('\n'), expected);
    });
  }

  /** Parameters by name, with nothing said twice and no cast. */
  const functional = `import { datasets, experiment, tf, type Parameters } from 'deep-learning-lab';
interface Network extends Parameters { w: tf.Tensor2D; b: tf.Tensor1D }
const answer = ({ w, b }: Network, x: tf.Tensor2D, rate: number): tf.Tensor2D => tf.add(tf.matMul(x, w), tf.mul(rate, b));
export default experiment({
  title: 'Test',
  data: datasets.spirals({ train: 30 }),
  parameters: ({ classes }): Network => ({ w: tf.randomNormal([2, classes]), b: tf.zeros([classes]) }),
  forward: (network, x) => answer(network, x.as2D(-1, 2), 1),
  gradients: ({ w, b }) => ({ w: tf.zerosLike(w), b: tf.zerosLike(b) }),
  compareWith: { label: 'plain', forward: (network, x) => answer(network, x.as2D(-1, 2), 0), optimizer: () => tf.train.sgd(1) },
  sizes: [10, 30],
  optimizer: () => tf.train.adam(0.1),
  loss: 'meanSquaredError', epochs: 1, batchSize: 10,
});
`;

  it('gives forward, gradients and the comparison the parameters by their names and ranks', () => {
    assert.deepEqual(project.mistakes(functional), []);
    const others = functional.replace(
      'forward: (network, x) => answer(network, x.as2D(-1, 2), 0)',
      'parameters: () => ({ v: tf.zeros([2, 3]) }), forward: ({ v }, x) => tf.matMul(x, v)',
    );
    assert.notEqual(others, functional);
    assert.deepEqual(project.mistakes(others), []);
  });

  for (const [what, from, to, expected] of [
    [
      'a parameter that there is not',
      'forward: (network, x) => answer(network,',
      'forward: ({ u }, x) => answer(u,',
      /'u'|not assignable/,
    ],
    ['a missing gradient', 'b: tf.zerosLike(b) }', '}', /Property 'b' is missing/],
    ['a misspelt field of the comparison', 'label:', 'lable:', /'lable'.*Did you mean to write 'label'/],
    ['a comparison without a label', "label: 'plain',", '', /'label' is missing/],
    [
      'an initial value of another rank',
      'tf.zeros([classes])',
      'tf.zeros([classes, 1])',
      /number\[\]|not assignable|1 element/,
    ],
  ] as const) {
    it(`underlines ${what}`, () => {
      const source = functional.replace(from, to);
      assert.notEqual(source, functional);
      assert.match(project.mistakes(source).join('\n'), expected);
    });
  }

  it('completes the fields of a comparison with what they are for', () => {
    const source = functional.replace("label: 'plain',", '/*here*/');
    const fields = project.completions(source, '/*here*/');
    for (const name of ['label', 'model', 'parameters', 'loss']) assert.ok(fields.has(name), name);
    assert.match(fields.get('label')!(), /What its curves are called/);
    const answered = functional.replace('answer(network, x.as2D(-1, 2), 1)', 'network.w');
    const names = project.completions(answered, '=> network.');
    for (const name of ['w', 'b']) assert.ok(names.has(name), name);
  });

  it('completes tf.layers., datasets. and losses. with their documentation', () => {
    const source = `import { datasets, losses, tf } from 'deep-learning-lab';\ntf.layers.;\ndatasets.;\nlosses.;\n`;
    const layers = project.completions(source, 'tf.layers.');
    for (const name of ['conv2d', 'dense', 'maxPooling2d', 'flatten', 'dropout']) assert.ok(layers.has(name), name);
    assert.match(layers.get('dense')!(), /Creates a dense \(fully connected\) layer/);
    assert.match(layers.get('conv2d')!(), /2D convolution layer/);
    const data = project.completions(source, 'datasets.');
    assert.match(data.get('fashionMnist')!(), /Zalando/);
    assert.deepEqual([...data.keys()].sort(), [
      'audio',
      'boxes',
      'cifar10',
      'circles',
      'conversations',
      'csv',
      'fashionMnist',
      'gaussians',
      'generate',
      'images',
      'mnist',
      'moons',
      'of',
      'poets',
      'reviews',
      'spirals',
      'text',
      'texts',
      'xor',
    ]);
    assert.match(project.completions(source, 'losses.').get('binaryCrossentropy')!(), /Cross-entropy for yes-or-no/);
  });

  it('completes the fields of an experiment', () => {
    const source = `import { experiment } from 'deep-learning-lab';\nexport default experiment({ /*here*/ });\n`;
    const fields = project.completions(source, '/*here*/');
    for (const name of ['title', 'data', 'model', 'optimizer', 'loss', 'epochs', 'batchSize', 'seed']) {
      assert.ok(fields.has(name), name);
    }
    assert.match(fields.get('seed')!(), /same seed gives the same run/);
  });
});
