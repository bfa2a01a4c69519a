import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { NotFiniteError, StepCompiler, type CompiledFunction } from '../../../src/learning/compile';
import { nativeBackend } from '../../../src/learning/engine/native/internals';
import { useEngine } from '../lab/tensorflow';

/** One weight w, loss (w·x - 1)² averaged, so that everything can be computed by hand. */
class Line<O extends tf.Optimizer> {
  readonly weight = tf.variable(tf.scalar(0));
  readonly compiler = new StepCompiler({ seed: 1 });
  readonly train: CompiledFunction;
  readonly evaluate: CompiledFunction;
  private count = 0;

  constructor(readonly optimizer: O) {
    const loss = (x: tf.Tensor): tf.Scalar => tf.mean(tf.square(tf.sub(tf.mul(this.weight, x), 1))).asScalar();
    this.train = this.compiler.compile(
      ({ x }) => {
        const { value, grads } = tf.variableGrads(() => loss(x!), [this.weight]);
        optimizer.applyGradients(grads);
        return { loss: value };
      },
      { optimizer, finite: 'loss', maxShapes: 3 },
    );
    this.evaluate = this.compiler.compile(({ x }) => ({ loss: loss(x!) }));
  }

  step(values: number[] = [1, 1], step: CompiledFunction = this.train): number {
    const x = tf.tensor1d(values);
    const { loss } = step.run({ x }, { step: this.count++ });
    const [value] = loss!.dataSync();
    tf.dispose([x, loss!]);
    return value!;
  }

  /** Enough steps that train and evaluate are graphs, already checked. */
  warm(): this {
    for (let i = 0; i < 6; i++) this.step();
    for (let i = 0; i < 4; i++) this.step([1, 1], this.evaluate);
    assert.equal(this.train.state.kind, 'compiled');
    assert.equal(this.evaluate.state.kind, 'compiled');
    return this;
  }

  value(): number {
    this.compiler.pull();
    return this.weight.dataSync()[0]!;
  }

  dispose(): void {
    this.compiler.dispose();
    this.weight.dispose();
    this.optimizer.dispose();
  }
}

const close = (a: number, b: number): void => {
  assert.ok(Math.abs(a - b) < 1e-5, `${a} is not ${b}`);
};

/** w ← w - rate · 2 (w - 1), the step by hand for x = 1. */
const byHand = (weight: number, rate: number): number => weight - rate * 2 * (weight - 1);

describe('variables of compiled steps', function () {
  this.timeout(60_000);
  let line: Line<tf.SGDOptimizer>;
  before(useEngine);
  beforeEach(() => {
    line = new Line(tf.train.sgd(0.1));
  });
  afterEach(() => {
    line.dispose();
  });

  it('follow the arithmetic of the step, eager and compiled', () => {
    let expected = 0;
    for (let i = 0; i < 30; i++) {
      close(line.step(), (expected - 1) ** 2);
      expected = byHand(expected, 0.1);
      if (i % 7 === 0) close(line.value(), expected);
    }
    close(line.value(), expected);
  });

  it('evaluation sees what training did, without a pull by the caller', () => {
    line.warm();
    for (let i = 0; i < 3; i++) {
      line.step();
      const loss = line.step([1, 1], line.evaluate);
      close(loss, (line.value() - 1) ** 2);
    }
  });

  it('a value assigned from outside is what the next step starts from', () => {
    line.warm();
    line.weight.assign(tf.scalar(5));
    close(line.step(), 16);
    close(line.value(), byHand(5, 0.1));
  });

  it('a value assigned after a step that nobody pulled wins over that step', () => {
    line.warm();
    line.step();
    line.weight.assign(tf.scalar(-1));
    line.compiler.pull();
    assert.equal(line.weight.dataSync()[0], -1);
    close(line.step(), 4);
  });

  it('the learning rate may change at every step without compiling again', () => {
    line.warm();
    const { binding } = nativeBackend()!;
    const graphs = binding.getNumOfSavedModels();
    let expected = line.value();
    for (const rate of [0.5, 0.01, 0.3, 0]) {
      line.optimizer.setLearningRate(rate);
      line.step();
      expected = byHand(expected, rate);
      close(line.value(), expected);
    }
    assert.equal(binding.getNumOfSavedModels(), graphs);
  });

  it('a smaller last batch has a graph of its own on the same variables', () => {
    line.warm();
    let expected = line.value();
    for (let i = 0; i < 12; i++) {
      line.step(i % 3 === 2 ? [1] : [1, 1]);
      expected = byHand(expected, 0.1);
    }
    close(line.value(), expected);
  });

  it('graphs are bounded, least recently used first, and freed', () => {
    const { binding } = nativeBackend()!;
    const graphs = binding.getNumOfSavedModels();
    let expected = 0;
    for (let size = 1; size <= 6; size++)
      for (let i = 0; i < 4; i++) {
        line.step(new Array<number>(size).fill(1));
        expected = byHand(expected, 0.1);
      }
    assert.equal(binding.getNumOfSavedModels(), graphs + 3);
    close(line.value(), expected);
    line.compiler.dispose();
    assert.equal(binding.getNumOfSavedModels(), graphs);
    close(line.weight.dataSync()[0]!, expected);
  });

  it('a loss that is not finite changes no variable, eager or compiled, and training can go on', () => {
    assert.throws(() => line.step([Infinity, 1]), NotFiniteError);
    assert.equal(line.value(), 0);
    assert.equal(line.optimizer.iterations, 0);
    line.warm();
    const before = line.value();
    const { iterations } = line.optimizer;
    assert.throws(() => line.step([NaN, 1]), NotFiniteError);
    assert.equal(line.value(), before);
    assert.equal(line.optimizer.iterations, iterations);
    line.step();
    close(line.value(), byHand(before, 0.1));
  });

  it('values fed from JavaScript arrays are never written to', () => {
    const source = new Float32Array(1024).fill(3);
    const weight = tf.variable(tf.tensor1d(source));
    const optimizer: tf.Optimizer = tf.train.adam(0.1);
    const compiler = new StepCompiler({ seed: 1 });
    const step = compiler.compile(
      () => {
        const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(weight)).asScalar(), [weight]);
        optimizer.applyGradients(grads);
        return { loss: value };
      },
      { optimizer },
    );
    const run = (i: number): void => {
      step.run({}, { step: i })['loss']!.dispose();
    };
    for (let i = 0; i < 5; i++) run(i);
    weight.assign(tf.tensor1d(source));
    for (let i = 5; i < 9; i++) run(i);
    compiler.pull();
    for (let i = 9; i < 12; i++) run(i);
    assert.ok(source.every((value) => value === 3));
    compiler.dispose();
    weight.dispose();
    optimizer.dispose();
  });
});

describe('optimizer state of compiled steps', function () {
  this.timeout(60_000);
  before(useEngine);

  it('is in the optimizer after a pull, so that a checkpoint continues the same curve', async () => {
    const whole = new Line(tf.train.adam(0.1));
    for (let i = 0; i < 20; i++) whole.step();
    const first = new Line(tf.train.adam(0.1));
    for (let i = 0; i < 12; i++) first.step();
    first.compiler.pull();
    const saved = await first.optimizer.getWeights();
    assert.equal(saved[0]!.tensor.dataSync()[0], 12);

    const second = new Line(tf.train.adam(0.1));
    second.weight.assign(first.weight);
    await second.optimizer.setWeights(saved);
    for (let i = 0; i < 8; i++) second.step();
    close(second.value(), whole.value());
    for (const line of [whole, first, second]) line.dispose();
  });

  it('may be replaced between steps: the step is recorded anew', async () => {
    const line = new Line(tf.train.adam(0.1)).warm();
    line.compiler.pull();
    const weight = line.value();
    const saved = (await line.optimizer.getWeights()).map(({ name, tensor }) => ({ name, tensor: tensor.clone() }));
    line.step();
    const expected = line.value();
    for (let i = 0; i < 5; i++) line.step();
    line.compiler.pull();
    const old = await line.optimizer.getWeights();
    await line.optimizer.setWeights(saved);
    tf.dispose(old.map(({ tensor }) => tensor));
    line.weight.assign(tf.scalar(weight));
    line.step();
    close(line.value(), expected);
    for (let i = 0; i < 5; i++) line.step();
    assert.equal(line.train.state.kind, 'compiled');
    line.dispose();
  });

  it('an optimizer that is not tfjs’s own is recorded operation by operation, its rate a constant', () => {
    class Halving extends tf.SGDOptimizer {
      override applyGradients(gradients: Parameters<tf.SGDOptimizer['applyGradients']>[0]): void {
        const halves = Object.entries(gradients as tf.NamedTensorMap).map(([name, g]) => ({
          name,
          tensor: tf.div(g, 2),
        }));
        super.applyGradients(halves);
      }
    }
    const line = new Line(new Halving(0.1)).warm();
    let expected = line.value();
    for (const rate of [0.1, 0.4]) {
      line.optimizer.setLearningRate(rate);
      for (let i = 0; i < 5; i++) {
        line.step();
        expected = byHand(expected, rate / 2);
      }
      close(line.value(), expected);
      assert.equal(line.train.state.kind, 'compiled');
    }
    line.dispose();
  });
});

describe('the order of reads and writes of a variable within one step', function () {
  this.timeout(60_000);
  before(useEngine);

  it('swaps, snapshots, shared starts and constraints come out as in eager mode', () => {
    const make = (): tf.Variable[] => {
      const start = tf.tensor1d([1, 2]);
      // b starts with the very tensor of a, as a moving average of weights does.
      const variables = [tf.variable(start), tf.variable(start), tf.variable(tf.tensor1d([5, 7]))];
      start.dispose();
      return variables;
    };
    const step = (variables: tf.Variable[], optimizer: tf.Optimizer) => (): Record<string, tf.Tensor> => {
      const [a, b, c] = variables as [tf.Variable, tf.Variable, tf.Variable];
      const snapshot = a.clone();
      a.assign(tf.mul(a, 1.5));
      const { value, grads } = tf.variableGrads(() => tf.sum(tf.square(tf.sub(a, c))).asScalar(), [a]);
      optimizer.applyGradients(grads);
      a.assign(tf.clipByValue(a, -3, 3));
      optimizer.applyGradients({ [a.name]: tf.onesLike(a) });
      b.assign(tf.add(tf.mul(b, 0.9), tf.mul(a, 0.1)));
      const old = c.clone();
      c.assign(snapshot);
      return { loss: value, seen: tf.add(old, c), a: a.clone() };
    };
    const results: Float32Array[][] = [];
    for (const compile of [false, true]) {
      const variables = make();
      const optimizer = tf.train.momentum(0.01, 0.9);
      const compiler = new StepCompiler({ seed: 1 });
      const plain = step(variables, optimizer);
      const compiled = compiler.compile(plain, { optimizer });
      const seen: Float32Array[] = [];
      for (let i = 0; i < 15; i++) {
        const outputs = compile ? compiled.run({}, { step: i }) : tf.tidy(plain);
        seen.push(...Object.values(outputs).map((tensor) => tensor.dataSync<'float32'>().slice()));
        tf.dispose(outputs);
      }
      if (compile) assert.equal(compiled.state.kind, 'compiled');
      compiler.dispose();
      results.push([...seen, ...variables.map((variable) => variable.dataSync<'float32'>().slice())]);
      tf.dispose(variables);
      optimizer.dispose();
    }
    results[0]!.forEach((values, i) => {
      values.forEach((value, j) => {
        close(results[1]![i]![j]!, value);
      });
    });
  });
});
