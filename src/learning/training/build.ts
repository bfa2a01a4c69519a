/** From an experiment to something that can take steps. */
import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../../lab/dataset';
import type {
  Batch,
  DataInfo,
  Experiment,
  FunctionalExperiment,
  LayersExperiment,
  Loss,
  Parameters,
} from '../../lab/experiment';
import { infoOf, inputsOf, SOLE, targetNamed, targetsOf } from '../../lab/fields';
import { lossFamily } from '../../lab/losses/define';
import type { Fix } from '../../protocol/fix';
import { LearningError } from '../errors';
import { beginWith } from './initialWeights';
import { FunctionalLearner } from './functionalLearner';
import { LayersLearner } from './layersLearner';
import type { Learner } from './learner';
import { checkedOptimizer } from './optimizer';
import { createObjective, type Goal } from './objective';
import { scoped } from './scope';

export interface Built {
  readonly learner: Learner;
  readonly optimizer: tf.Optimizer;
  /** Of several losses, all. */
  readonly lossName: string;
  /** Of the first loss: pictures need to know, which are of data with one target. */
  readonly fromLogits: boolean;
}

/** Builds the model and a fresh optimizer; frees what it made when it fails. */
export function build(experiment: Experiment): Built {
  const { data } = experiment;
  const objective = createObjective(experiment);
  const info = infoOf(data);
  const optimizer = checkedOptimizer(experiment.optimizer());
  try {
    const learner = isLayers(experiment)
      ? new LayersLearner(buildModel(experiment, info, objective.goals), objective, optimizer)
      : // The initial values are needed no more once there are variables.
        scoped(() => new FunctionalLearner(experiment, experiment.parameters(info), objective, optimizer));
    const losses = objective.goals.map(({ loss }) => loss);
    const lossName = losses.map(({ name }) => name).join(' + ');
    return { learner, optimizer, lossName, fromLogits: losses[0]?.fromLogits ?? false };
  } catch (error) {
    optimizer.dispose();
    throw error;
  }
}

/** Written in plain tensor operations. */
export type Functional = FunctionalExperiment<Parameters, Parameters, Batch>;

export function isLayers(experiment: Experiment): experiment is Experiment & LayersExperiment<Parameters, Batch> {
  return 'model' in experiment;
}

function buildModel(experiment: LayersExperiment, info: DataInfo, goals: readonly Goal[]): tf.LayersModel {
  const model = checkedModel(experiment.model(info));
  try {
    if (experiment.initialWeights !== undefined) beginWith(model, experiment.initialWeights(info));
    checkInput(model, experiment.data);
    for (const { name, loss } of goals) checkOutput(model, experiment.data, name, loss);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** What the learner's function returned must be a model. */
export function checkedModel(made: unknown): tf.LayersModel {
  if (made instanceof tf.LayersModel) return made;
  throw new LearningError({ code: 'NOT_A_MODEL', made });
}

/** The model must take the data's shape, of each input. */
export function checkInput(model: tf.LayersModel, data: Dataset): void {
  const inputs = inputsOf(data);
  for (const { name, shape } of inputs) {
    const at = inputs.length === 1 && model.inputs.length === 1 ? 0 : model.inputNames.indexOf(name);
    const input = model.inputs[at]?.shape.slice(1);
    if (input === undefined || model.inputs.length !== inputs.length) {
      const expected = inputs.map((one) => one.name);
      throw new LearningError({ code: 'INPUT_NAMES', expected, found: model.inputNames });
    }
    const takes = input.length === shape.length && input.every((side, axis) => side === null || side === shape[axis]);
    if (takes) continue;
    const fix: Fix = { kind: 'argument', name: 'inputShape', value: bracketed(shape), variable: 'inputShape' };
    const fixes = name === SOLE ? [fix] : [];
    throw new LearningError({ code: 'INPUT_SHAPE', name, expected: shape, found: input, fixes });
  }
}

/** There must be an output for each target. @returns what comes out for that one, without the batch dimension */
export function outputFor(model: tf.LayersModel, data: Dataset, name: string): readonly (number | null)[] {
  const targets = targetsOf(data);
  const at = targets.length === 1 && model.outputs.length === 1 ? 0 : model.outputNames.indexOf(name);
  const output = model.outputs[at]?.shape.slice(1);
  if (output !== undefined && model.outputs.length === targets.length) return output;
  throw new LearningError({
    code: 'OUTPUT_NAMES',
    expected: targets.map((target) => target.name),
    found: model.outputNames,
  });
}

/** Where the loss looks up each label in the answer, there must be one number for each class. */
export function checkOutput(model: tf.LayersModel, data: Dataset, name: string, loss: Pick<Loss, 'name'>): void {
  const output = outputFor(model, data, name);
  const { classes } = targetNamed(data, name) ?? { classes: [] };
  const units = output.at(-1);
  const sparse = lossFamily(loss) === 'sparse' && classes.length > 2;
  if (!sparse || typeof units !== 'number' || units === classes.length) return;
  const fix: Fix = { kind: 'argument', name: 'units', value: String(classes.length), variable: 'classes' };
  throw new LearningError({
    code: 'OUTPUT_UNITS',
    classes: classes.length,
    found: output,
    fixes: name === SOLE ? [fix] : [],
  });
}

const bracketed = (shape: readonly unknown[]): string => `[${shape.map(String).join(', ')}]`;
