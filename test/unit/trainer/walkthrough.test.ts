/** One example forward and back: against hand arithmetic, finite differences, and what the learner's code may do wrong. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { losses, type FunctionalExperiment, type Parameters } from '../../../src/lab';
import type { TensorSample, Walkthrough, WalkNode } from '../../../src/protocol/pictures';
import { WalkthroughMaker, walkThrough } from '../../../src/learning/pictures/walkthrough';
import { withSummary } from '../../../src/words/pictures';
import { useEngine } from '../lab/tensorflow';
import { pictured, table, type Pictured } from './pictured';

const W1 = [0.1, 0.2, 0.3, 0.4];
const B1 = [0.05, -0.05];
const W2 = [0.5, -0.6, 0.7, 0.8];
const B2 = [0, 0.1];
const X = [1, -2];
const LABEL = 1;

/** Two inputs, two hidden units with tanh, two classes. */
function network(changes: Partial<FunctionalExperiment> = {}): FunctionalExperiment {
  return {
    title: 'By hand',
    data: table([X], [LABEL], ['no', 'yes']),
    parameters: () => ({
      w1: tf.tensor2d(W1, [2, 2]),
      b1: tf.tensor1d(B1),
      w2: tf.tensor2d(W2, [2, 2]),
      b2: tf.tensor1d(B2),
    }),
    forward: ({ w1, b1, w2, b2 }: Parameters, x) =>
      tf.tidy(() => tf.add(tf.matMul(tf.tanh(tf.add(tf.matMul(x, w1!), b1!)), w2!), b2!)),
    optimizer: () => tf.train.sgd(0.1),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    epochs: 1,
    batchSize: 1,
    ...changes,
  };
}

type Walk = Omit<Walkthrough, 'kind' | 'step' | 'epoch'>;

/** The same network in plain arithmetic. */
function byHand(w1 = W1, b1 = B1, w2 = W2, b2 = B2): Record<string, number[]> {
  const times = (row: number[], m: number[]): number[] => [0, 1].map((j) => row[0]! * m[j]! + row[1]! * m[2 + j]!);
  const u1 = times(X, w1);
  const z1 = u1.map((u, j) => u + b1[j]!);
  const a = z1.map(Math.tanh);
  const u2 = times(a, w2);
  const z2 = u2.map((u, j) => u + b2[j]!);
  const total = Math.log(Math.exp(z2[0]!) + Math.exp(z2[1]!));
  const logP = z2.map((z) => z - total);
  return { u1, z1, a, u2, z2, ℓ: logP, L: [-logP[LABEL]!] };
}

const nameOf = ({ symbol }: WalkNode): string => symbol.base + (symbol.sub ?? '');
const numbers = ({ strip }: TensorSample): number[] => {
  const bytes = Buffer.from(strip, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
};
const named = ({ nodes }: Walk, name: string): WalkNode => {
  const node = nodes.find((candidate) => nameOf(candidate) === name);
  assert.ok(node, `${name} is not among ${nodes.map(nameOf).join(' ')}`);
  return node;
};
function close(found: readonly number[], expected: readonly number[], tolerance = 1e-6, what = ''): void {
  assert.equal(found.length, expected.length, what);
  found.forEach((value, i) => {
    assert.ok(Math.abs(value - expected[i]!) <= tolerance, `${what}: ${found.join(' ')} and ${expected.join(' ')}`);
  });
}

describe('the walk of one example', () => {
  before(useEngine);

  let context: Pictured;
  afterEach(() => {
    context.dispose();
  });

  async function walk(config: FunctionalExperiment): Promise<Walk> {
    context = await pictured(config);
    return withSummary({ kind: 'walkthrough', step: 0, epoch: 0, ...walkThrough(context, config) });
  }

  it('has every number of the forward pass, in order, as hand arithmetic has it', async () => {
    const found = await walk(network());
    const order = found.nodes.map(nameOf);
    assert.deepEqual(order, 'x w1 u1 b1 z1 a w2 u2 b2 z2 y t ℓ v1 v2 v3 L'.split(' '));
    for (const [name, values] of Object.entries(byHand())) close(numbers(named(found, name).value), values, 1e-6, name);
    assert.deepEqual(named(found, 'x').kind, 'input');
    assert.deepEqual(named(found, 'y').kind, 'target');
    assert.equal(named(found, 'z2').role, 'output');
    assert.equal(named(found, 'L').role, 'loss');
    const product = named(found, 'u2').operation!;
    assert.equal(product.kernel, 'BatchMatMul');
    assert.deepEqual(
      product.inputs.map((id) => nameOf(found.nodes[id]!)),
      ['a', 'w2'],
    );
    const [no, yes] = byHand()['z2']!;
    assert.deepEqual(found.example, { index: 0, label: 1, predicted: yes! > no! ? 1 : 0 });
  });

  it('has the gradient of each node that hand arithmetic has: p − y, then the chain rule', async () => {
    const found = await walk(network());
    const { a, z2 } = byHand();
    const p = z2!.map((z) => Math.exp(z) / z2!.reduce((sum, other) => sum + Math.exp(other), 0));
    const dz2 = p.map((value, k) => value - (k === LABEL ? 1 : 0));
    const da = [0, 1].map((j) => dz2[0]! * W2[2 * j]! + dz2[1]! * W2[2 * j + 1]!);
    const dz1 = da.map((d, j) => d * (1 - a![j]! ** 2));
    const outer = (one: number[], other: number[]): number[] => one.flatMap((x) => other.map((y) => x * y));
    const expected = { z2: dz2, b2: dz2, w2: outer(a!, dz2), a: da, z1: dz1, b1: dz1, w1: outer(X, dz1), L: [1] };
    for (const [name, values] of Object.entries(expected))
      close(numbers(named(found, name).gradient!), values, 1e-6, name);
    assert.equal(named(found, 'x').gradient, undefined, 'nobody learns the input');
    assert.ok(found.connected);
  });

  it("has the parameters' gradients that finite differences measure", async () => {
    const found = await walk(network());
    const values = { w1: W1, b1: B1, w2: W2, b2: B2 };
    for (const [name, at] of Object.entries(values)) {
      const measured = at.map((_, i) => {
        const loss = (by: number): number => {
          const moved = { ...values, [name]: at.map((value, j) => value + (i === j ? by : 0)) };
          return byHand(moved.w1, moved.b1, moved.w2, moved.b2)['L']![0]!;
        };
        return (loss(1e-5) - loss(-1e-5)) / 2e-5;
      });
      close(numbers(named(found, name).gradient!), measured, 1e-6, name);
    }
  });

  it('adds up what flows back where a tensor is used twice', async () => {
    // L = mean((w·x)² + 3·w·x) over one element, x = 2, w = 5: dL/dw = (2·10 + 3) · 2.
    const config = network({
      data: table([[2]], [0], []),
      parameters: () => ({ w: tf.tensor2d([[5]]) }),
      forward: ({ w }: Parameters, x) => {
        const u = tf.matMul(x, w!);
        return tf.add(tf.square(u), tf.mul(u, 3));
      },
      loss: { name: 'output', fromLogits: false, compute: (_, output) => tf.mean(output) },
    });
    const found = await walk(config);
    close(numbers(named(found, 'u').gradient!), [23]);
    close(numbers(named(found, 'w').gradient!), [46]);
    assert.deepEqual(found.example, { index: 0, label: 0, predicted: null });
    const three = found.nodes.find(({ kind }) => kind === 'constant')!;
    assert.deepEqual(numbers(three.value), [3]);
  });

  it("shows the learner's own gradients beside TensorFlow's, and how far they are off", async () => {
    const own = (): Parameters => ({
      w1: tf.zeros([2, 2]),
      b1: tf.zeros([2]),
      w2: tf.zeros([2, 2]),
      b2: tf.sub(tf.softmax(tf.tensor1d(byHand()['z2']!)), tf.tensor1d([0, 1])),
    });
    const found = await walk(network({ gradients: own }));
    assert.ok(named(found, 'b2').own!.difference! < 1e-5);
    assert.equal(named(found, 'w1').own!.difference, 1);
    assert.match(found.summary, /differs from TensorFlow's for w1 \(1\), b1 \(1\), w2 \(1\)\./);
  });

  it("names own gradients that are no numbers, and those that are not zero where TensorFlow's are", async () => {
    const parameters = network().parameters;
    // Without weights behind them, hidden units have no gradient.
    const own = (): Parameters => ({
      w1: tf.fill([2, 2], 1e-9),
      b1: tf.ones([2]),
      w2: tf.fill([2, 2], Number.NaN),
      b2: tf.sub(tf.softmax(tf.tensor1d(B2)), tf.tensor1d([0, 1])),
    });
    const found = await walk(
      network({ parameters: (info) => ({ ...parameters(info), w2: tf.zeros([2, 2]) }), gradients: own }),
    );
    assert.deepEqual(
      ['w1', 'b1', 'w2'].map((name) => named(found, name).own!.difference),
      [null, null, null],
    );
    assert.match(found.summary, /Your gradient differs from TensorFlow's for b1, w2\.$/);
  });

  it('takes rounding for rounding where the example is learned, and its gradients are almost nothing', async () => {
    const exact = (_: Parameters, x: tf.Tensor): Parameters => {
      const a = tf.tanh(tf.add(tf.matMul(x, tf.tensor2d(W1, [2, 2])), tf.tensor1d(B1))) as tf.Tensor2D;
      const logits = tf.add(tf.matMul(a, tf.tensor2d(W2, [2, 2])), tf.tensor1d([-8, 8]));
      const atOutput = tf.sub<tf.Tensor2D>(tf.softmax(logits), tf.tensor2d([[0, 1]]));
      const atHidden = tf.matMul(atOutput, tf.tensor2d(W2, [2, 2]), false, true);
      const dz = tf.mul<tf.Tensor2D>(atHidden, tf.sub(1, tf.square(a)));
      return {
        w1: tf.matMul(x, dz, true),
        b1: tf.sum(dz, 0),
        w2: tf.matMul(a, atOutput, true),
        b2: tf.sum(atOutput, 0),
      };
    };
    const parameters = network().parameters;
    const found = await walk(
      network({ parameters: (info) => ({ ...parameters(info), b2: tf.tensor1d([-8, 8]) }), gradients: exact }),
    );
    assert.ok(named(found, 'L').value.mean! < 1e-6);
    assert.match(found.summary, /Your gradients are TensorFlow's/);
  });

  it('says that nothing flows back where the loss is a constant, and still shows the way forward', async () => {
    const stub = { name: 'stub', fromLogits: true, compute: () => tf.scalar(0) };
    const found = await walk(network({ loss: stub }));
    assert.equal(found.connected, false);
    assert.match(found.summary, /nothing flows back yet/);
    close(numbers(named(found, 'z2').value), byHand()['z2']!);
    assert.equal(named(found, 'L').kind, 'constant');
    assert.ok(found.nodes.every(({ gradient }) => gradient === undefined));
  });

  it('goes as far as the code does: what loss, forward and gradients throw is in the summary', async () => {
    const thrower = (): never => {
      throw new Error('not today');
    };
    const loss = { name: 'bad', fromLogits: true, compute: thrower };
    const atLoss = await walk(network({ loss }));
    assert.match(atLoss.summary, /There the code stops: not today/);
    assert.equal(atLoss.nodes.at(-1)!.role, 'output');
    context.dispose();
    const forward: FunctionalExperiment['forward'] = ({ w1 }: Parameters, x) => {
      tf.tanh(tf.matMul(x, w1!));
      return thrower();
    };
    const atForward = await walk(network({ forward }));
    assert.deepEqual(atForward.nodes.map(nameOf), ['x', 'w1', 'u', 'a']);
    context.dispose();
    const atGradients = await walk(network({ gradients: thrower }));
    assert.match(atGradients.summary, /Your gradients stop: not today/);
    assert.ok(atGradients.connected);
  });

  it('says so where TensorFlow has no gradient, and where the loss is neither a number nor one for each example', async () => {
    const floor = await walk(
      network({ loss: { name: 'f', fromLogits: true, compute: (_, o) => tf.mean(tf.spectral.rfft(o).abs()) } }),
    );
    assert.match(floor.summary, /cannot go back from there: \w+ has no gradient/);
    context.dispose();
    const vector = await walk(network({ loss: { name: 'v', fromLogits: true, compute: (_, o) => tf.sum(o, 0) } }));
    assert.match(
      vector.summary,
      /There the code stops: The loss "v" returns neither one number nor one for each example/,
    );
  });

  it('does not list a model of more than 300 operations', async () => {
    const forward: FunctionalExperiment['forward'] = ({ w1 }: Parameters, x) => {
      let u: tf.Tensor = tf.matMul(x, w1!);
      for (let i = 0; i < 400; i++) u = tf.tanh(u);
      return u;
    };
    const found = await walk(network({ forward }));
    assert.deepEqual(found.nodes, []);
    assert.match(found.summary, /more than 300 operations/);
  });

  it('samples a large tensor evenly, and picks its largest elements', async () => {
    const big = Float32Array.from({ length: 4000 }, (_, i) => (i === 777 ? -9 : Math.sin(i)));
    const config = network({
      parameters: () => ({ w: tf.tensor2d(big, [2, 2000]) }),
      forward: ({ w }: Parameters, x) => tf.matMul(x, w!),
      loss: { name: 's', fromLogits: true, compute: (_, o) => tf.mean(o) },
    });
    const { value, picked, shape } = named(await walk(config), 'w');
    assert.deepEqual(shape, [2, 2000]);
    close(
      numbers(value),
      Array.from({ length: 1024 }, (_, i) => big[Math.floor((i * 4000) / 1024)]!),
    );
    assert.equal(value.min, -9);
    assert.equal(picked.length, 8);
    assert.deepEqual(
      value.picked,
      picked.map((i) => big[i]!),
    );
  });

  it('is drawn at the beginning, at epochs when due, at each pause and at the end, once a step', async () => {
    const config = network();
    let now = 0;
    const made = await pictured(config);
    context = made;
    const maker = new WalkthroughMaker({ ...made, now: () => now }, config);
    const steps = (): number[] => made.emitted.map(({ step }) => step);
    maker.begin(0, 0);
    maker.paused(0, 0);
    maker.epochEnd({ step: 3, epoch: 1 });
    assert.deepEqual(steps(), [0], 'half a second has not passed');
    now = 600;
    maker.epochEnd({ step: 6, epoch: 2 });
    maker.paused(7, 2.3);
    maker.epochEnd({ step: 9, epoch: 3 });
    maker.end(9, 3);
    maker.end(9, 3);
    assert.deepEqual(steps(), [0, 6, 7, 9]);
  });

  it('leaves no tensor behind, gives moving averages their values back, and takes nothing from Math.random', async () => {
    const average = tf.variable(tf.tensor1d([1, 2]));
    const forward: FunctionalExperiment['forward'] = ({ w1 }: Parameters, x) => {
      average.assign(tf.randomNormal([2]));
      return tf.add(tf.matMul(x, w1!), average);
    };
    const config = network({ forward });
    context = await pictured(config);
    const { numTensors } = tf.memory();
    const original = Math.random;
    let drawn = 0;
    Math.random = () => {
      drawn++;
      return original();
    };
    try {
      const [one, other] = [walkThrough(context, config), walkThrough(context, config)];
      assert.deepEqual(one, other);
      walkThrough(context, network({ loss: { name: 's', fromLogits: true, compute: () => tf.scalar(0) } }));
    } finally {
      Math.random = original;
    }
    assert.equal(drawn, 0);
    assert.equal(tf.memory().numTensors, numTensors);
    assert.deepEqual([...average.dataSync()], [1, 2]);
    average.dispose();
  });
});
