import * as tf from '@tensorflow/tfjs';
import { scoped } from '../training/scope';

/**
 * Class probabilities [batch, classes] from a model's output: logits or probabilities, one unit for two classes or
 * one unit a class. The caller disposes the result.
 */
export function classProbabilities(output: tf.Tensor, fromLogits: boolean): tf.Tensor {
  return tf.tidy(() => {
    const flat = output.reshape([output.shape[0], -1]);
    if (flat.shape[1] === 1) {
      const positive = fromLogits ? tf.sigmoid(flat) : flat;
      return tf.concat([tf.sub(1, positive), positive], 1);
    }
    return fromLogits ? tf.softmax(flat) : tf.clone(flat);
  });
}

/** Index and probability of each row's most probable class. */
export function mostProbable(probabilities: tf.Tensor): {
  readonly classes: Int32Array;
  readonly confidences: Float32Array;
} {
  return scoped(() => ({
    classes: probabilities.argMax(1).dataSync<'int32'>(),
    confidences: probabilities.max(1).dataSync<'float32'>(),
  }));
}
