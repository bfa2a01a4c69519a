/** From an experiment to something that can take steps. */
import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../../lab/dataset';
import type { DataInfo, Experiment, LayersExperiment, Loss } from '../../lab/experiment';
import { lossFamily } from '../../lab/losses/define';
import type { Fix } from '../../protocol/fix';
import { LearningError } from '../errors';
import { beginWith } from './initialWeights';
import { FunctionalLearner } from './functionalLearner';
import { LayersLearner } from './layersLearner';
import type { Learner } from './learner';
import { createObjective } from './objective';
import { scoped } from './scope';

export interface Built {
  readonly learner: Learner;
  readonly optimizer: tf.Optimizer;
  readonly lossName: string;
  readonly fromLogits: boolean;
}

/** Builds the model and a fresh optimizer; frees what it made when it fails. */
export function build(experiment: Experiment): Built {
  const { data } = experiment;
  const objective = createObjective(experiment);
  const info = { inputShape: [...data.inputShape], classes: data.classes.length };
  const optimizer = experiment.optimizer();
  try {
    const learner = isLayers(experiment)
      ? new LayersLearner(buildModel(experiment, info, objective.loss), objective, optimizer)
      : // The initial values are needed no more once there are variables.
        scoped(() => new FunctionalLearner(experiment, experiment.parameters(info), objective, optimizer));
    const { name, fromLogits } = objective.loss;
    return { learner, optimizer, lossName: name, fromLogits };
  } catch (error) {
    optimizer.dispose();
    throw error;
  }
}

export function isLayers(experiment: Experiment): experiment is Experiment & LayersExperiment {
  return 'model' in experiment;
}

function buildModel(experiment: LayersExperiment, info: DataInfo, loss: Pick<Loss, 'name'>): tf.LayersModel {
  const model = checkedModel(experiment.model(info));
  try {
    if (experiment.initialWeights !== undefined) beginWith(model, experiment.initialWeights(info));
    checkInput(model, experiment.data);
    checkOutput(model, experiment.data, loss);
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

/** The model must take the data's shape. */
export function checkInput(model: tf.LayersModel, { inputShape }: Dataset): void {
  const input = model.inputs[0]?.shape.slice(1) ?? [];
  const takes =
    input.length === inputShape.length && input.every((side, axis) => side === null || side === inputShape[axis]);
  if (takes) return;
  const fix: Fix = { kind: 'argument', name: 'inputShape', value: bracketed(inputShape), variable: 'inputShape' };
  throw new LearningError({ code: 'INPUT_SHAPE', expected: inputShape, found: input, fixes: [fix] });
}

/** Where the loss looks up each label in the answer, there must be one number for each class. */
export function checkOutput(model: tf.LayersModel, { targetShape, classes }: Dataset, loss: Pick<Loss, 'name'>): void {
  const output = model.outputs[0]?.shape.slice(1) ?? [];
  const units = output.at(-1);
  const sparse = lossFamily(loss) === 'sparse' && targetShape.length === 0 && classes.length > 2;
  if (!sparse || typeof units !== 'number' || units === classes.length) return;
  const fix: Fix = { kind: 'argument', name: 'units', value: String(classes.length), variable: 'classes' };
  throw new LearningError({ code: 'OUTPUT_UNITS', classes: classes.length, found: output, fixes: [fix] });
}

const bracketed = (shape: readonly unknown[]): string => `[${shape.map(String).join(', ')}]`;
