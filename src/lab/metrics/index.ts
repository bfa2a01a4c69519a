/** The metrics that an experiment can name. Nothing is differentiated. */
export {
  accuracy,
  binaryAccuracy,
  topKAccuracy,
  type AccuracyOptions,
  type ThresholdOptions,
  type TopKOptions,
} from './accuracy';
export { auc } from './auc';
export { f1, precision, recall, type CountOptions } from './counts';
export { meanAbsoluteError, meanSquaredError, r2 } from './numbers';
export type { BuiltInMean, BuiltInSums, NamedMetric, OutputOptions } from './options';
export { perplexity } from './perplexity';
