import * as tf from '@tensorflow/tfjs';

/** What a model's answer looks like. */
export type OutputKind =
  /** Probabilities that sum to 1 over the last axis. */
  | 'softmax'
  /** Each number a probability of its own. */
  | 'sigmoid'
  | 'logSoftmax'
  /** Any number. */
  | 'linear'
  /** Bounded by some other function, e.g. ReLU. */
  | 'other';

export interface OutputActivation {
  readonly kind: OutputKind;
  /** As tfjs names it: "softmax", "relu". */
  readonly name: string;
  /** The layer that has it. */
  readonly layer: tf.layers.Layer;
}

/** Layers that change the shape, or nothing at test time; the numbers stay what they are. */
const PASSING = new Set(['Reshape', 'Flatten', 'Permute', 'Dropout', 'RepeatVector', 'GaussianNoise', 'AlphaDropout']);
const ACTIVATION_LAYERS: Readonly<Record<string, string>> = {
  Softmax: 'softmax',
  ReLU: 'relu',
  LeakyReLU: 'leakyReLU',
  PReLU: 'prelu',
  ELU: 'elu',
  ThresholdedReLU: 'thresholdedReLU',
};
const KINDS: Readonly<Record<string, OutputKind>> = {
  softmax: 'softmax',
  sigmoid: 'sigmoid',
  hardSigmoid: 'sigmoid',
  logSoftmax: 'logSoftmax',
  linear: 'linear',
};

/** The activation of the last layer before an output that has one; undefined where it cannot be told, e.g. a layer of one's own. */
export function outputActivation(model: tf.LayersModel, at = 0): OutputActivation | undefined {
  const output = model.outputs[at];
  return output === undefined ? undefined : activationOf(output);
}

function activationOf(tensor: tf.SymbolicTensor): OutputActivation | undefined {
  const { sourceLayer: layer, nodeIndex } = tensor;
  if (layer instanceof tf.LayersModel) return outputActivation(layer);
  const type = layer.getClassName();
  if (PASSING.has(type)) {
    const before = layer.inboundNodes[nodeIndex]?.inputTensors[0];
    return before === undefined ? undefined : activationOf(before);
  }
  const name = ACTIVATION_LAYERS[type] ?? nameOf((layer as { readonly activation?: unknown }).activation);
  return name === undefined ? undefined : { kind: KINDS[name] ?? 'other', name, layer };
}

function nameOf(activation: unknown): string | undefined {
  if (typeof activation !== 'object' || activation === null) return undefined;
  const { getClassName } = activation as { getClassName?: unknown };
  return typeof getClassName === 'function' ? String(getClassName.call(activation)) : undefined;
}
