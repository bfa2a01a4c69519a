/** Where a model begins and ends in the learner's source. */
import * as tf from '@tensorflow/tfjs';
import type { SourceLocation } from '../../protocol/errors';
import type { LayerPlaces } from '../modelFile/layerPlaces';

/** The first layer of the model that was built last, or of the one that could not be built. To be asked afterwards. */
export function firstLayerPlace(layers: LayerPlaces): () => SourceLocation | undefined {
  return () => {
    const given = layers.failedCall()?.given;
    const listed = typeof given === 'object' && given !== null && 'layers' in given ? given.layers : undefined;
    const first: unknown = Array.isArray(listed) ? listed[0] : undefined;
    if (first instanceof tf.layers.Layer) return layers.of(first)?.location;
    return layers.existing().find(({ layer }) => !(layer instanceof tf.LayersModel))?.place.location;
  };
}

/** The layer that makes the model's answer. @param at which of several outputs */
export function outputLayerPlace(layers: LayerPlaces, model: tf.LayersModel, at = 0): SourceLocation | undefined {
  const last = model.outputs[at]?.sourceLayer;
  if (last instanceof tf.LayersModel && last !== model) {
    return outputLayerPlace(layers, last) ?? layers.of(last)?.location;
  }
  return last && layers.of(last)?.location;
}
