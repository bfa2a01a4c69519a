/** The losses that an experiment can name. Each is the mean over the batch, a scalar; `compute.each` is before the mean. */
export {
  binaryCrossentropy,
  binaryFocalCrossentropy,
  categoricalCrossentropy,
  categoricalFocalCrossentropy,
  klDivergence,
  sparseCategoricalCrossentropy,
  sparseCategoricalFocalCrossentropy,
} from './crossentropy';
export type { CrossentropyOptions, FocalOptions } from './crossentropy';
export type { BuiltInLoss } from './define';
export { huber, meanAbsoluteError, meanSquaredError, type HuberOptions } from './regression';
