/** A training inside a check: the same loop as a run's. */
import type { Experiment } from '../../lab/experiment';
import type { TrainingResult } from '../../lab/grading';
import type { Effects } from '../../learning/compile';
import { Control } from '../../learning/training/control';
import { Training, type Data } from '../../learning/training/training';
import type { Metrics } from '../../protocol/run';

export async function trainInCheck(
  experiment: Experiment,
  data: Data,
  epochs: number = experiment.epochs,
  effects?: Effects,
): Promise<TrainingResult> {
  const steps: Metrics[] = [];
  const ends: Metrics[] = [];
  const control = new Control(() => undefined);
  const training = await Training.create({ experiment, data, epochs, compile: true, effects, control });
  training.listen({
    point: ({ kind, values }) => {
      (kind === 'step' ? steps : ends).push(values);
    },
  });
  try {
    await training.run();
    training.sync();
    const weights = training.built.learner.weights.map(({ name, tensor }) => ({
      name,
      values: Float32Array.from(tensor.dataSync()),
    }));
    return { epochs: ends, steps, weights };
  } finally {
    training.dispose();
  }
}
