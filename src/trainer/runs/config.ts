import type { Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { RunConfig } from '../../protocol/run';
import type { Built } from '../../learning/training/build';
import { learningRate, optimizerName } from '../../learning/training/optimizer';

export const DEFAULT_SEED = 1;

/** All that defines a training, as the record of its run keeps it. */
export function runConfig(
  experiment: Experiment,
  { learner, optimizer, lossName }: Built,
  split: { readonly train: Split; readonly test: Split },
  epochs: number,
  reference?: { readonly label: string; readonly built: Built },
): RunConfig {
  const { data } = experiment;
  return {
    epochs,
    batchSize: experiment.batchSize,
    seed: experiment.seed ?? DEFAULT_SEED,
    optimizer: optimizerName(optimizer),
    learningRate: learningRate(optimizer) ?? 0,
    loss: lossName,
    metrics: (experiment.metrics ?? []).map((metric) => (typeof metric === 'string' ? metric : metric.name)),
    data: {
      name: data.name,
      train: split.train.length,
      test: split.test.length,
      inputShape: data.inputShape,
      classes: data.classes,
      licence: data.licence,
    },
    parameters: learner.parameters,
    layers: learner.layers,
    ...(reference === undefined
      ? {}
      : {
          reference: {
            label: reference.label,
            optimizer: optimizerName(reference.built.optimizer),
            learningRate: learningRate(reference.built.optimizer) ?? 0,
            loss: reference.built.lossName,
            parameters: reference.built.learner.parameters,
          },
        }),
  };
}
