/** The experiment that `compareWith` stands for: the learner's own, with what differs put in its place. */
import type { Experiment } from '../../lab/experiment';
import * as l10n from '@vscode/l10n';
import { LabError } from '../../protocol/errors';
import type { Learner } from './learner';
import * as tf from '@tensorflow/tfjs';

/** Undefined where there is nothing to compare with. */
export function comparedExperiment(experiment: Experiment): Experiment | undefined {
  const { compareWith, sizes: _sizes, ...rest } = experiment;
  if (compareWith === undefined) return undefined;
  const { label: _label, ...differences } = compareWith;
  // Not another kind of model's functions, and never its gradients: TensorFlow differentiates unless told otherwise.
  const { model, parameters, forward, gradients: _gradients, ...common } = rest as Partial<Record<string, unknown>>;
  const functional = differences.parameters !== undefined || differences.forward !== undefined;
  const taken =
    differences.model !== undefined ? {} : model !== undefined && !functional ? { model } : { parameters, forward };
  // The checks of `experiment` made sure that it is whole.
  return { ...common, ...taken, ...differences } as unknown as Experiment;
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
