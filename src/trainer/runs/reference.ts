/** The model to compare with, as a run has it: built from the same seed, its end told to the journal. */
import * as l10n from '@vscode/l10n';
import type { Experiment } from '../../lab/experiment';
import type { ReferenceEnd } from '../../protocol/run';
import { log } from '../log';
import { build, type Built } from '../../learning/training/build';
import { comparedExperiment, refuseShared } from '../../learning/training/comparison';
import type { CheckpointState } from '../../learning/training/checkpoint';
import type { ExecutorOptions } from '../../learning/training/executor';
import { nonFiniteLoss } from '../../learning/training/nonFinite';
import { disposeOptimizer } from '../../learning/training/optimizer';
import { Randomness } from '../../learning/training/randomness';
import { Reference } from '../../learning/training/reference';
import { describeCompileState } from './execution';
import type { Journal } from './journal';

/** Undefined where the experiment compares with nothing. The caller disposes it. */
export function makeReference(
  experiment: Experiment,
  own: Built,
  options: ExecutorOptions,
  journal: Journal,
): Reference | undefined {
  const compared = comparedExperiment(experiment);
  if (compared === undefined) return undefined;
  const randomness = new Randomness(options.seed);
  const built = randomness.during(() => build(compared));
  try {
    refuseShared(own.learner, built.learner);
  } catch (error) {
    disposeOptimizer(built.optimizer);
    throw error;
  }
  return new Reference(built, randomness, options, {
    executed: (state) => {
      if (state.kind !== 'recording') log('compile', `compareWith: ${describeCompileState(state)}`);
    },
    nonFinite: (step, loss, origin, rate) => {
      const { message } = nonFiniteLoss(step, loss, origin, rate, undefined).data;
      return tellEnd({ step, message }, journal);
    },
  });
}

/** A checkpoint may know that the reference has ended, or not know it at all. */
export function resumeReference(reference: Reference, state: CheckpointState, journal: Journal): void {
  const end =
    state.reference === undefined
      ? {
          step: state.step + 1,
          message: l10n.t('The checkpoint has no model to compare with, so that its curve does not go on.'),
        }
      : state.reference.end;
  if (end !== undefined) reference.finish(tellEnd(end, journal));
}

function tellEnd(referenceEnd: ReferenceEnd, journal: Journal): ReferenceEnd {
  journal.update({ referenceEnd });
  return referenceEnd;
}
