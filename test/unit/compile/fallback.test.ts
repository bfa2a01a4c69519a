import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { refusalText } from '../../../src/trainer/wording/execution';
import { StepCompiler, type CompileState, type RefusalCode, type StepFunction } from '../../../src/learning/compile';
import { GraphProgram } from '../../../src/learning/compile/graph/program';
import { useEngine } from '../lab/tensorflow';

interface Outcome {
  readonly state: CompileState;
  readonly values: number[];
}

/** Runs the step on x = [i, 2i] for i = 1 … count; `y` has to be a scalar. */
function run(step: StepFunction, count = 8): Outcome {
  const compiler = new StepCompiler({ seed: 1 });
  const compiled = compiler.compile(step);
  const values = Array.from({ length: count }, (_, i) => {
    const x = tf.tensor1d([i + 1, 2 * (i + 1)]);
    const { y } = compiled.run({ x }, { step: i });
    const [value] = y!.dataSync();
    tf.dispose([x, y!]);
    return value!;
  });
  const { state } = compiled;
  compiler.dispose();
  return { state, values };
}

function assertRefused({ state }: Outcome, code: RefusalCode): void {
  assert.equal(state.kind, 'eager');
  assert.equal(state.refusal.code, code, refusalText(state.refusal));
  assert.ok(refusalText(state.refusal).length > 20);
}

describe('a step that cannot be compiled runs eagerly, with the reason', function () {
  this.timeout(60_000);
  before(useEngine);
  const expected = [3, 6, 9, 12, 15, 18, 21, 24];

  it('a plain step is compiled', () => {
    const outcome = run(({ x }) => ({ y: tf.sum(x!) }));
    assert.equal(outcome.state.kind, 'compiled');
    assert.deepEqual(outcome.values, expected);
  });

  it('dataSync inside the step', () => {
    const outcome = run(({ x }) => ({ y: tf.scalar(x!.dataSync<'float32'>().reduce((sum, value) => sum + value, 0)) }));
    assertRefused(outcome, 'readsData');
    assert.deepEqual(outcome.values, expected);
  });

  it('data() and array() inside the step', () => {
    const outcome = run(({ x }) => {
      void x!.array();
      return { y: tf.sum(x!) };
    });
    assertRefused(outcome, 'readsData');
  });

  it('a constant that JavaScript changes from step to step', () => {
    let calls = 0;
    const outcome = run(({ x }) => ({ y: tf.mul(tf.sum(x!), ++calls) }), 4);
    assertRefused(outcome, 'changes');
    assert.deepEqual(outcome.values, [3, 12, 27, 48]);
  });

  it('but not for a first step that does what later ones do not', () => {
    let calls = 0;
    const outcome = run(({ x }) => ({ y: calls++ === 0 ? tf.sum(tf.abs(x!)) : tf.sum(x!) }));
    assert.equal(outcome.state.kind, 'compiled');
    assert.deepEqual(outcome.values, expected);
  });

  it('operations that JavaScript chooses from step to step', () => {
    let calls = 0;
    const outcome = run(({ x }) => ({ y: ++calls % 2 === 0 ? tf.sum(x!) : tf.max(x!) }), 4);
    assertRefused(outcome, 'changes');
    assert.deepEqual(outcome.values, [2, 6, 6, 12]);
  });

  it("the optimizer's own count, which JavaScript keeps", () => {
    const optimizer = tf.train.sgd(0.1);
    const outcome = run(({ x }) => ({ y: tf.mul(tf.sum(x!), optimizer.iterations < 100 ? 1 : 2) }));
    assertRefused(outcome, 'state');
    assert.deepEqual(outcome.values, expected);
  });

  it('a change that comes after compiling is found by a later check', () => {
    let factor = 1;
    const compiler = new StepCompiler({ seed: 1 });
    const compiled = compiler.compile(({ x }) => ({ y: tf.mul(x!, factor) }));
    const x = tf.scalar(3);
    for (let i = 0; i < 30; i++) {
      if (i === 5) factor = 2;
      compiled.run({ x }, { step: i })['y']!.dispose();
    }
    assert.equal(compiled.state.kind, 'eager');
    assert.equal(compiled.state.refusal.code, 'changes');
    assert.equal(compiled.run({ x }, { step: 30 })['y']!.dataSync()[0], 6);
    compiler.dispose();
  });

  it('state kept in tensors outside variables', () => {
    let total = tf.scalar(0);
    const outcome = run(({ x }) => {
      const next = tf.keep(tf.add<tf.Scalar>(total, tf.sum(x!)));
      total.dispose();
      total = next;
      return { y: next.clone() };
    }, 4);
    assertRefused(outcome, 'changes');
    assert.deepEqual(outcome.values, [3, 9, 18, 30]);
  });

  it('a variable made in each step', () => {
    const made: tf.Variable[] = [];
    const outcome = run(({ x }) => {
      const variable = tf.variable(tf.sum(x!));
      made.push(variable);
      return { y: variable.clone() };
    }, 5);
    assertRefused(outcome, 'variables');
    assert.deepEqual(outcome.values, expected.slice(0, 5));
    tf.dispose(made);
  });

  it('strings', () => {
    const outcome = run(({ x }) => {
      tf.tensor1d(['a', 'b']).reshape([2, 1]).dispose();
      return { y: tf.sum(x!) };
    });
    assertRefused(outcome, 'operation');
  });

  it('a graph that computes something else', () => {
    const original = Object.getOwnPropertyDescriptor(GraphProgram.prototype, 'run')!.value as GraphProgram['run'];
    // As if TensorFlow's optimizer had changed the result.
    GraphProgram.prototype.run = function (inputs) {
      const outputs = original.call(this, inputs);
      return { ...outputs, y: tf.add(outputs['y']!, 0.01) };
    };
    try {
      const outcome = run(({ x }) => ({ y: tf.sum(x!) }));
      assertRefused(outcome, 'mismatch');
      assert.deepEqual(outcome.values, expected);
    } finally {
      GraphProgram.prototype.run = original;
    }
  });

  it('leaves tfjs as it was: no member of engine, backend, optimizer or Math stays replaced', () => {
    const optimizer = tf.train.sgd(0.1);
    const weight = tf.variable(tf.scalar(1));
    const compiler = new StepCompiler({ seed: 1 });
    const compiled = compiler.compile(
      () => {
        const { value, grads } = tf.variableGrads(() => tf.square(weight).asScalar(), [weight]);
        optimizer.applyGradients(grads);
        return { loss: value };
      },
      { optimizer },
    );
    const { random } = Math;
    const members = (): string[][] => [tf.engine(), tf.backend(), optimizer].map((object) => Object.keys(object));
    const before = members();
    for (let i = 0; i < 5; i++) compiled.run({}, { step: i })['loss']!.dispose();
    assert.equal(Math.random, random);
    assert.deepEqual(
      members(),
      before.map((keys, i) => (i === 2 ? [...keys, 'iterations_'] : keys)),
    );
    compiler.dispose();
    tf.dispose(weight);
  });

  it('an error of the step itself is thrown to the caller, who may go on', () => {
    const compiler = new StepCompiler({ seed: 1 });
    const compiled = compiler.compile(({ x }) => ({ y: tf.matMul(x!, tf.ones([3, 1])) }));
    const bad = tf.ones([2, 2]);
    const good = tf.ones([2, 3]);
    assert.throws(() => compiled.run({ x: bad }, { step: 0 }), /incompatible/);
    for (let i = 0; i < 5; i++) compiled.run({ x: good }, { step: i })['y']!.dispose();
    assert.equal(compiled.state.kind, 'compiled');
    compiler.dispose();
    tf.dispose([bad, good]);
  });

  it('an input that the graph refuses gives the error of eager mode, changes nothing, and training goes on', () => {
    const table = tf.variable(tf.ones([3, 2]));
    const optimizer = tf.train.adam(0.1);
    const compiler = new StepCompiler({ seed: 1 });
    const compiled = compiler.compile(
      ({ x }) => {
        const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(tf.gather(table, x!))).asScalar(), [table]);
        optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
        return { loss: value };
      },
      { optimizer, finite: 'loss' },
    );
    const good = tf.tensor1d([0, 2], 'int32');
    const bad = tf.tensor1d([0, 3], 'int32');
    for (let i = 0; i < 6; i++) compiled.run({ x: good }, { step: i })['loss']!.dispose();
    compiler.pull();
    const before = [...table.dataSync()];
    assert.throws(() => compiled.run({ x: bad }, { step: 6 }), /index value 3 is not in \[0, 2\]/);
    compiler.pull();
    assert.deepEqual([...table.dataSync()], before);
    assert.equal(compiled.state.kind, 'compiled');
    compiled.run({ x: good }, { step: 7 })['loss']!.dispose();
    compiler.pull();
    assert.notDeepEqual([...table.dataSync()], before);
    compiler.dispose();
    tf.dispose([table, good, bad]);
    optimizer.dispose();
  });
});
