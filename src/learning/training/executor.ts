/** Runs a learner's steps, compiled where that can be, and turns their scalars into numbers. */
import * as tf from '@tensorflow/tfjs';
import type { Augmentation } from '../../lab/augment/augmentation';
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
import { inputFeeds, outputOf } from './batch';
import { augmented } from './augmented';
import { batchOf, batchSizeOf, onRows } from './batches';
import { countedName } from './objective';
import { outputSeries } from '../../lab/fields';
import type { NonFinite } from '../errors';
import type { Learner } from './learner';
import type { Batch } from '../../lab/experiment';
import { Means } from './means';
import { scoped } from './scope';
import { batchesPerUpdate, updateFeeds } from './update';

export interface StepOutcome {
  /** Loss (regularisation included) and train metrics of this batch, those that have a value. */
  readonly values: Metrics;
  /** The same, to be added up over an epoch. */
  readonly batch: Means;
  /** Set when the loss or a gradient is not finite; the weights are then still those before the step. */
  readonly nonFinite?: NonFinite;
}

export interface ExecutorOptions {
  readonly seed: number;
  /** False: every step runs eagerly. */
  readonly compile: boolean;
  /** What changes the examples of a training step. Default: nothing. */
  readonly augment?: readonly Augmentation[] | undefined;
  /** What the learner's code does beside computing, as whoever loaded it can tell. */
  readonly effects?: Effects | undefined;
}

export class Executor {
  private readonly compiler: StepCompiler;
  private readonly training: CompiledFunction;
  /** Adds gradients up where several batches make one update. */
  private readonly accumulation: CompiledFunction;
  private readonly evaluation: CompiledFunction;
  private readonly prediction: CompiledFunction;
  /** What the sums of a metric make, of those that are sums. */
  private readonly results: Readonly<Record<string, (sums: readonly number[]) => number>>;
  /** Optimizer steps so far. */
  private done = 0;

  /** @param onState told when the training step is compiled, or why it runs eagerly */
  constructor(
    private readonly learner: Learner,
    private readonly optimizer: tf.Optimizer,
    options: ExecutorOptions,
    onState: (state: CompileState) => void = () => undefined,
  ) {
    this.results = Object.fromEntries(
      learner.objective.metrics.flatMap(({ name, result }) => (result === undefined ? [] : [[name, result]])),
    );
    const counts = learner.objective.metrics.filter(({ isCount }) => isCount === true).map(({ name }) => name);
    this.compiler = new StepCompiler({ seed: options.seed, enabled: options.compile, effects: options.effects });
    const counted = (step: StepFunction): StepFunction => this.counted(step);
    const guarded = { finite: 'guard', counts };
    const changed = (step: StepFunction): StepFunction => augmented(step, options.augment ?? []);
    this.training = this.compiler.compile(counted(onRows(changed(learner.train))), { optimizer, ...guarded }, onState);
    this.accumulation = this.compiler.compile(counted(onRows(changed(learner.accumulate))), guarded);
    this.evaluation = this.compiler.compile(counted(onRows(learner.evaluate)), { counts });
    this.prediction = this.compiler.compile(counted(learner.predict));
    this.begin(0);
  }

  /** So many optimizer steps were done before, e.g. in the run that is resumed. */
  begin(done: number): void {
    this.done = done;
    stand(done);
  }

  /**
   * One optimizer step on a batch { x, y } or on `Rows.feeds`, which the caller frees. `step` counts from 1 over the whole
   * training: randomness follows from it.
   */
  step(feeds: Tensors, step: number): StepOutcome {
    this.done = step - 1;
    const updates = step % batchesPerUpdate(this.optimizer) === 0;
    const own = updates ? updateFeeds(this.optimizer) : {};
    try {
      const { guard, ...measured } = this.run(updates ? this.training : this.accumulation, { ...feeds, ...own }, step);
      guard?.dispose();
      this.begin(step);
      const batch = this.read(measured, feeds);
      return { values: batch.values(), batch };
    } catch (error) {
      if (!(error instanceof NotFiniteError)) throw error;
      this.compiler.pull();
      const nonFinite = scoped(() => this.learner.diagnose(batchOf(feeds)));
      return { values: { loss: nonFinite.loss ?? Number.NaN }, batch: new Means(), nonFinite };
    } finally {
      tf.dispose(own);
    }
  }

  /** Loss and metrics without training; `onOutput` may look at the model's output, which is disposed afterwards. */
  evaluate(feeds: Tensors, onOutput?: (output: Batch) => void): Means {
    const results = this.run(this.evaluation, feeds, 0);
    const { output, rest } = outputOf(results);
    onOutput?.(output);
    tf.dispose(output);
    return this.read(rest, feeds);
  }

  /** The model's output in inference mode; the caller disposes it. */
  predict(x: Batch): Batch {
    return outputOf(this.run(this.prediction, inputFeeds(x), 0)).output;
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

  /** Reads and disposes what a step measured. */
  private read(measured: Readonly<Record<string, tf.Tensor>>, feeds: Tensors): Means {
    const outputs = Object.fromEntries(
      Object.entries(measured).map(([name, tensor]) => {
        const values = tensor.dataSync<'float32'>();
        tensor.dispose();
        return [name, name in this.results ? [...values] : (values[0] ?? Number.NaN)];
      }),
    );
    const rows = batchSizeOf(feeds);
    const { goals } = this.learner.objective;
    const sizes: Record<string, number> = {};
    for (const { name, metrics } of goals) {
      const counted = outputs[countedName(name)];
      Reflect.deleteProperty(outputs, countedName(name));
      if (typeof counted !== 'number') continue;
      for (const metric of ['loss', ...metrics.map((one) => one.name)]) sizes[outputSeries(name, metric)] = counted;
      if (goals.length === 1) sizes['loss'] = counted;
    }
    return Means.ofBatch(outputs, (name) => sizes[name] ?? rows, this.results);
  }
}
