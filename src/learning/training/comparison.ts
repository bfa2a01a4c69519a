/** The experiment that `compareWith` stands for: the learner's own, with what differs put in its place. */
import type { Experiment, LayersExperiment } from '../../lab/experiment';
import { LearningError } from '../errors';
import type { Learner } from './learner';

/** Never taken over: it is not the other model's, or it says what the other model is. */
const OWN = [
  'compareWith',
  'sizes',
  'modelSizes',
  'attention',
  'chat',
  'model',
  'initialWeights',
  'parameters',
  'forward',
  'gradients',
  'frozen',
];

type Differences = Omit<NonNullable<Experiment['compareWith']>, 'loss'>;

/** Undefined where there is nothing to compare with. */
export function comparedExperiment(experiment: Experiment): Experiment | undefined {
  const { compareWith } = experiment;
  return compareWith === undefined ? undefined : variantOf(experiment, compareWith);
}

/** The experiment with another model in place of its own. */
export function variantOf(experiment: Experiment, other: Differences): Experiment {
  const common = Object.entries(experiment).filter(([name]) => !OWN.includes(name));
  const differences = Object.entries(other).filter(([name]) => name !== 'label');
  const functional = other.parameters !== undefined || other.forward !== undefined;
  // The checks of `experiment` made sure that the whole is one.
  return {
    ...Object.fromEntries(common),
    ...(other.model !== undefined ? {} : modelOf(experiment, functional)),
    ...Object.fromEntries(differences),
  } as unknown as Experiment;
}

/** What makes the experiment's own model, but for its gradients: TensorFlow differentiates unless told otherwise. */
function modelOf(experiment: Experiment, functional: boolean): object {
  if ('model' in experiment) return functional ? {} : layersOf(experiment);
  const { parameters, forward, frozen } = experiment;
  return { parameters, forward, ...(frozen === undefined ? {} : { frozen }) };
}

function layersOf({ model, initialWeights }: LayersExperiment): object {
  return { model, ...(initialWeights === undefined ? {} : { initialWeights }) };
}

/**
 * Two models that have the same variables would undo what the other does, and free what the other needs.
 * @throws LearningError SHARED_WEIGHTS, naming the first such variable; the other model is freed then
 */
export function refuseShared(own: Learner, other: Learner): void {
  const known = new Set(own.weights.map(({ tensor }) => tensor));
  const shared = other.weights.find(({ tensor }) => known.has(tensor));
  if (shared === undefined) return;
  for (const { tensor } of other.weights) if (!known.has(tensor)) tensor.dispose();
  throw new LearningError({ code: 'SHARED_WEIGHTS', weight: shared.name });
}
