/** Trains a case twice from the same start, eagerly and compiled, and compares. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { StepCompiler, type CompileState } from '../../../src/learning/compile';
import { currentTarget } from '../../../src/learning/compile/currentTarget';
import { isOwn } from '../../../src/learning/compile/optimizers';
import { record } from '../../../src/learning/compile/record';
import { trainStep, type Case } from './models';

export const SEED = 7;

export interface Trained {
  readonly losses: number[];
  readonly weights: Float32Array[];
  readonly iterations: number;
  /** State changes of the compiled step, in order. */
  readonly states: readonly CompileState[];
}

export type MakeOptimizer = () => tf.Optimizer;

function finish(model: tf.LayersModel, optimizer: tf.Optimizer): Pick<Trained, 'weights' | 'iterations'> {
  const weights = model.weights.map((weight) => weight.read().dataSync<'float32'>().slice());
  const { iterations } = optimizer;
  model.dispose();
  optimizer.dispose();
  return { weights, iterations };
}

/** Eager, with the random numbers that the compiled step would draw. */
export function trainEagerly(subject: Case, makeOptimizer: MakeOptimizer, steps: number, clip?: number): Trained {
  const model = subject.model();
  const optimizer = makeOptimizer();
  const target = currentTarget();
  assert.ok(target, 'needs an engine');
  const known = isOwn(optimizer) ? optimizer : undefined;
  const step = trainStep(model, optimizer, subject.loss, clip);
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const feeds = subject.feeds(i);
    tf.tidy(() => {
      const { outputs } = record(target, step, feeds, { optimizer: known, seed: SEED, step: i });
      losses.push(outputs['loss']!.dataSync()[0]!);
    });
    tf.dispose(feeds);
  }
  return { losses, states: [], ...finish(model, optimizer) };
}

export function trainCompiled(subject: Case, makeOptimizer: MakeOptimizer, steps: number, clip?: number): Trained {
  const model = subject.model();
  const optimizer = makeOptimizer();
  const compiler = new StepCompiler({ seed: SEED });
  const states: CompileState[] = [];
  const step = compiler.compile(
    trainStep(model, optimizer, subject.loss, clip),
    { optimizer, finite: 'loss' },
    (state) => states.push(state),
  );
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) {
    const feeds = subject.feeds(i);
    const { loss } = step.run(feeds, { step: i });
    losses.push(loss!.dataSync()[0]!);
    tf.dispose([feeds, loss!]);
  }
  compiler.dispose();
  return { losses, states, ...finish(model, optimizer) };
}

/** Largest |a - b| over all tensors, and largest |b|. */
export function distance(a: readonly Float32Array[], b: readonly Float32Array[]): { difference: number; size: number } {
  let difference = 0;
  let size = 0;
  a.forEach((values, tensor) => {
    values.forEach((value, i) => {
      const other = b[tensor]![i]!;
      difference = Math.max(difference, Math.abs(value - other));
      size = Math.max(size, Math.abs(other));
    });
  });
  return { difference, size };
}

/** Every loss within 1e-4 relative, the weights within 1e-3 of the largest, and really compiled. */
export function assertSameTraining(compiled: Trained, eager: Trained): void {
  assert.deepEqual(
    compiled.states.map((state) => (state.kind === 'eager' ? state.refusal : state.kind)),
    ['compiled'],
  );
  compiled.losses.forEach((loss, step) => {
    const expected = eager.losses[step]!;
    assert.ok(
      Math.abs(loss - expected) <= 1e-4 * Math.abs(expected) + 1e-6,
      `step ${step}: compiled ${loss}, eager ${expected}`,
    );
  });
  const { difference, size } = distance(compiled.weights, eager.weights);
  assert.ok(difference <= 1e-3 * size, `weights differ by ${difference} at a size of ${size}`);
  assert.equal(compiled.iterations, eager.iterations);
  assert.ok(new Set(compiled.losses).size > 1, 'the training does nothing');
}
