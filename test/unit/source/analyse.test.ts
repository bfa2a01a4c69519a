import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { analyse } from '../../../src/client/source/analyse';
import { callAt, type Range } from '../../../src/client/source/analysis';
import { Lines } from '../../../src/client/source/positions';
import { repositoryRoot } from '../manifest/root';

const model = (lesson: string): string =>
  fs.readFileSync(path.join(repositoryRoot(), 'samples', lesson, 'model.ts'), 'utf8');

function cut(text: string, range: Range | undefined): string | undefined {
  return range && text.slice(range.start.offset, range.end.offset);
}

const EXERCISE = `import { datasets, experiment, tf } from 'deep-learning-lab';

// About the file.

/** Which units stay.
 *  @returns zeros and ones */
export function mask(shape: number[], rate: number): tf.Tensor {
  return tf.randomUniform(shape).greaterEqual(rate);
}

// The rate.
export const rate = 0.5;
const scale = (x: tf.Tensor) => x.div(1 - rate);
export class Dropout extends tf.layers.Layer {}
type Options = { a: number };

export default experiment({ title: 'Dropout', data: datasets.spirals({ train: 10 }) });
`;

describe('what the editor reads of a model file', () => {
  it('finds functions, values and classes with their places', () => {
    const { parsed, declarations } = analyse(EXERCISE);
    assert.equal(parsed, true);
    assert.deepEqual(
      declarations.map(({ name, kind, exported }) => [name, kind, exported]),
      [
        ['mask', 'function', true],
        ['rate', 'value', true],
        ['scale', 'function', false],
        ['Dropout', 'class', true],
      ],
    );
    const [mask, rate, scale] = declarations;
    assert.ok(mask && rate && scale);
    assert.deepEqual(mask.range.start, { offset: EXERCISE.indexOf('export function'), line: 7, column: 1 });
    assert.equal(mask.range.end.line, 9);
    assert.equal(cut(EXERCISE, mask.nameRange), 'mask');
    assert.match(cut(EXERCISE, mask.bodyRange) ?? '', /^\{\n {2}return .*\n\}$/);
    assert.match(cut(EXERCISE, mask.commentRange) ?? '', /^\/\*\* Which units stay\.[^]*ones \*\/$/);
    assert.equal(cut(EXERCISE, rate.range), 'export const rate = 0.5;');
    assert.equal(cut(EXERCISE, rate.bodyRange), '0.5');
    assert.equal(cut(EXERCISE, rate.commentRange), '// The rate.');
    assert.equal(cut(EXERCISE, scale.bodyRange), 'x.div(1 - rate)');
    assert.equal(scale.commentRange, undefined);
  });

  it('finds the experiment with its fields, and calls of layers and data sets', () => {
    const text = model('image-classification');
    const { experiment, layerCalls, datasetCalls } = analyse(text);
    assert.ok(experiment);
    assert.equal(cut(text, experiment.statementRange)?.startsWith('export default experiment({'), true);
    const fields = Object.fromEntries(experiment.fields.map(({ name, value }) => [name, value]));
    assert.equal(fields['epochs'], '10');
    assert.equal(fields['loss'], 'losses.sparseCategoricalCrossentropy({ fromLogits: true })');
    assert.deepEqual(
      layerCalls.map(({ name }) => name),
      ['conv2d', 'maxPooling2d', 'conv2d', 'maxPooling2d', 'conv2d', 'flatten', 'dense', 'dense'],
    );
    assert.deepEqual(
      layerCalls.at(-1)?.fields.map(({ name, value }) => [name, value]),
      [['units', 'classes']],
    );
    assert.equal(cut(text, layerCalls[0]?.calleeRange), 'tf.layers.conv2d');
    assert.equal(cut(text, layerCalls[5]?.range), 'tf.layers.flatten()');
    assert.deepEqual(
      datasetCalls.map(({ callee }) => callee),
      ['datasets.fashionMnist'],
    );
  });

  it('knows an experiment that is exported by name, and imports under other names', () => {
    const text = `import { experiment as lab, datasets as data, tf } from 'deep-learning-lab';
const { dense } = tf.layers;
const other = lab({ title: 'other' });
const mine = lab({ title: 'mine', data: data.moons() });
const layer = dense({ units: 3 });
export { other };
export default mine;`;
    const { experiment, layerCalls, datasetCalls } = analyse(text);
    assert.equal(experiment?.fields[0]?.value, "'mine'");
    assert.equal(experiment.statementRange.start.line, 4);
    assert.equal(layerCalls.length, 1);
    assert.equal(datasetCalls.length, 1);
  });

  it('reads on after a slip that leaves the structure whole', () => {
    const { parsed, experiment, declarations } = analyse(
      `const a = 1;\nconst a = 2;\nexport default experiment({ title: 'x', epochs: 1, epochs: 2 });`,
    );
    assert.equal(parsed, true);
    assert.equal(declarations.length, 2);
    assert.equal(experiment?.statementRange.start.line, 3);
  });

  for (const [what, break_] of [
    ['a bracket that is not closed', (text: string) => text.replace('greaterEqual(rate);', 'greaterEqual(rate;')],
    ['an end that is not written yet', (text: string) => text.slice(0, text.indexOf("title: 'Dropout'") + 5)],
    ['a line that makes no sense', (text: string) => text.replace('// The rate.', 'const = = 3')],
    ['a string that is not closed', (text: string) => text.replace("'Dropout'", "'Dropout")],
  ] as const) {
    it(`still finds what it can in ${what}`, () => {
      const text = break_(EXERCISE);
      const { parsed, experiment, declarations } = analyse(text);
      assert.equal(parsed, false, 'the parser gives this up');
      assert.equal(
        experiment?.statementRange.start.line,
        text.slice(0, text.indexOf('export default')).split('\n').length,
      );
      assert.deepEqual(declarations.map(({ name, kind }) => [name, kind]).slice(0, 3), [
        ['mask', 'function'],
        ['rate', 'value'],
        ['scale', 'function'],
      ]);
      assert.equal(cut(text, declarations[0]?.nameRange), 'mask');
      assert.match(cut(text, declarations[0]?.range) ?? '', /^export function mask\([^]*\}$/);
    });
  }

  it('does not take words in comments and strings for code', () => {
    const { experiment, declarations, layerCalls } = analyse(
      `// export default experiment({\nconst text = 'tf.layers.dense({';\n/* function hidden() {} */ const x = (`,
    );
    assert.equal(experiment, undefined);
    assert.deepEqual(
      declarations.map(({ name }) => name),
      ['text'],
    );
    assert.equal(layerCalls.length, 0);
  });

  it('gives up on nothing: any prefix of a model file is read', () => {
    const text = model('neural-network');
    for (let end = 0; end <= text.length; end += 7) {
      const part = text.slice(0, end);
      const analysis = analyse(part);
      for (const { range } of analysis.calls)
        assert.ok(range.start.offset < range.end.offset && range.end.offset <= end);
      if (part.includes('experiment({')) assert.ok(analysis.experiment, `no experiment in the first ${end} characters`);
    }
  });

  it('names the innermost call whose name is at a place', () => {
    const text = `tf.sequential({\n  layers: [tf.layers.dense({ units: f(3) })],\n});`;
    const analysis = analyse(text);
    const at = (part: string): string | undefined => {
      const { line, column } = new Lines(text).position(text.indexOf(part));
      return callAt(analysis, line, column)?.callee;
    };
    assert.equal(at('sequential'), 'tf.sequential');
    assert.equal(at('dense'), 'tf.layers.dense');
    assert.equal(at('tf.layers'), 'tf.layers.dense');
    assert.equal(at('f(3)'), 'f');
    assert.equal(at('units'), 'tf.layers.dense', 'inside of the brackets: the call around it');
    assert.equal(callAt(analysis, 9, 1), undefined);
  });
});

describe('lines of a text', () => {
  it('lead from offsets to places and back', () => {
    const text = 'ab\r\n\nc';
    const lines = new Lines(text);
    for (let offset = 0; offset <= text.length; offset++) {
      const { line, column } = lines.position(offset);
      assert.equal(lines.offset(line, column), offset);
    }
    assert.deepEqual(lines.position(5), { offset: 5, line: 3, column: 1 });
    assert.deepEqual(lines.position(99), { offset: 6, line: 3, column: 2 });
    assert.equal(lines.offset(99, 1), text.length);
  });
});
