import type { Experiment } from '../../lab/experiment';
import { shapesOf } from '../../lab/fields';
import { rulesOf } from '../../lab/optimizers/rules';
import type { RunConfig } from '../../protocol/run';
import type { Built } from '../../learning/training/build';
import type { Objective } from '../../learning/training/objective';
import { learningRate, optimizerName } from '../../learning/training/optimizer';
import { seedOf, type Data, type Training } from '../../learning/training/training';

/** All that defines a training, as the record of its run keeps it. */
export function runConfig(
  experiment: Experiment,
  { built, reference }: Pick<Training, 'built' | 'reference'>,
  split: Data,
  epochs: number,
): RunConfig {
  const { learner, optimizer, lossName } = built;
  const { data } = experiment;
  return {
    epochs,
    batchSize: experiment.batchSize,
    seed: seedOf(experiment),
    optimizer: optimizerName(optimizer),
    learningRate: learningRate(optimizer) ?? 0,
    ...scheduleOf(optimizer),
    loss: lossName,
    ...metricsOf(learner.objective.metrics),
    data: {
      name: data.name,
      train: split.train.length,
      test: split.test.length,
      ...shapesOf(data),
      classes: data.classes ?? [],
      licence: data.licence,
    },
    parameters: learner.parameters,
    layers: learner.layers,
    ...(reference === undefined
      ? {}
      : { reference: { label: experiment.compareWith?.label ?? '', ...referenceConfig(reference.built) } }),
  };
}

function referenceConfig({ learner, optimizer, lossName }: Built): Omit<NonNullable<RunConfig['reference']>, 'label'> {
  return {
    optimizer: optimizerName(optimizer),
    learningRate: learningRate(optimizer) ?? 0,
    loss: lossName,
    parameters: learner.parameters,
  };
}

function metricsOf(metrics: Objective['metrics']): Pick<RunConfig, 'metrics' | 'traits'> {
  const traits = metrics.flatMap(({ name, range, better }) =>
    range === undefined && better === undefined
      ? []
      : [[name, { ...(range === undefined ? {} : { range }), ...(better === undefined ? {} : { better }) }] as const],
  );
  const names = metrics.map(({ name }) => name);
  return { metrics: names, ...(traits.length === 0 ? {} : { traits: Object.fromEntries(traits) }) };
}

function scheduleOf(optimizer: Built['optimizer']): Pick<RunConfig, 'schedule'> {
  const schedule = rulesOf(optimizer)?.schedule;
  return schedule === undefined ? {} : { schedule: schedule.name };
}
