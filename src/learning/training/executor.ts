/** Runs a learner's steps, compiled where that can be, and turns their scalars into numbers. */
import * as tf from '@tensorflow/tfjs';
import { stand, standing } from '../../lab/step';
import type { Metrics } from '../../protocol/run';
import {
  NotFiniteError,
  StepCompiler,
  type CompiledFunction,
  type CompileState,
  type Effects,
  type StepFunction,
  type Tensors,
} from '../compile';
import { batchOf, onRows } from './batches';
import type { NonFinite } from '../errors';
import type { Learner } from './learner';
import { scalarValue } from './objective';
import { scoped } from './scope';

export interface StepOutcome {
  /** Loss (regularisation included) and train metrics of this batch. */
  readonly values: Metrics;
  /** Set when the loss or a gradient is not finite; the weights are then still those before the step. */
  readonly nonFinite?: NonFinite;
}

export interface ExecutorOptions {
  readonly seed: number;
  /** False: every step runs eagerly. */
  readonly compile: boolean;
  /** What the learner's code does beside computing, as whoever loaded it can tell. */
  readonly effects?: Effects | undefined;
}

export class Executor {
  private readonly compiler: StepCompiler;
  private readonly training: CompiledFunction;
  private readonly evaluation: CompiledFunction;
  private readonly prediction: CompiledFunction;
  /** Optimizer steps so far. */
  private done = 0;

  /** @param onState told when the training step is compiled, or why it runs eagerly */
  constructor(
    private readonly learner: Learner,
    optimizer: tf.Optimizer,
    options: ExecutorOptions,
    onState: (state: CompileState) => void = () => undefined,
  ) {
    this.compiler = new StepCompiler({ seed: options.seed, enabled: options.compile, effects: options.effects });
    const counted = (step: StepFunction): StepFunction => this.counted(step);
    this.training = this.compiler.compile(counted(onRows(learner.train)), { optimizer, finite: 'guard' }, onState);
    this.evaluation = this.compiler.compile(counted(onRows(learner.evaluate)));
    this.prediction = this.compiler.compile(counted(learner.predict));
    this.begin(0);
  }

  /** So many optimizer steps were done before, e.g. in the run that is resumed. */
  begin(done: number): void {
    this.done = done;
    stand(done);
  }

  /**
   * One optimizer step on { x, y } or on `Rows.feeds`, which the caller disposes. `step` counts from 1 over the whole
   * training: randomness follows from it.
   */
  step(feeds: Tensors, step: number): StepOutcome {
    this.done = step - 1;
    try {
      const { guard, ...scalars } = this.run(this.training, feeds, step);
      guard?.dispose();
      this.begin(step);
      return { values: numbers(scalars) };
    } catch (error) {
      if (!(error instanceof NotFiniteError)) throw error;
      this.compiler.pull();
      const nonFinite = scoped(() => this.learner.diagnose(batchOf(feeds)));
      return { values: { loss: nonFinite.loss ?? Number.NaN }, nonFinite };
    }
  }

  /** Loss and metrics without training; `onOutput` may look at the model's output, which is disposed afterwards. */
  evaluate(feeds: Tensors, onOutput?: (output: tf.Tensor) => void): Metrics {
    const { output, ...scalars } = this.run(this.evaluation, feeds, 0);
    if (output !== undefined) {
      onOutput?.(output);
      output.dispose();
    }
    return numbers(scalars);
  }

  /** The model's output in inference mode; the caller disposes it. */
  predict(x: tf.Tensor): tf.Tensor {
    const { output } = this.run(this.prediction, { x }, 0);
    if (output === undefined) throw new Error('The prediction step gave no output.');
    return output;
  }

  /** Makes the learner's weights and the optimizer's state current: before anyone reads them. */
  sync(): void {
    this.compiler.pull();
  }

  dispose(): void {
    this.compiler.dispose();
    stand(undefined);
  }

  /** Feeds a step with how many were done, too. */
  private run(compiled: CompiledFunction, feeds: Tensors, step: number): Record<string, tf.Tensor> {
    const done = tf.scalar(this.done);
    try {
      return compiled.run({ ...feeds, done }, { step });
    } finally {
      done.dispose();
    }
  }

  private counted(step: StepFunction): StepFunction {
    return ({ done, ...feeds }) => standing(done as tf.Scalar, () => step(feeds));
  }
}

function numbers(scalars: Readonly<Record<string, tf.Tensor>>): Metrics {
  return Object.fromEntries(
    Object.entries(scalars).map(([name, tensor]) => {
      const value = scalarValue(tensor);
      tensor.dispose();
      return [name, value];
    }),
  );
}
