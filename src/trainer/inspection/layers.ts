import * as tf from '@tensorflow/tfjs';
import type { LayerInstance } from '../../protocol/modelInspection';
import type { LayerPlaces } from '../modelFile/layerPlaces';

type Shape = readonly (number | null)[];

/** Every layer that the learner's code made, connected or not, in the order of making. */
export function layerInstances(places: LayerPlaces): LayerInstance[] {
  const existing = places.existing();
  // A wrapper works with a copy of the layer it is given.
  const wrapped = new Set(existing.flatMap(({ call }) => layersIn(call?.given)));
  return existing
    .filter(({ layer }) => !wrapped.has(layer))
    .map(({ layer, place }) => {
      const parameters = parametersOf(layer);
      return {
        name: layer.name,
        type: layer.getClassName(),
        outputShapes: outputShapes(layer),
        ...(parameters === undefined ? {} : { parameters }),
        trainable: layer.trainable,
        isModel: layer instanceof tf.LayersModel,
        location: place.location,
        calledFrom: place.trace.slice(1),
      };
    });
}

/** One for each time that the layer was applied. */
function outputShapes(layer: tf.layers.Layer): Shape[] {
  if (layer instanceof tf.LayersModel && layer.outputs.length > 0) return layer.outputs.map(({ shape }) => shape);
  return layer.inboundNodes.flatMap(({ outputShapes: made }): Shape[] => (isShape(made) ? [made] : made));
}

function isShape(value: unknown): value is Shape {
  return Array.isArray(value) && !Array.isArray(value[0]);
}

function parametersOf(layer: tf.layers.Layer): number | undefined {
  try {
    return layer.countParams();
  } catch {
    return undefined; // never applied, so it has no weights yet
  }
}

/** `layer` of bidirectional and timeDistributed, `cell` of rnn, `cells` of stackedRNNCells. */
function layersIn(given: unknown): tf.layers.Layer[] {
  if (typeof given !== 'object' || given === null) return [];
  const { layer, cell, cells } = given as Readonly<Record<string, unknown>>;
  return [layer, cell, ...(Array.isArray(cells) ? (cells as unknown[]) : [])].filter(
    (value) => value instanceof tf.layers.Layer,
  );
}
