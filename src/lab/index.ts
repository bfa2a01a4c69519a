/** What model files import as 'deep-learning-lab'. */
export { experiment, isExperiment } from './define';
export * as augment from './augment';
export * as datasets from './datasets';
export * as losses from './losses';
export * as optimizers from './optimizers';
export * as schedules from './schedules';
export * as metrics from './metrics';
export * as tokenizers from './tokenizers';
export * as models from './models';
export * as sound from './sound';
export * as tf from '@tensorflow/tfjs';
export { features } from './pretrained/features';
export type { FeaturesDataset, FeaturesOptions } from './pretrained/features';
export { step } from './step';
export { trained } from './trained';
export { display, evaluate, examples, input, layers, plot, predict, show, train } from './cells';
export type {
  ControlFunctions,
  Examples,
  Figure,
  LayerValues,
  PlotData,
  PlotOptions,
  SliderOptions,
  TextOptions,
  TrainedRun,
  TrainOptions,
} from './cells';
export type {
  CacheUse,
  Fragment,
  GenerateOptions,
  GgufModel,
  Inside,
  LanguageModel,
  LlamaShape,
  Message,
  NextToken,
  Piece,
} from './models';
export { ragged, windowCount, windows } from './rows';
export type { RaggedOptions, WindowsOptions } from './rows';
export type {
  Column,
  Dataset,
  ElementType,
  InMemoryDataset,
  InputField,
  LoadContext,
  Numbers,
  PlainDataset,
  PlainSplit,
  Ragged,
  Shape,
  Split,
  TargetField,
  Windows,
} from './dataset';
export type { Augmentation } from './augment';
export type {
  Batch,
  Comparison,
  ModelSize,
  DataInfo,
  Experiment,
  ExperimentConfig,
  Frozen,
  FunctionalExperiment,
  Gradients,
  LayersExperiment,
  Loss,
  LossFunction,
  LossName,
  MeanMetric,
  Metric,
  MetricFunction,
  MetricName,
  Mode,
  Parameters,
  StopWhen,
  SumMetric,
} from './experiment';
