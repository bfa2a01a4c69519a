/** Trains an experiment from the start with nothing on disk: inside a check, or for what it reaches on part of its data. */
import { performance } from 'node:perf_hooks';
import type { Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { EndReason } from '../../protocol/run';
import { build } from './build';
import { Executor, type ExecutorOptions } from './executor';
import type { Learner } from './learner';
import { TrainingLoop, type LoopControl, type LoopEvents, type LoopSettings } from './loop';
import { disposeOptimizer } from './optimizer';
import { Randomness } from './randomness';

export interface AloneOptions extends ExecutorOptions, Pick<LoopSettings, 'epochs' | 'validation'> {
  readonly control: LoopControl;
}

/** What the caller wants to hear. */
export type AloneEvents = Pick<LoopEvents, 'nonFinite'> & Partial<Pick<LoopEvents, 'point' | 'stepEnd'>>;

const ignore = (): void => undefined;

/** @param finish given the trained weights, which are freed afterwards */
export async function trainAlone<T>(
  experiment: Experiment,
  data: { readonly train: Split; readonly test: Split },
  { epochs, validation = 'everyEpoch', control, ...options }: AloneOptions,
  { point = ignore, stepEnd = ignore, nonFinite }: AloneEvents,
  finish: (reason: EndReason, learner: Learner) => T,
): Promise<T> {
  const randomness = new Randomness(options.seed);
  const built = randomness.during(() => build(experiment));
  const executor = new Executor(built.learner, built.optimizer, options);
  const { batchSize } = experiment;
  const { inputShape, targetShape } = experiment.data;
  try {
    const loop = new TrainingLoop(
      executor,
      built.optimizer,
      data,
      { epochs, batchSize, stopWhen: undefined, shape: { inputShape, targetShape }, validation },
      randomness,
      control,
      { point, stepEnd, nonFinite, progress: ignore, testOutput: ignore, epochEnd: ignore },
      () => performance.now(),
    );
    const reason = await loop.run();
    executor.sync();
    return finish(reason, built.learner);
  } finally {
    executor.dispose();
    built.learner.dispose();
    disposeOptimizer(built.optimizer);
  }
}
