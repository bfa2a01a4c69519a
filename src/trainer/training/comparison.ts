/** The experiment that `compareWith` stands for: the learner's own, with what differs put in its place. */
import * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import type { Experiment } from '../../lab/experiment';
import { LabError } from '../../protocol/errors';
import type { Learner } from './learner';

/** Never taken over: it is not the other model's, or it says what the other model is. */
const OWN = ['compareWith', 'sizes', 'model', 'parameters', 'forward', 'gradients'];

/** Undefined where there is nothing to compare with. */
export function comparedExperiment(experiment: Experiment): Experiment | undefined {
  const { compareWith } = experiment;
  if (compareWith === undefined) return undefined;
  const common = Object.entries(experiment).filter(([name]) => !OWN.includes(name));
  const differences = Object.entries(compareWith).filter(([name]) => name !== 'label');
  const functional = compareWith.parameters !== undefined || compareWith.forward !== undefined;
  // The checks of `experiment` made sure that the whole is one.
  return {
    ...Object.fromEntries(common),
    ...(compareWith.model !== undefined ? {} : modelOf(experiment, functional)),
    ...Object.fromEntries(differences),
  } as unknown as Experiment;
}

/** What makes the experiment's own model, but for its gradients: TensorFlow differentiates unless told otherwise. */
function modelOf(experiment: Experiment, functional: boolean): object {
  if ('model' in experiment) return functional ? {} : { model: experiment.model };
  return { parameters: experiment.parameters, forward: experiment.forward };
}

/**
 * Two models that train the same variables would each undo what the other does.
 * @throws LabError EXPERIMENT_INVALID, naming the first such variable
 */
export function refuseShared(own: Learner, other: Learner): void {
  const trained = new Set(own.weights.filter(isTrained).map(({ tensor }) => tensor));
  const shared = other.weights.find((weight) => isTrained(weight) && trained.has(weight.tensor));
  if (shared === undefined) return;
  throw new LabError({
    code: 'EXPERIMENT_INVALID',
    message: l10n.t('Both models train the same weights: "{0}".', shared.name),
    expected: l10n.t('a model of its own for compareWith'),
    found: shared.name,
    remedy: l10n.t('Make the layers inside the function that builds the model, so that each call makes new ones.'),
    field: 'compareWith',
  });
}

function isTrained({ tensor }: Learner['weights'][number]): boolean {
  return tensor instanceof tf.Variable && tensor.trainable;
}
