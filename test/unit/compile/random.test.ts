import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { StepCompiler, type CompileState, type StepFunction } from '../../../src/learning/compile';
import { recognize } from '../../../src/learning/compile/randomness';
import { uniform } from '../../../src/learning/compile/tfjsRandom';
import { useEngine } from '../lab/tensorflow';

/** What `step` gives in each of `count` runs on ones of the shape. */
function runs(
  step: StepFunction,
  { seed = 1, shape = [50, 40], count = 8, first = 0 } = {},
): { values: Float32Array[]; state: CompileState } {
  const compiler = new StepCompiler({ seed });
  const compiled = compiler.compile(step);
  const x = tf.ones(shape);
  const values = Array.from({ length: count }, (_, i) => {
    const { y } = compiled.run({ x }, { step: first + i });
    const data = y!.dataSync<'float32'>().slice();
    y!.dispose();
    return data;
  });
  const { state } = compiled;
  compiler.dispose();
  x.dispose();
  return { values, state };
}

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: Float32Array): number => {
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / values.length);
};
const equal = (a: Float32Array, b: Float32Array): boolean => Buffer.from(a.buffer).equals(Buffer.from(b.buffer));

const dropout: StepFunction = ({ x }) => ({ y: tf.dropout(x!, 0.4) });

describe('random numbers in a compiled step', function () {
  this.timeout(60_000);
  before(useEngine);

  it('dropout masks differ from step to step and keep the rate and the scale', () => {
    const { values, state } = runs(dropout);
    assert.equal(state.kind, 'compiled');
    values.forEach((mask, i) => {
      const kept = mask.filter((value) => value !== 0);
      assert.ok(kept.every((value) => Math.abs(value - 1 / 0.6) < 1e-6));
      // 2,000 draws: five standard deviations of the share kept are 0.055.
      assert.ok(Math.abs(kept.length / mask.length - 0.6) < 0.055, `${kept.length} of ${mask.length} kept`);
      for (const other of values.slice(i + 1)) assert.ok(!equal(mask, other), 'two steps have the same mask');
    });
  });

  it('the same seed gives the same masks, another seed others', () => {
    const { values } = runs(dropout);
    const again = runs(dropout).values;
    const other = runs(dropout, { seed: 2 }).values;
    values.forEach((mask, i) => {
      assert.ok(equal(mask, again[i]!));
      assert.ok(!equal(mask, other[i]!));
    });
  });

  it('a training resumed at step 5 draws what an uninterrupted one draws there, eager steps included', () => {
    const whole = runs(dropout, { count: 12 }).values;
    const resumed = runs(dropout, { count: 7, first: 5 }).values;
    resumed.forEach((mask, i) => {
      assert.ok(equal(mask, whole[5 + i]!), `step ${5 + i}`);
    });
  });

  it('two draws in one step are independent', () => {
    const { values } = runs(({ x }) => ({ y: tf.sub(tf.dropout(x!, 0.5), tf.dropout(x!, 0.5)) }));
    for (const difference of values) assert.ok(difference.some((value) => value !== 0));
  });

  const distributions: readonly [string, (shape: number[]) => tf.Tensor, number, number][] = [
    ['uniform in [-3, 1)', (shape) => tf.randomUniform(shape, -3, 1), -1, 4 / Math.sqrt(12)],
    ['normal (2, 0.7)', (shape) => tf.randomNormal(shape, 2, 0.7), 2, 0.7],
    ['standard normal', (shape) => tf.randomStandardNormal(shape), 0, 1],
    // A normal cut at two standard deviations has 0.8796 of its deviation.
    ['truncated normal (1, 0.5)', (shape) => tf.truncatedNormal(shape, 1, 0.5), 1, 0.5 * 0.87963],
  ];
  for (const [name, draw, expectedMean, expectedDeviation] of distributions)
    it(`${name}: mean and deviation, fresh numbers each step`, () => {
      const { values, state } = runs(({ x }) => ({ y: tf.mul(x!, draw(x!.shape)) }), { shape: [100, 100], count: 5 });
      assert.equal(state.kind, 'compiled');
      for (const drawn of values) {
        assert.ok(Math.abs(mean(drawn) - expectedMean) < 0.05 * expectedDeviation, `mean ${mean(drawn)}`);
        assert.ok(Math.abs(deviation(drawn) / expectedDeviation - 1) < 0.05, `deviation ${deviation(drawn)}`);
      }
      assert.ok(!equal(values[3]!, values[4]!));
    });

  it('a draw with its own seed is the same each step, as in eager mode', () => {
    const { values, state } = runs(({ x }) => ({ y: tf.dropout(x!, 0.4, undefined, 'fixed') }));
    assert.equal(state.kind, 'compiled');
    for (const mask of values) assert.ok(equal(mask, values[0]!));
  });

  const refused: readonly [string, StepFunction][] = [
    ['Math.random', ({ x }) => ({ y: tf.mul(x!, Math.random()) })],
    [
      'tf.rand',
      ({ x }) => ({
        y: tf.mul(
          x!,
          tf.rand(x!.shape, () => Math.random()),
        ),
      }),
    ],
    ['tf.randomGamma', ({ x }) => ({ y: tf.mul(x!, tf.randomGamma(x!.shape as [number, number], 2)) })],
    ['tf.multinomial', ({ x }) => ({ y: tf.multinomial(x as tf.Tensor2D, 3).cast('float32') })],
    ['integers', ({ x }) => ({ y: tf.randomUniform(x!.shape, 0, 9, 'int32').cast('float32') })],
  ];
  for (const [name, step] of refused)
    it(`${name}: refused, not frozen`, () => {
      const { values, state } = runs(step);
      assert.equal(state.kind, 'eager');
      assert.ok(state.refusal.code === 'random' || state.refusal.code === 'operation', state.refusal.code);
      assert.ok(!equal(values.at(-1)!, values.at(-2)!), 'eager mode draws anew');
    });
});

describe('recognizing a draw of tfjs', () => {
  const values = (seed: number, scale: number, offset: number, count = 100): Float32Array => {
    const next = uniform(seed);
    return Float32Array.from({ length: count }, () => offset + scale * next());
  };

  it('uniform is the generator of tf.randomUniform', () => {
    const next = uniform(0.25);
    const tfjs = tf.randomUniform([5], 0, 1, 'float32', 0.25).dataSync();
    for (const value of tfjs) assert.equal(value, Math.fround(next()));
  });

  it('finds scale and offset exactly where they are short numbers', () => {
    const draw = recognize('uniform', 0.5, values(0.5, 0.2, -0.1), [100], 3);
    assert.deepEqual(draw, { kind: 'uniform', scale: 0.2, offset: -0.1, shape: [100], index: 3 });
  });

  it('finds them within rounding where they are not', () => {
    const draw = recognize('uniform', 0.5, values(0.5, Math.SQRT2, -Math.PI), [100], 0);
    assert.ok(draw);
    assert.ok(Math.abs(draw.scale - Math.SQRT2) < 1e-6);
    assert.ok(Math.abs(draw.offset + Math.PI) < 1e-6);
  });

  it('does not take other numbers for a draw', () => {
    assert.equal(recognize('uniform', 0.5, values(0.6, 1, 0), [100], 0), undefined);
    assert.equal(recognize('normal', 0.5, values(0.5, 1, 0), [100], 0), undefined);
  });

  it('cannot tell scale and offset of a single number', () => {
    assert.equal(recognize('uniform', 0.5, values(0.5, 3, 1, 1), [], 0), undefined);
  });
});
