/** What an inspector of the model's inside needs, without a run around it. */
import { experiment, type Dataset, type ExperimentConfig, type Split } from '../../../src/lab';
import type { Inspection } from '../../../src/protocol/run';
import type { InspectorContext } from '../../../src/trainer/inspect/inspector';
import { build } from '../../../src/trainer/training/build';
import { Executor } from '../../../src/trainer/training/executor';
import { disposeOptimizer } from '../../../src/trainer/training/optimizer';

/** Rows of numbers with a class each, or with a number where there are no classes. */
export function table(x: readonly (readonly number[])[], y: readonly number[], classes: readonly string[]): Dataset {
  const split: Split = {
    length: x.length,
    x: Float32Array.from(x.flat()),
    y: classes.length === 0 ? Float32Array.from(y) : Int32Array.from(y),
  };
  return {
    name: 'table',
    kind: 'table',
    inputShape: [x[0]!.length],
    classes,
    targetShape: classes.length === 0 ? [1] : [],
    train: x.length,
    test: x.length,
    licence: 'none',
    load: () => Promise.resolve({ train: split, test: split }),
  };
}

export interface Inspected extends InspectorContext {
  readonly emitted: Inspection[];
  dispose(): void;
}

export async function inspected(config: ExperimentConfig): Promise<Inspected> {
  const made = experiment(config);
  const { test } = await made.data.load({
    directories: [],
    cacheDirectory: '',
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const { learner, optimizer, fromLogits } = build(made);
  const executor = new Executor(learner, optimizer, { seed: 1, compile: false });
  const emitted: Inspection[] = [];
  return {
    experiment: made,
    executor,
    learner,
    test,
    fromLogits,
    now: () => 0,
    emit: (inspection) => emitted.push(inspection),
    emitted,
    dispose: () => {
      executor.dispose();
      learner.dispose();
      disposeOptimizer(optimizer);
    },
  };
}
