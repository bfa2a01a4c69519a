/** Layers that a layer of the learner's own keeps to itself, as Keras tracks them and tfjs does not. */
import * as tf from '@tensorflow/tfjs';

type Layer = tf.layers.Layer;

/** A weight that the model does not know, and the layer of the model behind which it stands. */
export interface HiddenWeight {
  readonly weight: tf.LayerVariable;
  readonly owner: Layer;
  readonly isTrainable: boolean;
}

export interface Hidden {
  readonly layers: readonly Layer[];
  readonly weights: readonly HiddenWeight[];
}

/**
 * Looks for layers in the fields of the model's layers. Weights that such a layer makes when it is first called are made
 * by a call with zeros.
 */
export function hiddenLayers(model: tf.LayersModel): Hidden {
  const known = new Set<Layer>(layersOf(model));
  const found = [...known].flatMap((owner) => keptBy(owner, known).map((layer) => ({ layer, owner })));
  if (found.some(({ layer }) => !layer.built)) callOnce(model);
  const weights = new Set(model.weights);
  const hidden = found.flatMap(({ layer, owner }) =>
    layer.weights.flatMap((weight): HiddenWeight[] => {
      // Wrappers and recurrent layers of tfjs answer for the layers inside them; two owners may share one.
      if (weights.has(weight)) return [];
      weights.add(weight);
      return [{ weight, owner, isTrainable: owner.trainable && layer.trainableWeights.includes(weight) }];
    }),
  );
  const layers = found.filter(({ layer }) =>
    layer.weights.some((weight) => hidden.some((one) => one.weight === weight)),
  );
  return { layers: layers.map(({ layer }) => layer), weights: hidden };
}

/** The layers of a model, those of models within it too. */
function layersOf(model: tf.LayersModel): Layer[] {
  return model.layers.flatMap((layer) => (layer instanceof tf.LayersModel ? [layer, ...layersOf(layer)] : [layer]));
}

/** Layers in a layer's fields, in lists there, and in turn in theirs. */
function keptBy(owner: Layer, known: Set<Layer>): Layer[] {
  if (owner instanceof tf.LayersModel) return [];
  const kept = Object.values(owner)
    .flatMap((value: unknown) => (Array.isArray(value) ? (value as unknown[]) : [value]))
    .filter((value): value is Layer => value instanceof tf.layers.Layer && !known.has(value));
  for (const layer of kept) known.add(layer);
  return kept.flatMap((layer) => [layer, ...keptBy(layer, known)]);
}

function callOnce(model: tf.LayersModel): void {
  tf.engine().startScope();
  try {
    const inputs = model.inputs.map(({ shape, dtype }) =>
      tf.zeros(
        shape.map((size) => size ?? 1),
        dtype,
      ),
    );
    model.apply(inputs, { training: false });
  } finally {
    tf.engine().endScope();
  }
}
