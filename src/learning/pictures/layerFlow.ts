/** What goes through each layer of a model for one batch, and what comes back to it from the loss. */
import * as tf from '@tensorflow/tfjs';
import { applyModel, inputsFor } from '../training/applyModel';
import { scoped } from '../training/scope';
import { backpropagate, record } from './tape';

export interface LayerFlow {
  readonly layer: tf.layers.Layer;
  /** [batch, …] */
  readonly activation: tf.Tensor;
  /** Of the loss with respect to `activation`; absent without a loss, and where the loss does not depend on it. */
  readonly gradient?: tf.Tensor;
  /** Of each of its trainable weights. */
  readonly weightGradients: readonly tf.Tensor[];
}

/**
 * In inference mode, which draws nothing and changes nothing.
 *
 * @param x [batch, …inputShape]
 * @param lossOf the model's loss of its output, a scalar
 * @returns in the order of the model's layers, inputs left out; the caller disposes the tensors
 */
export function layerFlow(model: tf.LayersModel, x: tf.Tensor, lossOf?: (output: tf.Tensor) => tf.Scalar): LayerFlow[] {
  const layers = model.layers.filter((layer) => layer.getClassName() !== 'InputLayer');
  const outputs = layers.map((layer) => [layer.getOutputAt(layer.inboundNodes.length - 1)].flat()[0]);
  const inside = tf.model({ inputs: model.inputs, outputs: outputs as tf.SymbolicTensor[] });
  const kept: tf.Tensor[] = [];
  const keep = (tensor: tf.Tensor): tf.Tensor => {
    const copy = tf.keep(tf.clone(tensor));
    kept.push(copy);
    return copy;
  };
  try {
    return scoped(() =>
      record(
        () => {
          const answered = inside.apply(inputsFor(model, x), { training: false });
          const values = [answered].flat() as tf.Tensor[];
          const place = outputs.indexOf(model.outputs[0]);
          const output = values[place] ?? (applyModel(model, x, false) as tf.Tensor);
          return { values, loss: lossOf?.(output) };
        },
        () => undefined,
        ({ values, loss }, operations) => {
          const weights = layers.flatMap((layer) => layer.trainableWeights.map((weight) => weight.read().id));
          const gradients =
            loss === undefined ? new Map<number, tf.Tensor>() : backpropagate(operations, loss, [x.id, ...weights]);
          return layers.flatMap((layer, index): LayerFlow[] => {
            const value = values[index];
            if (value === undefined) return [];
            const gradient = gradients.get(value.id);
            return [
              {
                layer,
                activation: keep(value),
                ...(gradient === undefined ? {} : { gradient: keep(gradient) }),
                weightGradients: layer.trainableWeights.flatMap((weight) => {
                  const found = gradients.get(weight.read().id);
                  return found === undefined ? [] : [keep(found)];
                }),
              },
            ];
          });
        },
      ),
    );
  } catch (error) {
    tf.dispose(kept);
    throw error;
  }
}
