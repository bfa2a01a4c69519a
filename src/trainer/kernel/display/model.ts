/** A model of layers as it is shown. */
import type * as tf from '@tensorflow/tfjs';
import type { ModelDisplay, ModelLayer } from '../../../protocol/display';

/** Settings of layers that say what a layer does, in the order in which they are told. */
const TELLING = [
  ...['units', 'filters', 'kernelSize', 'poolSize', 'strides', 'padding', 'dilationRate', 'inputDim', 'outputDim'],
  ...['rate', 'axis', 'returnSequences', 'targetShape', 'activation'],
];
/** What needs no telling. */
const USUAL: Readonly<Record<string, string>> = {
  strides: '[1,1]',
  dilationRate: '[1,1]',
  activation: '"linear"',
  returnSequences: 'false',
  axis: '-1',
};

export function modelDisplay(model: tf.LayersModel): ModelDisplay {
  const layers = model.layers.map((layer) => layerOf(layer, model.layers));
  return {
    kind: 'model',
    name: model.name,
    layers,
    parameters: countOf(model.weights),
    trainable: countOf(model.trainableWeights),
    sequential: layers.every(({ inputs }, place) =>
      place === 0 ? inputs.length === 0 : inputs.length === 1 && inputs[0] === place - 1,
    ),
  };
}

/** How many numbers weights have. */
export function countOf(weights: readonly tf.LayerVariable[]): number {
  return weights.reduce((sum, { shape }) => sum + shape.reduce<number>((product, side) => product * (side ?? 1), 1), 0);
}

function layerOf(layer: tf.layers.Layer, all: readonly tf.layers.Layer[]): ModelLayer {
  const node = layer.inboundNodes.at(-1);
  const inputs = (node?.inboundLayers ?? []).map((input) => all.indexOf(input)).filter((place) => place >= 0);
  const [output] = layer.inboundNodes.length === 0 ? [] : [layer.getOutputAt(layer.inboundNodes.length - 1)].flat();
  return {
    name: layer.name,
    type: layer.getClassName(),
    outputShape: output?.shape ?? [],
    parameters: layer.countParams(),
    inputs,
    trainable: layer.trainable,
    details: detailsOf(layer),
  };
}

function detailsOf(layer: tf.layers.Layer): string {
  const config = layer.getConfig();
  return TELLING.flatMap((name) => {
    const value = config[name];
    if (value === undefined || value === null) return [];
    const text = JSON.stringify(value);
    if (text === USUAL[name] || (typeof value === 'object') === !Array.isArray(value)) return [];
    return [`${name} ${typeof value === 'string' ? value : text.replaceAll(',', ', ')}`];
  }).join(', ');
}

/** One line a layer. */
export function modelText({ name, layers, parameters }: ModelDisplay): string {
  const lines = layers.map(
    (layer) =>
      `${layer.name}  ${layer.type}  [${layer.outputShape.map((side) => side ?? '·').join(', ')}]  ${layer.parameters}`,
  );
  return [`${name}: ${layers.length} layers, ${parameters} parameters`, ...lines].join('\n');
}
