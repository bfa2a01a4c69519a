/** The losses that an experiment can name. Each is the mean over the batch, a scalar. */
export { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } from './crossentropy';
export type { CrossentropyOptions, SparseCrossentropyOptions } from './crossentropy';
export { meanAbsoluteError, meanSquaredError } from './regression';
