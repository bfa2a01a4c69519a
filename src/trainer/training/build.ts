/** From an experiment to something that can take steps. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import type { Experiment, LayersExperiment } from '../../lab/experiment';
import { resolveLoss, resolveMetric } from '../../lab/resolve';
import { LabError } from '../../protocol/errors';
import { FunctionalLearner } from './functionalLearner';
import { LayersLearner } from './layersLearner';
import type { Learner, Objective } from './learner';

export interface Built {
  readonly learner: Learner;
  readonly optimizer: tf.Optimizer;
  readonly lossName: string;
  readonly fromLogits: boolean;
}

/** Builds the model and a fresh optimizer; frees what it made when it fails. */
export function build(experiment: Experiment): Built {
  const { data } = experiment;
  const loss = resolveLoss(experiment.loss);
  const metrics = (experiment.metrics ?? []).map((metric) =>
    resolveMetric(metric, { loss, classes: data.classes.length }),
  );
  const objective: Objective = { loss: loss.compute, metrics };
  const info = { inputShape: [...data.inputShape], classes: data.classes.length };
  const optimizer = experiment.optimizer();
  try {
    const learner = isLayers(experiment)
      ? new LayersLearner(checkedModel(experiment, info), objective, optimizer)
      : new FunctionalLearner(
          experiment,
          tf.tidy(() => experiment.parameters(info)),
          objective,
          optimizer,
        );
    return { learner, optimizer, lossName: loss.name, fromLogits: loss.fromLogits };
  } catch (error) {
    optimizer.dispose();
    throw error;
  }
}

function isLayers(experiment: Experiment): experiment is Experiment & LayersExperiment {
  return 'model' in experiment;
}

/** The model must take the data's shape and answer with one output of a fitting size. */
function checkedModel(experiment: LayersExperiment, info: { inputShape: number[]; classes: number }): tf.LayersModel {
  const model = experiment.model(info);
  const input = model.inputs[0]?.shape.slice(1) ?? [];
  const takes =
    input.length === info.inputShape.length &&
    input.every((side, axis) => side === null || side === info.inputShape[axis]);
  if (!takes) {
    throw shapeError(
      l10n.t("The model's input does not fit the data."),
      info.inputShape,
      input,
      l10n.t('Pass inputShape to the first layer.'),
    );
  }
  const output = model.outputs[0]?.shape.slice(1) ?? [];
  const units = output.at(-1);
  const sparse = experiment.data.targetShape.length === 0 && info.classes > 2;
  if (sparse && typeof units === 'number' && units !== info.classes) {
    throw shapeError(
      l10n.t('The last layer does not have one unit for each class.'),
      [info.classes],
      output,
      l10n.t('Give the last layer units: classes.'),
    );
  }
  return model;
}

function shapeError(
  message: string,
  expected: readonly (number | null)[],
  found: readonly (number | null)[],
  remedy: string,
): LabError {
  const text = (shape: readonly (number | null)[]): string => `[null, ${shape.map(String).join(', ')}]`;
  return new LabError({ code: 'MODEL_SHAPE', message, expected: text(expected), found: text(found), remedy });
}
