/**
 * Records one eager run of a step. Nothing about the run changes, except that random numbers come from the compiled
 * step's generator (see randomness.ts).
 */
import * as tf from '@tensorflow/tfjs';
import { engine } from '../engine/tfjs';
import { Draws, type DrawKeys } from './draws';
import { Patches } from './patch';
import type { DrawSource } from './randomness';
import { refusal, type Refusal } from './reasons';
import type { Recorder, RecordOptions } from './recorder';
import type { StepFunction, Target, Tensors } from './target';
import type { Trace } from './trace';

export interface Recording {
  readonly outputs: Record<string, tf.Tensor>;
  /** Present when the run can be compiled. */
  readonly trace?: Trace;
  readonly refusal?: Refusal;
  /** True when the run made variables, as an optimizer's first step does: record the next one instead. */
  readonly madeVariables: boolean;
  /** How often each optimizer counted a step of its own. */
  readonly counted: ReadonlyMap<tf.Optimizer, number>;
}

/** Runs the step on the feeds, as the caller would, and writes down what it did. */
export function record(target: Target, step: StepFunction, feeds: Tensors, options: RecordOptions): Recording {
  const registered = engine().registeredVariables;
  const variables = Object.values(registered);
  const distinct = unshare(variables, feeds);
  const recorder = target.recorder(variables, options);
  recorder.begin(distinct.feeds);
  const counted = new Map<tf.Optimizer, number>();
  const patches = new Patches();
  let outputs: Record<string, tf.Tensor>;
  let trace: Trace;
  try {
    recorder.observe(patches);
    observeDraws(recorder, patches);
    observeIterations(recorder, counted, patches);
    if (options.optimizer !== undefined) observeOptimizer(options.optimizer, recorder, patches);
    outputs = step(distinct.feeds);
    trace = recorder.end(outputs);
  } finally {
    patches.undo();
    tf.dispose(distinct.copies);
  }
  const after = Object.values(registered);
  const madeVariables = after.length !== variables.length || after.some((variable, i) => variable !== variables[i]);
  const common = { outputs, madeVariables, counted };
  if (recorder.refusal !== undefined) return { ...common, refusal: recorder.refusal };
  return madeVariables ? common : { ...common, trace };
}

/**
 * A tensor is told from another by its data. Where two variables, or two feeds, share theirs (a moving average that
 * starts as the weight itself, an autoencoder's input and target), all but one get a copy.
 */
function unshare(variables: readonly tf.Variable[], feeds: Tensors): { feeds: Tensors; copies: tf.Tensor[] } {
  const seen = new Set<object>();
  const copies: tf.Tensor[] = [];
  const unshared = (tensor: tf.Tensor): tf.Tensor | undefined => {
    const { dataId } = tensor;
    if (!seen.has(dataId)) {
      seen.add(dataId);
      return undefined;
    }
    return tf.tensor(tensor.dataSync().slice(), tensor.shape, tensor.dtype);
  };
  for (const variable of variables) {
    const copy = unshared(variable);
    if (copy === undefined) continue;
    variable.assign(copy);
    copy.dispose();
  }
  const distinct = Object.entries(feeds).map(([name, tensor]) => {
    const copy = unshared(tensor);
    if (copy !== undefined) copies.push(copy);
    return [name, copy ?? tensor] as const;
  });
  return { feeds: Object.fromEntries(distinct), copies };
}

/** Whoever wants to know which random numbers tfjs makes. */
interface DrawObserver {
  /** The answer to Math.random, asked for inside this scope of tfjs; undefined where it is not tfjs that asks. */
  seedFor(scope: string): number | undefined;
  /** A scope of tfjs ends with this result. */
  noteScope(scope: string, result: tf.Tensor | null): void;
}

function observeDraws(observer: DrawObserver, patches: Patches): void {
  const tfEngine = engine();
  const { endScope } = tfEngine;
  const { random } = Math;
  const scope = (): string => tfEngine.state.activeScope?.name ?? '';
  patches.set(tfEngine, 'endScope', (result) => {
    observer.noteScope(scope(), (result as tf.Tensor | null | undefined) ?? null);
    endScope.call(tfEngine, result);
  });
  patches.set(Math, 'random', () => observer.seedFor(scope()) ?? random());
}

/** Runs a step that stays eager with the random numbers that it would have as a graph. */
export function withDraws<T>(source: DrawSource, keys: DrawKeys, work: () => T): T {
  const patches = new Patches();
  try {
    observeDraws(new Draws(source, keys), patches);
    return work();
  } finally {
    patches.undo();
  }
}

/** tfjs counts steps in JavaScript, which a graph run does not reach: what counts is noted, what reads it is refused. */
function observeIterations(recorder: Recorder, counted: Map<tf.Optimizer, number>, patches: Patches): void {
  const prototype = tf.Optimizer.prototype as unknown as { iterations: number; incrementIterations(): void };
  const original = Object.getOwnPropertyDescriptor(prototype, 'iterations');
  const iterationsOf = (optimizer: tf.Optimizer): number => original?.get?.call(optimizer) as number;
  patches.define(prototype, 'iterations', {
    configurable: true,
    get(this: tf.Optimizer) {
      recorder.refuse(refusal.iterations());
      return iterationsOf(this);
    },
  });
  patches.set(prototype, 'incrementIterations', function (this: tf.Optimizer) {
    counted.set(this, (counted.get(this) ?? 0) + 1);
    Object.assign(this, { iterations_: iterationsOf(this) + 1 });
  });
}

function observeOptimizer(optimizer: tf.Optimizer, recorder: Recorder, patches: Patches): void {
  const apply = optimizer.applyGradients.bind(optimizer);
  patches.set(optimizer, 'applyGradients', (gradients) => {
    recorder.noteUpdate(gradients, () => {
      apply(gradients);
    });
  });
}
