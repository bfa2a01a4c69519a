/** What a maker of the model's inside needs, without a run around it. */
import { experiment, type Dataset, type ExperimentConfig, type Split } from '../../../src/lab';
import type { Picture } from '../../../src/protocol/pictures';
import { withSummary } from '../../../src/words/pictures';
import type { PictureContext, TextContext } from '../../../src/learning/pictures/maker';
import { build } from '../../../src/learning/training/build';
import { Executor } from '../../../src/learning/training/executor';
import { disposeOptimizer } from '../../../src/learning/training/optimizer';
import assert from 'node:assert/strict';
import { isPlain, type Splits } from '../../../src/lab/dataset';
import { isPlainSplit } from '../../../src/lab/fields';

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

interface Looked {
  readonly emitted: Picture[];
  dispose(): void;
}

export type Pictured = PictureContext & Looked;
export type TextPictured = TextContext & Looked;

export async function pictured(config: ExperimentConfig): Promise<Pictured> {
  const { loaded, ...context } = await looked(config);
  const { test } = loaded;
  assert.ok(isPlainSplit(test));
  return { ...context, test };
}

/** Of data whose rows are tokens. */
export async function picturedText(config: ExperimentConfig): Promise<TextPictured> {
  const { loaded, ...context } = await looked(config);
  const { test, tokenizer } = loaded;
  assert.ok(tokenizer !== undefined);
  return { ...context, test, tokenizer };
}

async function looked(
  config: ExperimentConfig,
): Promise<Omit<PictureContext, 'test'> & Looked & { readonly loaded: Splits }> {
  const made = experiment(config);
  assert.ok(isPlain(made.data));
  const loaded = await made.data.load({
    directories: [],
    cacheDirectory: '',
    signal: new AbortController().signal,
    progress: () => undefined,
  });
  const { learner, optimizer, fromLogits } = build(made);
  const executor = new Executor(learner, optimizer, { seed: 1, compile: false });
  const emitted: Picture[] = [];
  return {
    experiment: made,
    data: made.data,
    executor,
    learner,
    loaded,
    fromLogits,
    now: () => 0,
    isNewsDue: () => true,
    isWatched: () => true,
    failed: (kind, error) => {
      throw new Error(`${kind} could not be made`, { cause: error });
    },
    emit: (picture) => emitted.push(withSummary(picture)),
    emitted,
    dispose: () => {
      executor.dispose();
      learner.dispose();
      disposeOptimizer(optimizer);
    },
  };
}
