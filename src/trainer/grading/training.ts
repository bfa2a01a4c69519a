/** A training inside a check: the same loop as a run's, with nothing on disk. */
import { performance } from 'node:perf_hooks';
import type { Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { TrainingResult } from '../../lab/grading';
import type { Metrics } from '../../protocol/run';
import { nonFiniteLoss } from '../training/nonFinite';
import { build } from '../training/build';
import { Control } from '../training/control';
import { Executor } from '../training/executor';
import { TrainingLoop } from '../training/loop';
import { disposeOptimizer } from '../training/optimizer';
import { Randomness } from '../training/randomness';

const DEFAULT_SEED = 1;

export async function trainInCheck(
  experiment: Experiment,
  data: { readonly train: Split; readonly test: Split },
  epochs: number = experiment.epochs,
): Promise<TrainingResult> {
  const seed = experiment.seed ?? DEFAULT_SEED;
  const randomness = new Randomness(seed);
  const built = randomness.during(() => build(experiment));
  const executor = new Executor(built.learner, built.optimizer, { seed, compile: true });
  const steps: Metrics[] = [];
  const ends: Metrics[] = [];
  try {
    const loop = new TrainingLoop(
      executor,
      built.optimizer,
      data,
      {
        epochs,
        batchSize: experiment.batchSize,
        stopWhen: undefined,
        shape: { inputShape: experiment.data.inputShape, targetShape: experiment.data.targetShape },
      },
      randomness,
      new Control(() => undefined),
      {
        point: ({ kind, values }) => {
          (kind === 'step' ? steps : ends).push(values);
        },
        progress: () => undefined,
        stepEnd: () => undefined,
        testOutput: () => undefined,
        epochEnd: () => undefined,
        nonFinite: (step, loss, origin, rate) => nonFiniteLoss(step, loss, origin, rate, undefined),
      },
      () => performance.now(),
    );
    await loop.run();
    executor.sync();
    const weights = built.learner.weights.map(({ name, tensor }) => ({
      name,
      values: Float32Array.from(tensor.dataSync()),
    }));
    return { epochs: ends, steps, weights };
  } finally {
    executor.dispose();
    built.learner.dispose();
    disposeOptimizer(built.optimizer);
  }
}
