/** The kinds of models that compiled steps have to train like eager ones, each with data that changes from step to step. */
import * as tf from '@tensorflow/tfjs';
import type { StepFunction, Tensors } from '../../../src/learning/compile';

const { layers } = tf;

export interface Case {
  readonly name: string;
  /** Deterministic: called again, it gives the same initial weights. */
  readonly model: () => tf.LayersModel;
  readonly loss: (model: tf.LayersModel, feeds: Tensors) => tf.Scalar;
  /** The feeds of step i; the caller disposes them. */
  readonly feeds: (step: number) => Record<string, tf.Tensor>;
}

const init = (seed: number): { kernelInitializer: ReturnType<typeof tf.initializers.glorotUniform> } => ({
  kernelInitializer: tf.initializers.glorotUniform({ seed }),
});
const recurrent = (seed: number) => ({
  ...init(seed),
  recurrentInitializer: tf.initializers.glorotUniform({ seed: seed + 50 }),
});

const uniform = (shape: number[], seed: number, low = -1, high = 1): tf.Tensor =>
  tf.randomUniform(shape, low, high, 'float32', seed);

const classes = (count: number, of: number, seed: number): tf.Tensor =>
  tf.tidy(() => tf.oneHot(tf.cast(tf.floor(uniform([count], seed, 0, of)), 'int32'), of).cast('float32'));

const apply = (model: tf.LayersModel, x: tf.Tensor | tf.Tensor[]): tf.Tensor =>
  model.apply(x, { training: true }) as tf.Tensor;

const crossEntropy = (model: tf.LayersModel, { x, y }: Tensors): tf.Scalar =>
  tf.losses.softmaxCrossEntropy(y!, apply(model, x!)).asScalar();

const squared = (model: tf.LayersModel, { x, y }: Tensors): tf.Scalar =>
  tf.losses.meanSquaredError(y!, apply(model, x!)).asScalar();

const images =
  (size: number, channels: number, of: number, batch = 8) =>
  (step: number) => ({ x: uniform([batch, size, size, channels], 100 + step), y: classes(batch, of, 200 + step) });

const sequences = (length: number, features: number, of: number) => (step: number) => ({
  x: uniform([6, length, features], 300 + step),
  y: classes(6, of, 400 + step),
});

const tokens = (length: number, vocabulary: number, of: number) => (step: number) => ({
  x: tf.tidy(() => tf.cast(tf.floor(uniform([6, length], 500 + step, 0, vocabulary)), 'int32')),
  y: classes(6, of, 600 + step),
});

export const mlp: Case = {
  name: 'MLP with tanh and sigmoid cross-entropy',
  model: () =>
    tf.sequential({
      layers: [
        layers.dense({ inputShape: [2], units: 16, activation: 'tanh', ...init(1) }),
        layers.dense({ units: 16, activation: 'tanh', ...init(2) }),
        layers.dense({ units: 1, ...init(3) }),
      ],
    }),
  loss: (model, { x, y }) => tf.losses.sigmoidCrossEntropy(y!, apply(model, x!)).asScalar(),
  feeds: (step) => ({
    x: uniform([32, 2], step),
    y: tf.tidy(() => tf.greater(uniform([32, 1], 50 + step), 0).cast('float32')),
  }),
};

export const cnn: Case = {
  name: 'CNN with pooling, batch normalisation and dropout',
  model: () =>
    tf.sequential({
      layers: [
        layers.conv2d({ inputShape: [12, 12, 3], filters: 8, kernelSize: 3, activation: 'relu', ...init(1) }),
        layers.batchNormalization({}),
        layers.maxPooling2d({ poolSize: 2 }),
        // Without a bias: before batch normalisation its gradient is rounding noise, which Adam makes large.
        layers.conv2d({ filters: 8, kernelSize: 3, padding: 'same', useBias: false, ...init(2) }),
        layers.batchNormalization({}),
        layers.activation({ activation: 'elu' }),
        layers.averagePooling2d({ poolSize: 2 }),
        layers.dropout({ rate: 0.3 }),
        layers.flatten(),
        layers.dense({ units: 10, activation: 'relu', ...init(3) }),
        layers.dropout({ rate: 0.5 }),
        layers.dense({ units: 4, ...init(4) }),
      ],
    }),
  loss: crossEntropy,
  feeds: images(12, 3, 4),
};

/** A layer written in a model file: scaled dot-product attention with several heads, and layer normalisation. */
export class AttentionBlock extends layers.Layer {
  static readonly className = 'AttentionBlock';
  private projections: tf.LayerVariable[] = [];
  private gain: tf.LayerVariable | undefined;

  constructor(
    private readonly heads: number,
    private readonly width: number,
  ) {
    super({});
  }

  override build(): void {
    this.projections = ['query', 'key', 'value', 'output'].map((name, index) =>
      this.addWeight(
        name,
        [this.width, this.width],
        'float32',
        tf.initializers.glorotUniform({ seed: 70 + index }) as never,
      ),
    );
    this.gain = this.addWeight('gain', [this.width], 'float32', tf.initializers.ones());
    super.build([]);
  }

  override computeOutputShape(shape: tf.Shape): tf.Shape {
    return shape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = (Array.isArray(inputs) ? inputs[0]! : inputs) as tf.Tensor3D;
      const [batch, length] = x.shape;
      const split = (index: number): tf.Tensor =>
        tf
          .dot(x.reshape([batch * length, this.width]), this.projections[index]!.read())
          .reshape([batch, length, this.heads, this.width / this.heads])
          .transpose([0, 2, 1, 3]);
      const scores = tf.matMul(split(0), split(1), false, true).div(Math.sqrt(this.width / this.heads));
      const mixed = tf
        .matMul(tf.softmax(scores), split(2))
        .transpose([0, 2, 1, 3])
        .reshape([batch * length, this.width]);
      const residual = tf.add(x, tf.dot(mixed, this.projections[3]!.read()).reshape(x.shape));
      const { mean, variance } = tf.moments(residual, -1, true);
      return residual.sub(mean).mul(variance.add(1e-5).rsqrt()).mul(this.gain!.read());
    });
  }
}

function residual(): tf.LayersModel {
  const input = tf.input({ shape: [8, 8, 4] });
  const first = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'relu', ...init(1) });
  const second = layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', ...init(2) });
  const added = layers.add().apply([input, second.apply(first.apply(input)) as tf.SymbolicTensor]);
  const pooled = layers.globalAveragePooling2d({}).apply(layers.reLU().apply(added));
  return tf.model({
    inputs: input,
    outputs: layers.dense({ units: 4, ...init(3) }).apply(pooled) as tf.SymbolicTensor,
  });
}

function twoInputsTwoOutputs(): tf.LayersModel {
  const left = tf.input({ shape: [5] });
  const right = tf.input({ shape: [3] });
  const hidden = layers
    .dense({ units: 8, activation: 'selu', ...init(3) })
    .apply(
      layers
        .concatenate()
        .apply([
          layers.dense({ units: 8, activation: 'relu', ...init(1) }).apply(left) as tf.SymbolicTensor,
          layers.dense({ units: 8, activation: 'softplus', ...init(2) }).apply(right) as tf.SymbolicTensor,
        ]),
    );
  return tf.model({
    inputs: [left, right],
    outputs: [
      layers.dense({ units: 3, ...init(4) }).apply(hidden) as tf.SymbolicTensor,
      layers.dense({ units: 1, ...init(5) }).apply(hidden) as tf.SymbolicTensor,
    ],
  });
}

export const cases: readonly Case[] = [
  mlp,
  cnn,
  {
    name: 'separable, depthwise and transposed convolution',
    model: () =>
      tf.sequential({
        layers: [
          layers.separableConv2d({
            inputShape: [8, 8, 3],
            filters: 6,
            kernelSize: 3,
            depthwiseInitializer: tf.initializers.glorotUniform({ seed: 1 }),
            pointwiseInitializer: tf.initializers.glorotUniform({ seed: 2 }),
          }),
          layers.depthwiseConv2d({
            kernelSize: 3,
            activation: 'relu',
            depthwiseInitializer: tf.initializers.glorotUniform({ seed: 3 }),
          }),
          layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, activation: 'sigmoid', ...init(4) }),
          layers.upSampling2d({ size: [2, 2] }),
          layers.zeroPadding2d({ padding: 1 }),
          layers.globalMaxPooling2d({}),
          layers.dense({ units: 3, ...init(5) }),
        ],
      }),
    loss: crossEntropy,
    feeds: images(8, 3, 3),
  },
  {
    name: 'LSTM over embedded, masked tokens',
    model: () =>
      tf.sequential({
        layers: [
          layers.embedding({
            inputDim: 20,
            outputDim: 6,
            inputLength: 7,
            maskZero: true,
            embeddingsInitializer: tf.initializers.randomUniform({ minval: -0.1, maxval: 0.1, seed: 1 }),
          }),
          layers.lstm({ units: 8, ...recurrent(2) }),
          layers.dense({ units: 3, ...init(3) }),
        ],
      }),
    loss: crossEntropy,
    feeds: tokens(7, 20, 3),
  },
  {
    name: 'GRU with recurrent dropout',
    model: () =>
      tf.sequential({
        layers: [
          layers.gru({
            inputShape: [6, 5],
            units: 8,
            dropout: 0.2,
            recurrentDropout: 0.2,
            returnSequences: true,
            ...recurrent(1),
          }),
          layers.timeDistributed({ layer: layers.dense({ units: 4, ...init(5) }) }),
          layers.flatten(),
          layers.dense({ units: 3, ...init(2) }),
        ],
      }),
    loss: crossEntropy,
    feeds: sequences(6, 5, 3),
  },
  {
    name: 'bidirectional LSTM',
    model: () =>
      tf.sequential({
        layers: [
          layers.bidirectional({
            inputShape: [6, 5],
            layer: layers.lstm({ units: 6, ...recurrent(1) }),
            mergeMode: 'concat',
          }),
          layers.dense({ units: 3, ...init(2) }),
        ],
      }),
    loss: crossEntropy,
    feeds: sequences(6, 5, 3),
  },
  {
    name: 'layer normalisation and multi-head attention from tfjs operations',
    model: () =>
      tf.sequential({
        layers: [
          layers.embedding({
            inputDim: 20,
            outputDim: 8,
            inputLength: 6,
            embeddingsInitializer: tf.initializers.randomUniform({ minval: -0.5, maxval: 0.5, seed: 1 }),
          }),
          layers.layerNormalization({}),
          new AttentionBlock(2, 8),
          layers.globalAveragePooling1d({}),
          layers.dense({ units: 3, ...init(3) }),
        ],
      }),
    loss: crossEntropy,
    feeds: tokens(6, 20, 3),
  },
  { name: 'residual functional graph', model: residual, loss: crossEntropy, feeds: images(8, 4, 4) },
  {
    name: 'two inputs, two outputs, sample weights',
    model: twoInputsTwoOutputs,
    loss: (model, { left, right, y, z, weights }) => {
      const [a, b] = model.apply([left!, right!], { training: true }) as [tf.Tensor, tf.Tensor];
      return tf.add(tf.losses.softmaxCrossEntropy(y!, a, weights).mul(0.7), tf.losses.huberLoss(z!, b)).asScalar();
    },
    feeds: (step) => ({
      left: uniform([8, 5], 1 + step),
      right: uniform([8, 3], 31 + step),
      y: classes(8, 3, 61 + step),
      z: uniform([8, 1], 91 + step),
      weights: uniform([8], 121 + step, 0.5, 2),
    }),
  },
  {
    name: 'regularisers, noise layers and gradient clipping by norm',
    model: () =>
      tf.sequential({
        layers: [
          layers.gaussianNoise({ inputShape: [6], stddev: 0.3 }),
          layers.dense({
            units: 10,
            activation: 'swish',
            kernelRegularizer: tf.regularizers.l1l2({ l1: 1e-3, l2: 1e-2 }),
            ...init(1),
          }),
          layers.gaussianDropout({ rate: 0.2 }),
          layers.alphaDropout({ rate: 0.1 }),
          layers.prelu({}),
          layers.dense({ units: 2, ...init(2) }),
        ],
      }),
    loss: (model, feeds) => {
      // The layers know their regularisers once they have been applied.
      const loss = squared(model, feeds);
      return model.calculateLosses().reduce<tf.Scalar>((sum, term) => tf.add(sum, term), loss);
    },
    feeds: (step) => ({ x: uniform([8, 6], 700 + step), y: uniform([8, 2], 800 + step) }),
  },
  {
    name: 'convolution over one and three dimensions',
    model: () =>
      tf.sequential({
        layers: [
          layers.reshape({ inputShape: [4, 4, 8], targetShape: [4, 4, 4, 2] }),
          layers.conv3d({ filters: 3, kernelSize: 2, activation: 'relu', ...init(1) }),
          layers.maxPooling3d({ poolSize: 2, strides: 1 }),
          layers.reshape({ targetShape: [8, 3] }),
          layers.conv1d({ filters: 5, kernelSize: 3, activation: 'tanh', ...init(2) }),
          layers.globalMaxPooling1d({}),
          layers.dense({ units: 3, activation: 'softmax', ...init(3) }),
        ],
      }),
    loss: (model, { x, y }) => tf.metrics.categoricalCrossentropy(y!, apply(model, x!)).mean().asScalar(),
    feeds: (step) => ({ x: uniform([8, 4, 4, 8], 900 + step), y: classes(8, 3, 950 + step) }),
  },
];

/** The training step of a case, as a trainer writes it. */
export function trainStep(
  model: tf.LayersModel,
  optimizer: tf.Optimizer,
  loss: Case['loss'],
  clip?: number,
): StepFunction {
  return (feeds) => {
    const variables = model.trainableWeights.map((weight) => (weight as unknown as { val: tf.Variable }).val);
    const { value, grads } = tf.variableGrads(() => loss(model, feeds), variables);
    if (clip !== undefined) {
      const norm = tf.sqrt(tf.addN(Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)))));
      const scale = tf.minimum(1, tf.div(clip, norm));
      optimizer.applyGradients(Object.fromEntries(Object.entries(grads).map(([name, g]) => [name, tf.mul(g, scale)])));
    } else optimizer.applyGradients(grads);
    return { loss: value };
  };
}
