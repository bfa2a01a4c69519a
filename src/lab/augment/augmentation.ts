/** What an augmentation is to the training. */
import type * as tf from '@tensorflow/tfjs';

/** Changes the examples of a training batch, each by chance, each time anew; the test data never. */
export interface Augmentation {
  /** As it is written: "flip", "crop". */
  readonly name: string;
  /** What it can be used on, of the shape of one input. */
  readonly fits: 'images' | 'frames' | 'any';
  /** x float32 [batch, …inputShape] → the same shape. In the scope of the step, with tfjs's random functions. */
  readonly apply?: (x: tf.Tensor) => tf.Tensor;
  /**
   * How much of each example stays, float32 [batch] from 0 to 1; the rest is that of the example at the same place from the
   * end of the batch. The loss is mixed in the same shares.
   */
  readonly shares?: (batch: number) => tf.Tensor1D;
}
