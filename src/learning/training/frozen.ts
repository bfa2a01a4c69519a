/** tfjs normalises by the batch, and moves the averages, even where the layer is frozen; Keras uses the averages then. */
import * as tf from '@tensorflow/tfjs';

interface BatchNormalization extends tf.layers.Layer {
  readonly gamma?: tf.LayerVariable;
  readonly beta?: tf.LayerVariable;
}

let changed = false;

/** Once for all layers of this process. A frozen model freezes the weights of its layers, not the layers themselves. */
export function freezeBatchNormalization(): void {
  if (changed) return;
  changed = true;
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization()) as BatchNormalization;
  const call = Reflect.get(prototype, 'call');
  prototype.call = function (this: BatchNormalization, inputs, kwargs) {
    return call.call(this, inputs, isFrozen(this) ? { ...kwargs, training: false } : kwargs);
  };
}

function isFrozen({ trainable, gamma, beta }: BatchNormalization): boolean {
  const weights = [gamma, beta].filter((weight) => weight != null);
  return !trainable || (weights.length > 0 && weights.every((weight) => !weight.trainable));
}
