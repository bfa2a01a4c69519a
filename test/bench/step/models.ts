/** The four models that are timed, as a user of tfjs writes them. keras_peer.py and torch_peer.py have the same. */
import * as tf from '@tensorflow/tfjs';
import { cnn, mlp } from '../../support/networks';

const { layers } = tf;

export interface BenchModel {
  readonly name: 'cnn' | 'mlp' | 'lstm' | 'transformer';
  readonly title: string;
  readonly batch: number;
  /** Steps of one round: enough to last for about half a second compiled. */
  readonly steps: number;
  /** The same for contenders that take much longer. */
  readonly slowSteps: number;
  /** Floating-point operations of one training step: products only, forward, and twice that backward. */
  readonly flops: number;
  readonly build: () => tf.LayersModel;
  /** Of class indices (int32), or of targets where `classes` is undefined. */
  readonly loss: (y: tf.Tensor, output: tf.Tensor) => tf.Scalar;
  readonly classes?: number;
  /** One batch of examples and labels. */
  readonly data: () => { readonly x: tf.Tensor; readonly y: tf.Tensor };
}

/** From logits, the target as probabilities. */
export const crossEntropy = (y: tf.Tensor, output: tf.Tensor): tf.Scalar =>
  tf.losses.softmaxCrossEntropy(y, output).asScalar();

const sparse =
  (classes: number) =>
  (y: tf.Tensor, output: tf.Tensor): tf.Scalar =>
    crossEntropy(tf.oneHot(y.toInt(), classes), output);

const integers = (shape: number[], below: number): tf.Tensor => tf.randomUniform(shape, 0, below, 'int32');

/** Multiplications of one example, forward; `free` of them need no gradient with respect to their input. */
const training = (perExample: number, examples: number, free = 0): number => 2 * examples * (3 * perExample - free);

const CNN_FIRST = 30 * 30 * 32 * 27;
const WIDTH = 128;
const LENGTH = 64;
const VOCABULARY = 96;

class CausalAttention extends layers.Layer {
  static readonly className = 'CausalAttention';
  private weightsOf: tf.LayerVariable[] = [];

  constructor(
    private readonly heads: number,
    private readonly width: number,
  ) {
    super({});
  }

  override build(): void {
    this.weightsOf = ['query', 'key', 'value', 'output'].map((name) =>
      this.addWeight(name, [this.width, this.width], 'float32', tf.initializers.glorotUniform({}) as never),
    );
    super.build([]);
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor3D;
      const [batch, length, width] = x.shape;
      const flat = x.reshape([batch * length, width]);
      const project = (index: number): tf.Tensor =>
        tf
          .matMul(flat, this.weightsOf[index]!.read())
          .reshape([batch, length, this.heads, width / this.heads])
          .transpose([0, 2, 1, 3]);
      const future = tf.linalg
        .bandPart(tf.ones([length, length]), -1, 0)
        .sub(1)
        .mul(1e9);
      const scores = tf.matMul(project(0), project(1), false, true).div(Math.sqrt(width / this.heads));
      const mixed = tf.matMul(tf.softmax(scores.add(future)), project(2)).transpose([0, 2, 1, 3]);
      return tf.matMul(mixed.reshape([batch * length, width]), this.weightsOf[3]!.read()).reshape(x.shape);
    });
  }
}

class Positions extends layers.Layer {
  static readonly className = 'Positions';
  private table: tf.LayerVariable | undefined;

  override build(shape: tf.Shape): void {
    const initializer = tf.initializers.randomNormal({ stddev: 0.02 });
    this.table = this.addWeight('positions', shape.slice(1), 'float32', initializer);
    super.build([]);
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.add(Array.isArray(inputs) ? inputs[0]! : inputs, this.table!.read());
  }
}

function transformer(): tf.LayersModel {
  const input = tf.input({ shape: [LENGTH], dtype: 'int32' });
  const embedded = layers.embedding({ inputDim: VOCABULARY, outputDim: WIDTH }).apply(input);
  let x = new Positions({}).apply(embedded) as tf.SymbolicTensor;
  for (let block = 0; block < 4; block++) {
    const attended = new CausalAttention(4, WIDTH).apply(layers.layerNormalization({}).apply(x));
    x = layers.add().apply([x, attended as tf.SymbolicTensor]) as tf.SymbolicTensor;
    const wide = layers.dense({ units: 4 * WIDTH, activation: 'relu' }).apply(layers.layerNormalization({}).apply(x));
    const narrow = layers.dense({ units: WIDTH }).apply(wide) as tf.SymbolicTensor;
    x = layers.add().apply([x, narrow]) as tf.SymbolicTensor;
  }
  const outputs = layers.dense({ units: VOCABULARY }).apply(layers.layerNormalization({}).apply(x));
  return tf.model({ inputs: input, outputs: outputs as tf.SymbolicTensor });
}

export const models: readonly BenchModel[] = [
  {
    name: 'cnn',
    title: 'CIFAR-10 CNN, batch 64',
    batch: 64,
    steps: 30,
    slowSteps: 10,
    flops: training(CNN_FIRST + 13 * 13 * 64 * 288 + 4 * 4 * 64 * 576 + 1024 * 64 + 640, 64, CNN_FIRST),
    build: cnn,
    loss: sparse(10),
    classes: 10,
    data: () => ({ x: tf.randomUniform([64, 32, 32, 3]), y: integers([64], 10) }),
  },
  {
    name: 'mlp',
    title: 'MLP 2-16-16-1, batch 32',
    batch: 32,
    steps: 1000,
    slowSteps: 60,
    flops: training(32 + 256 + 16, 32, 32),
    build: mlp,
    loss: (y, output) => tf.losses.sigmoidCrossEntropy(y, output).asScalar(),
    data: () => ({ x: tf.randomUniform([32, 2], -1, 1), y: tf.cast(integers([32, 1], 2), 'float32') }),
  },
  {
    name: 'lstm',
    title: 'LSTM text classifier (64 tokens, 64 units), batch 32',
    batch: 32,
    steps: 30,
    slowSteps: 3,
    flops: training(LENGTH * 128 * 256 + 128, 32),
    build: () =>
      tf.sequential({
        layers: [
          layers.embedding({ inputDim: 5000, outputDim: 64, inputLength: LENGTH }),
          layers.lstm({ units: 64, recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotUniform' }),
          layers.dense({ units: 2 }),
        ],
      }),
    loss: sparse(2),
    classes: 2,
    data: () => ({ x: integers([32, LENGTH], 5000), y: integers([32], 2) }),
  },
  {
    name: 'transformer',
    title: 'Transformer (4 layers, 128 wide, 64 tokens), batch 16',
    batch: 16,
    steps: 12,
    slowSteps: 1,
    flops: training(LENGTH * (4 * (4 * WIDTH ** 2 + 8 * WIDTH ** 2 + 2 * LENGTH * WIDTH) + WIDTH * VOCABULARY), 16),
    build: transformer,
    loss: sparse(VOCABULARY),
    classes: VOCABULARY,
    data: () => ({ x: integers([16, LENGTH], VOCABULARY), y: integers([16, LENGTH], VOCABULARY) }),
  },
];
