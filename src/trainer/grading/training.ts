/** A training inside a check: the same loop as a run's. */
import type { Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { TrainingResult } from '../../lab/grading';
import type { Metrics } from '../../protocol/run';
import { trainAlone } from '../../learning/training/alone';
import { Control } from '../../learning/training/control';
import { nonFiniteLoss } from '../../learning/training/nonFinite';

const DEFAULT_SEED = 1;

export async function trainInCheck(
  experiment: Experiment,
  data: { readonly train: Split; readonly test: Split },
  epochs: number = experiment.epochs,
): Promise<TrainingResult> {
  const steps: Metrics[] = [];
  const ends: Metrics[] = [];
  const control = new Control(() => undefined);
  return await trainAlone(
    experiment,
    data,
    { seed: experiment.seed ?? DEFAULT_SEED, compile: true, epochs, control },
    {
      point: ({ kind, values }) => {
        (kind === 'step' ? steps : ends).push(values);
      },
      nonFinite: (step, loss, origin, rate) => nonFiniteLoss(step, loss, origin, rate, undefined),
    },
    (_, learner) => {
      const weights = learner.weights.map(({ name, tensor }) => ({
        name,
        values: Float32Array.from(tensor.dataSync()),
      }));
      return { epochs: ends, steps, weights };
    },
  );
}
