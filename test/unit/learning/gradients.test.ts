/** The gradients that tfjs lacks: against central differences, element by element, and the same when compiled. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { StepCompiler } from '../../../src/learning/compile';
import { differentiable, registerGradients } from '../../../src/learning/gradients';
import { LearningError } from '../../../src/learning/errors';
import { useEngine } from '../lab/tensorflow';

interface Case {
  readonly title: string;
  readonly shapes: readonly number[][];
  readonly f: (...inputs: tf.Tensor[]) => tf.Tensor;
  /** Values 1 … n/10 in a shuffled order, so that the largest stay the largest under small changes. */
  readonly apart?: boolean;
}

const ints = (values: number[], shape: number[]): tf.Tensor => tf.tensor(values, shape, 'int32');

const CASES: readonly Case[] = [
  { title: 'gatherND, whole numbers', shapes: [[4, 3]], f: (x) => tf.gatherND(x, ints([0, 1, 3, 2, 0, 1], [3, 2])) },
  { title: 'gatherND, rows, one twice', shapes: [[4, 3]], f: (x) => tf.gatherND(x, ints([2, 0, 2], [3, 1])) },
  {
    title: 'gatherND, a batch of places',
    shapes: [[2, 3, 2]],
    f: (x) => tf.gatherND(x, ints([0, 1, 1, 2, 1, 0, 0, 0], [2, 2, 2])),
  },
  { title: 'topk, the largest', shapes: [[5, 4]], f: (x) => tf.topk(x, 1).values, apart: true },
  { title: 'topk of three axes', shapes: [[2, 3, 4]], f: (x) => tf.topk(x, 3).values, apart: true },
  { title: 'topk of one axis', shapes: [[6]], f: (x) => tf.topk(x, 2).values, apart: true },
  { title: 'scatterND', shapes: [[3, 2]], f: (u) => tf.scatterND(ints([4, 1, 4], [3, 1]), u, [5, 2]) },
  {
    title: 'tensorScatterUpdate',
    shapes: [
      [4, 2],
      [2, 2],
    ],
    f: (t, u) => tf.tensorScatterUpdate(t, ints([3, 1], [2, 1]), u),
  },
  {
    title: 'sparseToDense',
    shapes: [[3], []],
    f: (v, d) => tf.sparseToDense(ints([0, 2, 5], [3]), v, [6], d as tf.Scalar),
  },
  { title: 'stridedSlice', shapes: [[5, 4]], f: (x) => tf.stridedSlice(x, [4, 0], [0, 4], [-2, 3]) },
  {
    title: 'stridedSlice that drops an axis',
    shapes: [[3, 4]],
    f: (x) => tf.stridedSlice(x, [1, 0], [2, 4], [1, 2], 0, 0, 0, 0, 1),
  },
  { title: 'diag', shapes: [[4]], f: (x) => tf.diag(x) },
  { title: 'depthToSpace', shapes: [[2, 2, 3, 8]], f: (x) => tf.depthToSpace(x as tf.Tensor4D, 2) },
  { title: 'flipLeftRight', shapes: [[2, 3, 4, 1]], f: (x) => tf.image.flipLeftRight(x as tf.Tensor4D) },
  {
    title: 'einsum, a product of matrices',
    shapes: [
      [2, 3],
      [3, 4],
    ],
    f: (a, b) => tf.einsum('ij,jk->ik', a, b),
  },
  {
    title: 'einsum, a batch of products, turned',
    shapes: [
      [2, 3, 4],
      [2, 5, 4],
    ],
    f: (a, b) => tf.einsum('bij,bkj->bki', a, b),
  },
  {
    title: 'einsum, a label that one term sums alone',
    shapes: [
      [2, 3],
      [2, 4],
    ],
    f: (a, b) => tf.einsum('bi,bj->b', a, b),
  },
  { title: 'einsum of one term', shapes: [[2, 3, 4]], f: (a) => tf.einsum('abc->ca', a) },
  { title: 'einsum, a trace', shapes: [[3, 3]], f: (a) => tf.einsum('ii->', a) },
  { title: 'einsum, a diagonal', shapes: [[2, 3, 3]], f: (a) => tf.einsum('bii->bi', a) },
  { title: 'einsum, outer product', shapes: [[2], [3]], f: (a, b) => tf.einsum('i,j->ij', a, b) },
  {
    title: 'einsum, attention',
    shapes: [
      [2, 3, 2, 4],
      [2, 5, 2, 4],
    ],
    f: (a, b) => tf.einsum('bqhd,bkhd->bhqk', a, b),
  },
  {
    title: 'matMul, one matrix for a batch',
    shapes: [
      [3, 2, 4],
      [4, 5],
    ],
    f: (a, b) => tf.matMul(a, b),
  },
  {
    title: 'matMul, one matrix for a batch, turned',
    shapes: [
      [2, 4],
      [3, 5, 4],
    ],
    f: (a, b) => tf.matMul(a, b, false, true),
  },
  {
    title: 'matMul, both turned, axes of size 1',
    shapes: [
      [1, 3, 4, 2],
      [2, 1, 5, 4],
    ],
    f: (a, b) => tf.matMul(a, b, true, true),
  },
  { title: 'cumprod', shapes: [[2, 4]], f: (x) => tf.cumprod(tf.add(x, 2), 1) },
  { title: 'cumprod, exclusive and from the end', shapes: [[2, 4]], f: (x) => tf.cumprod(tf.add(x, 2), 1, true, true) },
  ...Object.entries({
    add: tf.add,
    sub: tf.sub,
    mul: tf.mul,
    div: (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.div(a, tf.add(b, 3)),
    divNoNan: (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.divNoNan(a, tf.add(b, 3)),
    maximum: tf.maximum,
    minimum: tf.minimum,
    pow: (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.pow(tf.add(a, 2), b),
    squaredDifference: tf.squaredDifference,
    atan2: (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.atan2(a, tf.add(b, 2)),
    where: (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.where(tf.tensor2d([[1], [0]], [2, 1], 'bool'), a, b),
  }).flatMap(([name, f]): Case[] => [
    { title: `${name}, one operand repeated`, shapes: [[3], [2, 3]], f, apart: true },
    {
      title: `${name}, both repeated`,
      shapes: [
        [4, 2, 1],
        [2, 3],
      ],
      f,
      apart: true,
    },
  ]),
  ...(['same', 'valid'] as const).flatMap((pad): Case[] => [
    {
      title: `conv2d with gaps of 2, ${pad}`,
      shapes: [
        [2, 6, 7, 2],
        [3, 2, 2, 3],
      ],
      f: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, pad, 'NHWC', 2),
    },
    {
      title: `conv2d with gaps of 3 and 1, ${pad}`,
      shapes: [
        [1, 8, 5, 1],
        [3, 3, 1, 2],
      ],
      f: (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, pad, 'NHWC', [3, 1]),
    },
    {
      title: `conv1d with gaps of 2, ${pad}`,
      shapes: [
        [2, 8, 2],
        [3, 2, 3],
      ],
      f: (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, pad, 'NWC', 2),
    },
  ]),
  {
    title: 'unsortedSegmentSum',
    shapes: [[4, 2]],
    f: (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1, 2], 'int32'), 3),
  },
];

/** Random numbers of one shape, the same for the same seed. */
const random = (shape: number[], seed: number): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);

function inputsOf({ shapes, apart }: Case): tf.Tensor[] {
  return shapes.map((shape, index) => {
    if (apart !== true) return random(shape, index + 1);
    const size = shape.reduce((product, side) => product * side, 1);
    return tf.tensor(
      Array.from({ length: size }, (_, i) => ((i * 7) % size) / 10 + index / 20),
      shape,
    );
  });
}

/** The output as one number, each element with a weight of its own. */
function weighted({ f }: Case, inputs: tf.Tensor[]): tf.Scalar {
  const output = f(...inputs);
  return tf.sum(tf.mul(output, random(output.shape, 99)));
}

/** d weighted / d inputs, by going a little in both directions along each element. */
function differences(subject: Case, inputs: tf.Tensor[]): Float32Array[] {
  // Sums of products: exact for any step, so a large one keeps rounding small.
  const step = subject.apart === true ? 0.02 : 0.1;
  return inputs.map((input, index) => {
    const values = Float32Array.from(input.dataSync());
    const at = (i: number, change: number): number => {
      const changed = values.slice();
      changed[i]! += change;
      const moved = inputs.map((other, j) => (j === index ? tf.tensor(changed, input.shape) : other));
      return weighted(subject, moved).dataSync()[0]!;
    };
    return values.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
  });
}

function assertClose(found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  assert.equal(found.length, expected.length);
  const scale = Math.max(1, ...Array.from(expected, Math.abs));
  Array.from(expected).forEach((value, i) => {
    assert.ok(Math.abs(found[i]! - value) <= tolerance * scale, `element ${i}: ${found[i]} and ${value}`);
  });
}

describe('gradients that tfjs lacks', () => {
  before(async () => {
    await useEngine();
    registerGradients();
  });

  for (const subject of CASES) {
    it(`${subject.title}: as central differences, and the same compiled`, () => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const inputs = inputsOf(subject);
        const gradients = tf.grads((...given: tf.Tensor[]) => weighted(subject, given))(inputs);
        const expected = differences(subject, inputs);
        gradients.forEach((gradient, index) => {
          assert.deepEqual(gradient.shape, inputs[index]!.shape);
          assertClose(gradient.dataSync(), expected[index]!, 2e-3);
        });

        const compiler = new StepCompiler({ seed: 1 });
        const names = inputs.map((_, i) => `x${i}`);
        const step = compiler.compile((feeds) => {
          const given = names.map((name) => feeds[name]!);
          const found = tf.grads((...list: tf.Tensor[]) => weighted(subject, list))(given);
          return Object.fromEntries(found.map((gradient, i) => [names[i]!, gradient]));
        });
        const feeds = Object.fromEntries(names.map((name, i) => [name, inputs[i]!]));
        for (let i = 0; i < 5; i++) {
          const outputs = step.run(feeds, { step: i });
          gradients.forEach((gradient, index) => {
            assertClose(outputs[names[index]!]!.dataSync(), gradient.dataSync(), 1e-5);
          });
          tf.dispose(outputs);
        }
        assert.equal(step.state.kind, 'compiled', JSON.stringify(step.state));
        compiler.dispose();
      });
      assert.equal(tf.memory().numTensors, before);
    });
  }

  const comparisons: Readonly<Record<string, (x: tf.Tensor) => tf.Tensor>> = {
    greater: (x) => tf.greater(x, 0.1),
    less: (x) => tf.less(x, 0.1),
    lessEqual: (x) => tf.lessEqual(x, 0.1),
    greaterEqual: (x) => tf.greaterEqual(x, 0.1),
    equal: (x) => tf.equal(x, 0.1),
    notEqual: (x) => tf.notEqual(x, 0.1),
    logicalAnd: (x) => tf.logicalAnd(tf.greater(x, 0), tf.less(x, 0.5)),
    logicalOr: (x) => tf.logicalOr(tf.greater(x, 0), tf.less(x, -0.5)),
    logicalNot: (x) => tf.logicalNot(tf.greater(x, 0)),
    all: (x) => tf.all(tf.greater(x, -2)),
    any: (x) => tf.any(tf.greater(x, 0)),
    isNaN: (x) => tf.isNaN(x),
    isFinite: (x) => tf.isFinite(x),
    isInf: (x) => tf.isInf(x),
    argMax: (x) => tf.argMax(x, -1),
    'places of topk': (x) => tf.topk(x, 2).indices,
    round: (x) => tf.round(x),
  };
  for (const [name, f] of Object.entries(comparisons)) {
    it(`${name}: nothing flows, and what flows beside it is right`, () => {
      tf.tidy(() => {
        const x = random([3, 4], 1);
        const gradient = tf.grad((v: tf.Tensor) => tf.add(tf.sum(tf.cast(f(v), 'float32')), tf.sum(tf.mul(v, 3))))(x);
        assert.deepEqual(Array.from(gradient.dataSync()), Array<number>(12).fill(3));
      });
    });
  }

  it('where: flows through the side that was chosen', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([-2, 3, -1, 5]);
      const gradient = tf.grad((v: tf.Tensor) => tf.sum(tf.where(tf.greater(v, 0), v, tf.mul(v, 0.1))))(x);
      assertClose(gradient.dataSync(), [0.1, 1, 0.1, 1], 1e-6);
    });
  });

  it('a gradient that nobody has is an error, thrown where the operation is called', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([1, 2, 3, 4]);
      const spectrum = (v: tf.Tensor): tf.Scalar => tf.sum(tf.abs(tf.real(tf.fft(tf.complex(v, tf.zerosLike(v))))));
      assert.throws(
        () =>
          differentiable(
            () => tf.grad(spectrum)(x),
            () => spectrum(x),
          ),
        (error: unknown) => {
          assert.ok(error instanceof LearningError);
          assert.deepEqual(error.fault, { code: 'NO_GRADIENT', operation: 'Real' });
          assert.match(error.stack ?? '', /spectrum/);
          return true;
        },
      );
    });
  });

  it('a loss without a connection to the parameters says so', () => {
    const w = tf.variable(tf.scalar(1));
    tf.tidy(() => {
      const loss = (): tf.Scalar => tf.scalar(2);
      assert.throws(() => differentiable(() => tf.variableGrads(loss, [w]), loss), {
        fault: { code: 'LOSS_UNCONNECTED' },
      });
    });
    w.dispose();
  });
});
