/**
 * Freezing as in Keras: a frozen model freezes the layers in it, and frozen batch normalisation uses its averages. tfjs
 * marks the weights of a frozen model's layers alone, and normalises by the batch, moving the averages, all the same.
 */
import * as tf from '@tensorflow/tfjs';

let changed = false;

/** Once for all layers of this process. */
export function freezeAsKeras(): void {
  if (changed) return;
  changed = true;
  freezeLayersWithModel();
  freezeBatchNormalization();
}

function freezeLayersWithModel(): void {
  const { prototype, descriptor } = accessor(tf.LayersModel.prototype, 'trainable');
  Object.defineProperty(prototype, 'trainable', {
    ...descriptor,
    set(this: tf.LayersModel, trainable: boolean) {
      const before = this.trainable;
      descriptor.set?.call(this, trainable);
      // A model sets its flag to what it is while it is built, which must not unfreeze a layer.
      if (before === !trainable) for (const layer of this.layers) layer.trainable = trainable;
    },
  });
}

function freezeBatchNormalization(): void {
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization()) as tf.layers.Layer;
  const call = Reflect.get<tf.layers.Layer, 'call'>(prototype, 'call');
  prototype.call = function (this: tf.layers.Layer, inputs, kwargs) {
    return call.call(this, inputs, this.trainable ? kwargs : { ...kwargs, training: false });
  };
}

/** Where up the chain of prototypes an accessor stands. */
function accessor(object: object, name: string): { prototype: object; descriptor: PropertyDescriptor } {
  for (let prototype: unknown = object; prototype instanceof Object; prototype = Object.getPrototypeOf(prototype)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    if (descriptor !== undefined) return { prototype, descriptor };
  }
  throw new Error(`tfjs has no ${name}.`);
}
