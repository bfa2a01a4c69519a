/** A training step of a lesson, as the trainer takes it. */
import type { Experiment } from '../../../src/lab/experiment';
import { loadSplits } from '../../../src/lab/loadSplits';
import { Rows } from '../../../src/learning/training/batches';
import { Control } from '../../../src/learning/training/control';
import { Training } from '../../../src/learning/training/training';
import type { LoadedModelFile } from '../../../src/trainer/modelFile/load';

/** So many before anything is timed: the step is recorded and built, and its first and its eleventh run are held against an eager one. */
const UNTIMED = 16;

export interface Step {
  /** One step on examples drawn at random. */
  take(): void;
  /** Numbers that it changes. */
  readonly trained: number;
  dispose(): void;
}

/** @param directories where the data of the experiment are looked for */
export async function trainingStep(
  experiment: Experiment,
  loaded: LoadedModelFile,
  directories: readonly string[] = [],
): Promise<Step> {
  const splits = await loadSplits(experiment.data, {
    directories,
    cacheDirectory: '',
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const training = await Training.create({
    experiment,
    data: splits,
    compile: true,
    effects: loaded.effects,
    epochs: 1,
    control: new Control(() => undefined),
  });
  let state = '';
  training.listen({ executed: ({ kind }) => (state = kind) });
  const rows = new Rows(splits.train, experiment.data);
  let step = 0;
  const take = (): void => {
    const chosen = Int32Array.from({ length: experiment.batchSize }, () =>
      Math.floor(Math.random() * splits.train.length),
    );
    const feeds = rows.feeds(chosen);
    training.executor.step(feeds, ++step);
    Rows.release(feeds);
  };
  for (let i = 0; i < UNTIMED; i++) take();
  if (state !== 'compiled') throw new Error(`The step is ${state}.`);
  return {
    take,
    trained: training.built.learner.parameters,
    dispose: () => {
      rows.dispose();
      training.dispose();
      loaded.release();
    },
  };
}
