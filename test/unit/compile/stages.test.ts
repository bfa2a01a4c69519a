import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { emit } from '../../../src/learning/compile/graph/emit';
import { nativeBackend, type NativeBackend } from '../../../src/learning/engine/native/internals';
import { Message } from '../../../src/learning/compile/graph/protobuf';
import { record } from '../../../src/learning/compile/record';
import type { StepFunction } from '../../../src/learning/compile/target';
import { Session } from '../../../src/learning/engine/native/session';
import { graphTarget } from '../../../src/learning/compile/graph/target';
import { simplify } from '../../../src/learning/compile/graph/simplify/index';
import { difference, type Trace } from '../../../src/learning/compile/trace';
import { compare, TOLERANCE, type Comparison } from '../../../src/learning/compile/verify';
import { useEngine } from '../lab/tensorflow';

let backend: NativeBackend;

const native = async (): Promise<void> => {
  await useEngine();
  backend = nativeBackend()!;
};

function traceOf(step: StepFunction, feeds: Record<string, tf.Tensor>): Trace {
  let trace: Trace | undefined;
  tf.tidy(() => {
    const recording = record(graphTarget(backend), step, feeds, { optimizer: undefined, seed: 1, step: 0 });
    assert.equal(recording.refusal, undefined);
    ({ trace } = recording);
  });
  assert.ok(trace);
  return trace;
}

const names = (trace: Trace): string[] => trace.ops.map(({ name }) => name);

describe('stage: protocol buffers', () => {
  const bytes = (message: Message): number[] => [...message.finish()];

  it('writes the examples of the wire format’s documentation', () => {
    assert.deepEqual(bytes(new Message().int(1, 150)), [0x08, 0x96, 0x01]);
    assert.deepEqual(bytes(new Message().string(2, 'testing')), [0x12, 7, ...Buffer.from('testing')]);
    assert.deepEqual(bytes(new Message().message(3, new Message().int(1, 150))), [0x1a, 3, 0x08, 0x96, 0x01]);
  });

  it('writes negative numbers as ten bytes, floats little-endian, map entries as messages', () => {
    assert.deepEqual(bytes(new Message().int(1, -1)), [0x08, ...new Array<number>(9).fill(0xff), 0x01]);
    assert.deepEqual(bytes(new Message().float(4, 1)), [0x25, 0, 0, 0x80, 0x3f]);
    assert.deepEqual(
      bytes(new Message().entry(5, 'k', new Message().bool(5, true))),
      [0x2a, 7, 0x0a, 1, 0x6b, 0x12, 2, 0x28, 1],
    );
  });
});

describe('stage: recording', () => {
  before(native);

  it('notes operations and where their inputs come from: feed, variable, constant', () => {
    const weight = tf.variable(tf.scalar(3));
    const x = tf.tensor1d([1, 2]);
    const trace = traceOf(({ x }) => ({ y: tf.sub(tf.mul(x!, weight), 5) }), { x });
    assert.deepEqual(names(trace), ['Mul', 'Sub']);
    const kinds = trace.ops.flatMap(({ inputs }) => inputs.map((id) => trace.leaves.get(id)?.kind));
    assert.deepEqual(kinds, ['feed', 'variable', undefined, 'constant']);
    tf.dispose([weight, x]);
  });

  it('computes once what only constants determine', () => {
    const x = tf.ones([3]);
    const trace = traceOf(({ x }) => ({ y: tf.mul(x!, tf.range(0, 3).add(1).square()) }), { x });
    assert.deepEqual(names(trace), ['Mul']);
    const constant = trace.leaves.get(trace.ops[0]!.inputs[1]!);
    assert.ok(constant?.kind === 'constant');
    assert.deepEqual([...constant.values], [1, 4, 9]);
    x.dispose();
  });

  it('tells two recordings apart by operation, attribute, constant and wiring', () => {
    const [x, z] = [tf.ones([2, 2]), tf.ones([2, 2])];
    const of = (step: StepFunction): Trace => traceOf(step, { x, z });
    const base = of(({ x, z }) => ({ y: tf.matMul(tf.mul(x!, 2), z!) }));
    const again = of(({ x, z }) => ({ y: tf.matMul(tf.mul(x!, 2), z!) }));
    assert.equal(difference(base, again), undefined);
    const others: [RegExp, StepFunction][] = [
      [/Mul, then .*Add/, ({ x, z }) => ({ y: tf.matMul(tf.add(x!, 2), z!) })],
      [/attributes of BatchMatMul/, ({ x, z }) => ({ y: tf.matMul(tf.mul(x!, 2), z!, true) })],
      [/input 1 of Mul/, ({ x, z }) => ({ y: tf.matMul(tf.mul(x!, 3), z!) })],
      [/input 1 of BatchMatMul/, ({ x }) => ({ y: tf.matMul(tf.mul(x!, 2), x!) })],
      [/operations/, ({ x, z }) => ({ y: tf.neg(tf.matMul(tf.mul(x!, 2), z!)) })],
    ];
    for (const [expected, step] of others) assert.match(difference(base, of(step)) ?? '', expected);
    tf.dispose([x, z]);
  });
});

describe('stage: simplifying', () => {
  before(native);

  /** Operations before and after, and that the graph of either computes what the step does. */
  function simplified(step: StepFunction, feeds: Record<string, tf.Tensor>): { before: string[]; after: string[] } {
    const trace = traceOf(step, feeds);
    const simple = simplify(backend.binding, trace);
    const expected = tf.tidy(() => step(feeds)['y']!.dataSync());
    for (const form of [trace, simple]) {
      const graph = emit(backend.binding, form, { optimizer: undefined, seed: 1, finite: undefined });
      const session = new Session(backend, graph.savedModel);
      const ids = backend.getInputTensorIds(graph.feeds.map(({ name }) => feeds[name]!));
      const [made] = session.run(ids, graph.feeds.map(({ input }) => input).join(), graph.outputs[0]!.fetch);
      const values = backend.binding.tensorDataSync(made!.id);
      backend.binding.deleteTensor(made!.id);
      session.dispose();
      expected.forEach((value, i) => {
        assert.ok(Math.abs(value - values[i]!) <= 1e-5 * (1 + Math.abs(value)), `${values[i]} is not ${value}`);
      });
    }
    return { before: names(trace), after: names(simple) };
  }

  /** The gradient with respect to x, at values without ties. */
  const gradient =
    (f: (x: tf.Tensor) => tf.Tensor): StepFunction =>
    ({ x }) => ({ y: tf.grad(f)(x!, tf.linspace(1, 2, f(x!).size).reshape(f(x!).shape)) });
  const matrix = (): tf.Tensor => tf.linspace(-2, 3, 12).reshape([4, 3]);

  const kernels: [string, (x: tf.Tensor) => tf.Tensor][] = [
    ['ReluGrad', (x) => tf.relu(x)],
    ['TanhGrad', (x) => tf.tanh(x)],
    ['SigmoidGrad', (x) => tf.sigmoid(x)],
  ];
  for (const [kernel, f] of kernels)
    it(`the gradient of an activation is one ${kernel}`, () => {
      const x = matrix();
      const { before, after } = simplified(gradient(f), { x });
      assert.ok(before.length > after.length);
      assert.deepEqual(
        after.filter((name) => name.endsWith('Grad')),
        [kernel],
      );
      assert.ok(!after.includes('Select') && !after.includes('Mul'));
      x.dispose();
    });

  it('the gradient of a tile is one sum instead of a chain of slices', () => {
    const x = tf.linspace(0, 1, 3).reshape([1, 3, 1]);
    const { before, after } = simplified(
      gradient((value) => tf.square(tf.tile(value, [4, 1, 5]))),
      { x },
    );
    assert.equal(before.filter((name) => name === 'Slice').length, 20);
    assert.ok(!after.includes('Slice'));
    assert.equal(after.filter((name) => name === 'Sum').length, 1);
    x.dispose();
  });

  it('a dense layer is a product and a bias without reshapes; large products go to MatMul', () => {
    const small = { x: matrix(), w: tf.ones([3, 5]), b: tf.linspace(0, 1, 5) };
    const dense: StepFunction = ({ x, w, b }) => ({ y: tf.add(tf.dot(x!, w!), b!) });
    assert.deepEqual(simplified(dense, small).after, ['BatchMatMulV3', 'BiasAdd']);
    const large = { x: tf.ones([100, 80]), w: tf.ones([80, 60]), b: tf.linspace(0, 1, 60) };
    assert.deepEqual(simplified(dense, large).after, ['MatMul', 'BiasAdd']);
    tf.dispose([small, large]);
  });

  it('the gradient of weights that are used again and again is one product instead of a sum of products', () => {
    const [x, w] = [tf.linspace(-1, 2, 60).reshape([5, 4, 3]), tf.linspace(-1, 1, 6).reshape([3, 2])];
    const recurrent = (w: tf.Tensor): tf.Tensor =>
      tf.addN(tf.unstack(x).map((part) => tf.tanh(tf.matMul(part, w)).mul(part.sum())));
    const step: StepFunction = ({ w }) => ({ y: tf.grad((value) => recurrent(value))(w!) });
    const { before, after } = simplified(step, { w });
    const products = (list: string[]): number => list.filter((name) => name.includes('MatMul')).length;
    assert.equal(products(before), 10);
    // Five forward, one for the gradient.
    assert.equal(products(after), 6);
    const few: StepFunction = ({ w }) => ({
      y: tf.grad((value) => tf.add(tf.matMul(x.slice([0], [1]).squeeze([0]), value), 1).square())(w!),
    });
    assert.ok(!simplified(few, { w }).after.includes('ConcatV2'));
    tf.dispose([x, w]);
  });

  it('what was tiled is not computed many times', () => {
    const x = tf.linspace(1, 2, 4).reshape([4, 1]);
    const { after } = simplified(
      ({ x }) => ({ y: tf.mul(tf.rsqrt(tf.add(tf.tile(x!, [1, 6]), 1)), tf.ones([4, 6])) }),
      { x },
    );
    assert.deepEqual(after, ['AddV2', 'Rsqrt', 'Tile']);
    x.dispose();
  });

  it('large tensors are stacked in front and turned where a new last side was asked for; small ones and other sides stay', () => {
    const stacked =
      (axis: number): StepFunction =>
      ({ x, z }) => ({ y: tf.stack([x!, z!, x!], axis) });
    const large = { x: tf.linspace(0, 1, 1200).reshape([2, 30, 20]), z: tf.linspace(5, 4, 1200).reshape([2, 30, 20]) };
    const small = { x: tf.linspace(0, 1, 12).reshape([2, 3, 2]), z: tf.linspace(5, 4, 12).reshape([2, 3, 2]) };
    assert.deepEqual(simplified(stacked(-1), large).after, ['Pack', 'Transpose']);
    assert.deepEqual(simplified(stacked(3), large).after, ['Pack', 'Transpose']);
    assert.deepEqual(simplified(stacked(1), large).after, ['Pack']);
    assert.deepEqual(simplified(stacked(-1), small).after, ['Pack']);
    tf.dispose([large, small]);
  });

  it('leaves out what nothing depends on, neutral operations, and repeated reshapes', () => {
    const x = matrix();
    const { after } = simplified(
      ({ x }) => {
        tf.exp(x!).dispose();
        return { y: tf.relu(tf.add(tf.mul(x!.reshape([2, 6]).reshape([12]).reshape([4, 3]), 1), 0)) };
      },
      { x },
    );
    assert.deepEqual(after, ['Relu']);
    x.dispose();
  });

  it('does not touch look-alikes: a sum of some blocks only, a product with 1 + x², steps of something else', () => {
    const x = matrix();
    const some: StepFunction = ({ x }) => ({
      y: tf.add(
        tf.add(tf.zerosLike(tf.slice(x!, [0, 0], [1, 3])), tf.slice(x!, [0, 0], [1, 3])),
        tf.slice(x!, [2, 0], [1, 3]),
      ),
    });
    assert.ok(simplified(some, { x }).after.includes('Slice'));
    const other: StepFunction = ({ x }) => ({ y: tf.mul(tf.add(1, tf.square(tf.tanh(x!))), x!) });
    assert.ok(!simplified(other, { x }).after.includes('TanhGrad'));
    const leaky: StepFunction = ({ x }) => ({ y: tf.mul(x!, tf.step(x!, 0.1)) });
    assert.ok(!simplified(leaky, { x }).after.includes('ReluGrad'));
    x.dispose();
  });
});

describe('stage: verifying', () => {
  before(native);
  const variable = (): tf.Variable => tf.variable(tf.zeros([2]));

  function check(compiled: number[], options: { gradient?: number[]; output?: number } = {}): string | undefined {
    const { gradient = [1, 1], output = 1 } = options;
    return tf.tidy(() => {
      const w = variable();
      const comparison: Comparison = {
        outputs: { eager: { loss: tf.scalar(1) }, compiled: { loss: tf.scalar(output) } },
        variables: [
          { variable: w, before: tf.tensor1d([0, 0]), eager: tf.tensor1d([0.1, 0.1]), compiled: tf.tensor1d(compiled) },
        ],
        gradients: new Map([[w, Float32Array.from(gradient)]]),
      };
      const found = compare(comparison);
      w.dispose();
      return found?.code;
    });
  }

  it('accepts rounding, refuses more, in outputs and variables', () => {
    assert.equal(check([0.1, 0.1]), undefined);
    assert.equal(check([0.1, 0.1 * (1 + 0.5 * TOLERANCE.change)]), undefined);
    assert.equal(check([0.1, 0.1 * (1 + 2 * TOLERANCE.change)]), 'mismatch');
    assert.equal(check([0.1, 0.1], { output: 1 + 0.5 * TOLERANCE.output }), undefined);
    assert.equal(check([0.1, 0.1], { output: 1 + 2 * TOLERANCE.output }), 'mismatch');
    assert.equal(check([0.1, NaN]), 'mismatch');
  });

  it('does not compare steps that come from rounding noise, but bounds them', () => {
    assert.equal(check([0.1, -0.1], { gradient: [1, 1e-7] }), undefined);
    assert.equal(check([0.1, -0.5], { gradient: [1, 1e-7] }), 'mismatch');
    assert.equal(check([0.1, -0.1], { gradient: [1, 1e-2] }), 'mismatch');
  });
});
