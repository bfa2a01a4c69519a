/** Kernels through which nothing flows: their outputs are yes or no, places or counts. */
import * as tf from '@tensorflow/tfjs';

/** The tensor inputs of each, by name. */
const KERNELS: Readonly<Record<string, readonly string[]>> = {
  [tf.All]: ['x'],
  [tf.Any]: ['x'],
  [tf.BroadcastArgs]: ['s0', 's1'],
  [tf.Equal]: ['a', 'b'],
  [tf.Greater]: ['a', 'b'],
  [tf.IsFinite]: ['x'],
  [tf.IsInf]: ['x'],
  [tf.IsNan]: ['x'],
  [tf.Less]: ['a', 'b'],
  [tf.LessEqual]: ['a', 'b'],
  [tf.LogicalAnd]: ['a', 'b'],
  [tf.LogicalNot]: ['x'],
  [tf.LogicalOr]: ['a', 'b'],
  [tf.Multinomial]: ['logits'],
  [tf.NonMaxSuppressionV3]: ['boxes', 'scores'],
  [tf.NotEqual]: ['a', 'b'],
};

export const zeroGradients: readonly tf.GradConfig[] = Object.entries(KERNELS).map(([kernelName, inputs]) => ({
  kernelName,
  inputsToSave: [...inputs],
  gradFunc: (_dy, saved) =>
    Object.fromEntries(inputs.map((name, index) => [name, () => tf.zeros(saved[index]?.shape ?? [])])),
}));
