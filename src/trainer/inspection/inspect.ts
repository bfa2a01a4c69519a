/** Builds a model file's model for what the editor shows of it: shapes, sizes, and all that is wrong. */
import * as tf from '@tensorflow/tfjs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Batch, Experiment, LayersExperiment, Parameters } from '../../lab/experiment';
import { infoOf, shapesOf, SOLE, targetsOf } from '../../lab/fields';
import { resolveLoss, resolveMetric } from '../../lab/resolve';
import { standing } from '../../lab/step';
import { LabError } from '../../protocol/errors';
import type { InspectModel, ModelInspection, ModelProblem } from '../../protocol/modelInspection';
import { withCompiler } from '../modelFile/bundle';
import { loadModelFile, type LoadedModelFile } from '../modelFile/load';
import { checkAnswers, inputOf } from '../../learning/training/batch';
import {
  checkedModel,
  checkInput,
  checkOutput,
  isLayers,
  outputFor,
  type Functional,
} from '../../learning/training/build';
import { withModels } from '../../learning/training/asyncModels';
import { comparedExperiment } from '../../learning/training/comparison';
import { inputsKept, keeping } from '../../learning/training/kept';
import { lossNamed, metricsNamed } from '../../learning/training/objective';
import { seedOf } from '../../learning/training/training';
import { withModelErrors } from '../modelFile/errors';
import { checkedOptimizer, disposeOptimizer, optimizerName } from '../../learning/training/optimizer';
import { unknownArguments } from './checks/arguments';
import { highestRate, learningRateFinding } from './checks/learningRate';
import { lossActivationFinding } from './checks/lossActivation';
import { thresholdFinding } from './checks/metricThreshold';
import { outputActivation } from './checks/outputActivation';
import { targetsFinding } from './checks/targets';
import { madeUpBatch, tryFunctional, tryLayers, tryObjective, type Tried } from './dryRun';
import { firstLayerPlace, outputLayerPlace } from './ends';
import { layerInstances } from './layers';
import { problemOf, Problems } from './problems';
import { Traces } from './traces';

/**
 * Runs the model file and builds its model; reads no data, trains nothing, and leaves no tensor behind. What is wrong
 * with the file is part of the answer; only a fault of ours is thrown.
 *
 * @param onLoading Called when the time counts that the file takes; what it says leaves before the file runs.
 */
export async function inspectModel(request: InspectModel, onLoading?: () => void): Promise<ModelInspection> {
  return await withCompiler(async () => {
    onLoading?.();
    await nextTurn();
    return await inspect(request);
  });
}

async function inspect({ modelFile, source }: InspectModel): Promise<ModelInspection> {
  const traces = new Traces();
  try {
    const file = { file: modelFile, ...(source === undefined ? {} : { source }) };
    const loaded = await loadModelFile(file, () => {
      traces.open();
    });
    const ready = await withModelErrors(loaded, () => withModels(loaded.experiment, seedOf(loaded.experiment), true));
    return inspectLoaded({ ...loaded, experiment: ready });
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return { layers: [], problems: [problemOf(error.data)] };
  } finally {
    traces.close();
  }
}

function inspectLoaded(loaded: LoadedModelFile): ModelInspection {
  const { experiment } = loaded;
  const { data } = experiment;
  const problems = new Problems(loaded);
  const tried = triedOf(experiment, problems);
  const optimizer = problems.attempt('optimizer', () => checkedOptimizer(experiment.optimizer()));
  const rate = optimizer && problems.attempt('optimizer', () => highestRate(optimizer, updatesOf(experiment)));
  const rateFinding = optimizer && rate !== undefined ? learningRateFinding(optimizerName(optimizer), rate) : undefined;
  if (rateFinding !== undefined) problems.add(rateFinding);
  const parameters = isLayers(experiment)
    ? inspectLayers(experiment, loaded, optimizer, tried, problems)
    : inspectFunctional(experiment, optimizer, tried, problems);
  // What stands beside each call is the experiment's own model.
  const made = layerInstances(loaded.layers);
  const compared = problems.some ? undefined : comparedExperiment(experiment);
  const besides = compared === undefined ? [] : inspectCompared(compared, loaded);
  const misspelt = new Problems(loaded);
  for (const finding of unknownArguments(loaded.layers)) misspelt.add(finding);
  const inspection: ModelInspection = {
    title: experiment.title,
    layers: made,
    ...(parameters === undefined ? {} : { parameters }),
    data: {
      name: data.name,
      train: data.train,
      test: data.test,
      ...shapesOf(data),
      classes: targetsOf(data)[0]?.classes.length ?? 0,
    },
    ...(optimizer === undefined
      ? {}
      : { optimizer: { name: optimizerName(optimizer), ...(rate === undefined ? {} : { learningRate: rate }) } }),
    // They are often why the rest is wrong.
    problems: [...misspelt.all, ...problems.all, ...besides],
  };
  if (optimizer !== undefined) disposeOptimizer(optimizer);
  return inspection;
}

/** What is wrong with the model to compare with alone. */
function inspectCompared(experiment: Experiment, loaded: LoadedModelFile): ModelProblem[] {
  const problems = new Problems(loaded);
  const tried = triedOf(experiment, problems);
  const optimizer = problems.attempt('optimizer', () => checkedOptimizer(experiment.optimizer()));
  // The first layer that was made is the other model's.
  const nowhere = (): undefined => undefined;
  if (isLayers(experiment)) inspectLayers(experiment, loaded, optimizer, tried, problems, nowhere);
  else inspectFunctional(experiment, optimizer, tried, problems);
  if (optimizer !== undefined) disposeOptimizer(optimizer);
  // A field that is named is one of the experiment's own.
  return problems.all.map((problem) =>
    problem.error.location === undefined ? { ...problem, error: { ...problem.error, field: 'compareWith' } } : problem,
  );
}

/** What each target is held against: losses and metrics that can be computed. */
function triedOf(experiment: Experiment, problems: Problems): readonly Tried[] {
  return targetsOf(experiment.data).map((target) => {
    const loss = problems.attempt('loss', () => resolveLoss(lossNamed(experiment.loss, target.name)));
    if (loss === undefined) return { target, loss, metrics: [] };
    const context = { loss, classes: target.classes.length };
    const metrics = metricsNamed(experiment.metrics, target.name).flatMap((metric) => {
      const resolved = problems.attempt('metrics', () => resolveMetric(metric, context));
      return resolved === undefined ? [] : [resolved];
    });
    return { target, loss, metrics };
  });
}

function inspectLayers(
  experiment: Experiment & LayersExperiment<Parameters, Batch>,
  { layers }: LoadedModelFile,
  optimizer: tf.Optimizer | undefined,
  tried: readonly Tried[],
  problems: Problems,
  firstPlace = firstLayerPlace(layers),
): ModelInspection['parameters'] {
  const { data } = experiment;
  const model = problems.attempt(
    'model',
    () => checkedModel(experiment.model(infoOf(data))),
    // tfjs names no layer in this one.
    ({ fixes }) =>
      fixes?.some((fix) => fix.kind === 'argument' && fix.name === 'inputShape') ? firstPlace() : undefined,
  );
  if (model === undefined) return undefined;
  const fits = problems.attempt('model', () => (checkInput(model, data), true), firstPlace) ?? false;
  const answers =
    problems.attempt('model', () => tried.map(({ target }) => outputFor(model, data, target.name))) !== undefined;
  const sound = answers && tried.map((one) => checkGoal(one, experiment, model, layers, problems)).every(Boolean);
  if (fits && sound) {
    const learner = standing(0, () => tryLayers(experiment, model, optimizer, tried, problems));
    if (learner !== undefined) return { total: learner.parameters, trainable: learner.trainableParameters };
  }
  const trainable = model.trainableWeights.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  return { total: model.countParams(), trainable };
}

/** Whether what comes out of the model for a target can be held against its loss. */
function checkGoal(
  { target, loss, metrics }: Tried,
  { data }: Experiment,
  model: tf.LayersModel,
  layers: LoadedModelFile['layers'],
  problems: Problems,
): boolean {
  if (loss === undefined) return true;
  const at = target.name === SOLE ? 0 : model.outputNames.indexOf(target.name);
  const output = outputLayerPlace(layers, model, at);
  const activation = outputActivation(model, at);
  const units = model.outputs[at]?.shape.at(-1) ?? undefined;
  const targets = targetsFinding(loss, target, units);
  if (targets !== undefined) {
    problems.add(targets.field === undefined && output !== undefined ? { ...targets, location: output } : targets);
  }
  const sized =
    targets !== undefined ||
    problems.attempt(
      'model',
      () => (checkOutput(model, data, target.name, loss), true),
      () => output,
    ) === true;
  const wrong = activation && lossActivationFinding(loss, { activation, units });
  if (wrong !== undefined && activation !== undefined) {
    const location = layers.of(activation.layer)?.location;
    problems.add({ ...wrong, ...(location === undefined ? { field: 'loss' } : { location, field: 'activation' }) });
  }
  const threshold = thresholdFinding(loss, metrics);
  if (threshold !== undefined) problems.add(threshold);
  return sized && targets === undefined;
}

function inspectFunctional(
  experiment: Experiment & Functional,
  optimizer: tf.Optimizer | undefined,
  tried: readonly Tried[],
  problems: Problems,
): ModelInspection['parameters'] {
  const { data } = experiment;
  const initial = problems.attempt('parameters', () => experiment.parameters(infoOf(data)));
  if (initial === undefined) return undefined;
  const total = Object.values(initial).reduce((sum, { size }) => sum + size, 0);
  // What is frozen may be large, and is read when a training begins: without it there is no forward pass to try.
  if (experiment.frozen !== undefined) return { total, trainable: total };
  const feeds = madeUpBatch(data, tried);
  const x = inputOf(feeds);
  const answer = problems.attempt('forward', () => {
    const parameters = Object.entries(initial).map(([name, tensor]) => ({ what: 'weight', tensor, name }) as const);
    return keeping([...inputsKept(x), ...parameters], () =>
      standing(0, () => {
        const output = experiment.forward(initial, x, { training: false, frozen: {} });
        checkAnswers(output, targetsOf(data));
        return output;
      }),
    );
  });
  if (answer === undefined) return { total, trainable: total };
  const before = problems.all.length;
  standing(0, () => {
    tryObjective(experiment, feeds, answer, tried, problems);
    if (optimizer !== undefined && problems.all.length === before) {
      tryFunctional(experiment, initial, optimizer, { feeds, tried }, problems);
    }
  });
  return { total, trainable: total };
}

function updatesOf({ data, epochs, batchSize }: Experiment): number {
  return epochs * Math.ceil(data.train / batchSize);
}

const sizeOf = (shape: readonly (number | null)[]): number =>
  shape.reduce<number>((size, side) => size * (side ?? 1), 1);
