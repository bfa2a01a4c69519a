import assert from 'node:assert/strict';
import { anchorOf } from '../../../src/client/source/anchors';
import { analyse } from '../../../src/client/source/analyse';
import { applied } from '../../../src/client/source/edits';
import { remediesFor } from '../../../src/client/source/fixes';
import type { LabErrorData } from '../../../src/protocol/errors';
import { inspecting } from './inspecting';
import { modelText, type Parts } from './models';

const dense = (rest: string): string => `tf.sequential({ layers: [tf.layers.dense({ ${rest} })] })`;

interface Case {
  readonly what: string;
  readonly parts: Parts;
  /** Change of the whole text. */
  readonly also?: (text: string) => string;
  /** What is underlined. */
  readonly at: string;
  readonly title: string | RegExp;
  /** What the text contains afterwards. */
  readonly then: string;
  /** Which of the remedies; default the first. */
  readonly choice?: number;
}

const CASES: readonly Case[] = [
  {
    what: 'a misspelt field of the experiment',
    parts: {},
    also: (text) => text.replace('epochs:', 'epoch:'),
    at: 'epoch',
    title: /epochs/,
    then: '  epochs: 1,',
  },
  {
    what: 'a misspelt layer',
    parts: {
      model: dense('inputShape, units: classes')
        .replace('dense', 'dens')
        .replace('classes', `classes, activation: 'softmax'`),
    },
    at: 'tf.layers.dens',
    title: /'dense'/,
    then: 'tf.layers.dense({',
  },
  {
    what: 'a misspelt import',
    parts: {},
    also: (text) => text.replaceAll('experiment', 'experimnt'),
    at: 'experimnt',
    title: /'experiment'/,
    then: `import { datasets, experiment, losses`,
  },
  {
    what: 'a misspelt argument',
    parts: { model: dense(`inputShape, units: classes, activaton: 'softmax'`) },
    at: 'activaton',
    title: /'activation'/,
    then: `activation: 'softmax'`,
  },
  {
    what: 'a misspelt activation',
    parts: { model: dense(`inputShape, units: classes, activation: 'softmx'`) },
    at: `activation: 'softmx'`,
    title: `Change to 'softmax'`,
    then: `activation: 'softmax'`,
  },
  {
    what: 'a misspelt padding',
    parts: {
      data: 'datasets.cifar10({ train: 30, test: 10 })',
      model: `tf.sequential({ layers: [
        tf.layers.conv2d({ inputShape, filters: 2, kernelSize: 3, padding: 'sane' as 'same' }),
        tf.layers.flatten(), tf.layers.dense({ units: classes, activation: 'softmax' }),
      ] })`,
    },
    at: `padding: 'sane' as 'same'`,
    title: `Change to 'same'`,
    then: `padding: 'same' as`,
  },
  {
    what: 'an argument that nobody knows',
    parts: { model: dense(`inputShape, colour: 'red', units: classes, activation: 'softmax'`) },
    at: 'colour',
    title: /Remove 'colour'/,
    then: `{ inputShape, units: classes,`,
  },
  {
    what: 'a misspelt option of a data set',
    parts: { data: 'datasets.spirals({ train: 30, tset: 10 })' },
    at: 'tset',
    title: /'test'/,
    then: 'test: 10 })',
  },
  {
    what: 'a misspelt name of a loss',
    parts: { loss: `'sparseCategoricalCrossentrpy'` },
    at: `loss: 'sparseCategoricalCrossentrpy'`,
    title: /sparseCategoricalCrossentropy/,
    then: `loss: 'sparseCategoricalCrossentropy'`,
  },
  {
    what: 'a metric outside of brackets',
    parts: { metrics: `'accuracy'` },
    at: `metrics: 'accuracy'`,
    title: /Write \['accuracy'\]/,
    then: `metrics: ['accuracy']`,
  },
  {
    what: 'an optimizer that is made too early',
    parts: { optimizer: 'tf.train.adam(0.01)' },
    at: 'optimizer: tf.train.adam(0.01)',
    title: 'Write () => tf.train.adam(0.01)',
    then: 'optimizer: () => tf.train.adam(0.01)',
  },
  {
    what: 'a data set that is not called',
    parts: {
      data: 'datasets.moons',
      loss: `losses.binaryCrossentropy()`,
      model: dense(`inputShape, units: 1, activation: 'sigmoid'`),
    },
    at: 'data: datasets.moons',
    title: 'Write datasets.moons()',
    then: 'data: datasets.moons(),',
  },
  {
    what: 'logits for a loss that is named',
    parts: { model: dense('inputShape, units: classes') },
    also: (text) => text.replace('losses, ', ''),
    at: 'tf.layers.dense',
    title: /fromLogits: true/,
    then: 'loss: losses.sparseCategoricalCrossentropy({ fromLogits: true })',
  },
  {
    what: 'logits for a loss that is called',
    parts: { model: dense('inputShape, units: classes'), loss: 'losses.sparseCategoricalCrossentropy()' },
    at: 'tf.layers.dense',
    title: /fromLogits: true/,
    then: 'losses.sparseCategoricalCrossentropy({ fromLogits: true })',
  },
  {
    what: 'logits, by an activation',
    parts: { model: dense('inputShape, units: classes') },
    at: 'tf.layers.dense',
    title: `Set activation: 'softmax'`,
    then: `units: classes, activation: 'softmax' })`,
    choice: 1,
  },
  {
    what: 'softmax twice, by removing it from the layer',
    parts: {
      model: dense(`inputShape, units: classes, activation: 'softmax'`),
      loss: 'losses.sparseCategoricalCrossentropy({ fromLogits: true })',
    },
    at: `activation: 'softmax'`,
    title: `Remove 'activation'`,
    then: '{ inputShape, units: classes }',
  },
  {
    what: 'softmax twice, by removing it from the loss',
    parts: {
      model: dense(`inputShape, units: classes, activation: 'softmax'`),
      loss: 'losses.sparseCategoricalCrossentropy({ fromLogits: true })',
    },
    at: `activation: 'softmax'`,
    title: /Remove fromLogits/,
    then: 'loss: losses.sparseCategoricalCrossentropy()',
    choice: 1,
  },
  {
    what: 'softmax twice, by removing its layer',
    parts: {
      model: `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: classes }), tf.layers.softmax()] })`,
      loss: 'losses.sparseCategoricalCrossentropy({ fromLogits: true })',
    },
    at: 'tf.layers.softmax',
    title: /Remove/,
    then: 'units: classes }), ] })',
  },
  {
    what: 'a wrong number of units',
    parts: { model: dense(`inputShape, units: 7, activation: 'softmax'`) },
    at: 'tf.layers.dense',
    title: 'Set units: classes',
    then: `inputShape, units: classes, activation`,
  },
  {
    what: 'a wrong number of units where the classes are not at hand',
    parts: {
      before: `const head = () => tf.layers.dense({ units: 7, activation: 'softmax' });`,
      model: `tf.sequential({ layers: [tf.layers.dense({ inputShape, units: classes }), head()] })`,
    },
    at: 'tf.layers.dense',
    title: 'Set units: 3',
    then: `dense({ units: 3, activation`,
  },
  {
    what: 'a first layer without input shape',
    parts: { model: dense(`units: classes, activation: 'softmax'`) },
    at: 'tf.layers.dense',
    title: 'Set inputShape: inputShape',
    then: `activation: 'softmax', inputShape })`,
  },
  {
    what: 'a wrong input shape',
    parts: { model: dense(`inputShape: [9], units: classes, activation: 'softmax'`) },
    at: 'tf.layers.dense',
    title: 'Set inputShape: inputShape',
    then: `{ inputShape, units`,
  },
  {
    what: 'a learning rate out of any sense',
    parts: { optimizer: '() => tf.train.adam(100)' },
    at: 'optimizer: () => tf.train.adam(100)',
    title: 'Set the learning rate to 0.001',
    then: 'tf.train.adam(0.001)',
  },
  {
    what: 'a learning rate out of any sense, in a constant',
    parts: { before: 'const RATE = -3;', optimizer: '() => tf.train.sgd(RATE)' },
    at: 'optimizer: () => tf.train.sgd(RATE)',
    title: 'Set the learning rate to 0.01',
    then: 'const RATE = 0.01;',
  },
  {
    what: 'a loss for yes or no with three classes',
    parts: { loss: `'binaryCrossentropy'` },
    at: `loss: 'binaryCrossentropy'`,
    title: /sparseCategoricalCrossentropy/,
    then: `loss: 'sparseCategoricalCrossentropy'`,
  },
];

describe('remedies of problems in a model file', () => {
  const { inspect } = inspecting();
  const problemsOf = async (source: string): Promise<LabErrorData[]> =>
    (await inspect(source)).problems.map(({ error }) => error);

  for (const { what, parts, also, at, title, then, choice = 0 } of CASES) {
    it(`${what}: it is underlined, changed, and gone`, async () => {
      const source = also?.(modelText(parts)) ?? modelText(parts);
      const analysis = analyse(source);
      const [error] = await problemsOf(source);
      assert.ok(error, 'the problem is found');
      const { start, end } = anchorOf(source, analysis, error);
      assert.equal(source.slice(start.offset, end.offset), at);
      const remedy = remediesFor(source, analysis, error)[choice];
      assert.ok(remedy, `a remedy of ${error.message}`);
      if (typeof title === 'string') assert.equal(remedy.title, title);
      else assert.match(remedy.title, title);
      const after = applied(source, remedy.edits);
      assert.ok(after.includes(then), after);
      assert.deepEqual(await problemsOf(after), []);
    });
  }

  it('nothing is offered for a text that cannot be parsed', () => {
    const error: LabErrorData = {
      code: 'MODEL_UNKNOWN_NAME',
      message: '',
      location: { file: 'model.ts', line: 1, column: 1 },
      fixes: [{ kind: 'rename', from: 'a', to: 'b' }],
    };
    assert.deepEqual(remediesFor('a( = (', analyse('a( = ('), error), []);
  });

  it('an error outside of any call is underlined where it is, at least one character', () => {
    const text = 'const a = 1;\n\n  foo bar\n';
    const analysis = analyse(text);
    const cut = (line: number, column: number): [number, string] => {
      const { start, end } = anchorOf(text, analysis, { location: { file: 'x', line, column } });
      return [start.line, text.slice(start.offset, end.offset)];
    };
    assert.deepEqual(cut(3, 3), [3, 'foo']);
    assert.deepEqual(cut(2, 1), [2, '\n']);
    const call = 'f({\n  a: = 3,\n});';
    const { start, end } = anchorOf(call, analyse(call), { location: { file: 'x', line: 2, column: 6 } });
    assert.equal(call.slice(start.offset, end.offset), '= 3,', 'among the arguments of a call');
    assert.deepEqual(anchorOf('', analyse(''), {}).start.offset, 0);
  });
});
