/** The training loop: epochs of shuffled batches, validation, checkpoints; asks its Control before every step. */
import type * as tf from '@tensorflow/tfjs';
import type { Split } from '../../lab/dataset';
import type { StopWhen } from '../../lab/experiment';
import { validationName, type EndReason, type Metrics, type Point, type RunProgress } from '../../protocol/run';
import { LearningError } from '../errors';
import { epochRows, Rows, type Fields } from './batches';
import type { Control } from './control';
import { evaluateSplit } from './evaluate';
import type { Executor } from './executor';
import type { TrainingListener } from './listener';
import { Means } from './means';
import { LearningRate } from './learningRate';
import { setLearningRate } from './optimizer';
import type { Randomness } from './randomness';
import type { Reference } from './reference';
import type { TrainingState } from './state';
import { Stopping } from './stopping';
import type { Stopwatch } from './stopwatch';
import { TimeLeft } from './timeLeft';
import { nextTurn } from './turn';

export interface LoopSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly stopWhen: StopWhen | undefined;
  readonly fields: Fields;
  /** Whether every epoch ends with a validation, or only the last one. Default 'everyEpoch'. */
  readonly validation?: 'everyEpoch' | 'lastEpoch';
}

/** What the loop asks a Control. */
export type LoopControl = Pick<Control, 'isPaused' | 'stopped' | 'takeLearningRate' | 'mayStep' | 'end'>;

export interface LoopOptions {
  readonly executor: Executor;
  readonly optimizer: tf.Optimizer;
  /** A second model, which takes each step after this one; its owner disposes it. */
  readonly reference?: Reference | undefined;
  readonly data: { readonly train: Split; readonly test: Split };
  readonly settings: LoopSettings;
  readonly randomness: Randomness;
  readonly control: LoopControl;
  readonly listeners: readonly TrainingListener[];
  readonly watch: Stopwatch;
  /** Awaited when the first step is about to be taken; what it throws ends the training. */
  readonly ready?: ((train: Rows) => Promise<void>) | undefined;
}

export class TrainingLoop {
  private readonly stepsPerEpoch: number;
  private readonly totalSteps: number;
  private readonly stopping: Stopping;
  private readonly rate: LearningRate;
  private step = 0;
  private epoch = 0;
  private isReady = false;
  private timeLeft = new TimeLeft();

  constructor(private readonly options: LoopOptions) {
    const { data, settings } = options;
    this.stepsPerEpoch = Math.ceil((data.train.perEpoch ?? data.train.length) / settings.batchSize);
    this.totalSteps = this.stepsPerEpoch * settings.epochs;
    this.stopping = new Stopping(settings.stopWhen);
    this.rate = new LearningRate(options.optimizer);
  }

  /** Goes on where the state was taken, once the models' tensors are back. */
  resume({ step, epoch, seconds, learningRate, rate, random, stopping, reference }: TrainingState): void {
    setLearningRate(this.options.optimizer, learningRate);
    if (rate !== undefined) this.rate.restore(rate);
    this.step = step;
    this.epoch = epoch;
    this.timeLeft = new TimeLeft({ step, seconds });
    this.options.watch.startFrom(seconds);
    this.options.randomness.restore(random);
    this.stopping.restore(stopping);
    if (reference !== undefined) this.options.reference?.restore(reference);
  }

  get progress(): RunProgress {
    const { seconds } = this.options.watch;
    return {
      epoch: Math.min(this.epoch + 1, this.options.settings.epochs),
      step: this.step,
      stepsPerEpoch: this.stepsPerEpoch,
      totalSteps: this.totalSteps,
      seconds,
      secondsLeft: this.timeLeft.until(this.totalSteps),
      learningRate: this.rate.current,
    };
  }

  async run(): Promise<EndReason> {
    const train = new Rows(this.options.data.train, this.options.settings.fields);
    const test = new Rows(this.options.data.test, this.options.settings.fields);
    try {
      this.tell((listener) => listener.begin?.(this.step, this.position));
      const reason = await this.runEpochs(train, test);
      this.options.watch.pause();
      this.tell((listener) => listener.end?.(this.step, this.position));
      return reason;
    } finally {
      train.dispose();
      test.dispose();
      this.options.watch.pause();
      this.options.control.end();
    }
  }

  private async runEpochs(train: Rows, test: Rows): Promise<EndReason> {
    this.options.watch.start();
    while (this.epoch < this.options.settings.epochs) {
      const stop = await this.runEpoch(train, test);
      if (stop !== undefined) return stop;
    }
    return 'completed';
  }

  /** In epochs. */
  private get position(): number {
    return this.step / this.stepsPerEpoch;
  }

  private tell(event: (listener: TrainingListener) => void): void {
    for (const listener of this.options.listeners) event(listener);
  }

  private tellPoint(point: Point): void {
    this.tell((listener) => listener.point?.(point));
  }

  private tellProgress(): void {
    const { progress } = this;
    this.tell((listener) => listener.progress?.(progress));
  }

  private async runEpoch(train: Rows, test: Rows): Promise<EndReason | undefined> {
    const order = epochRows(train, this.options.randomness.shuffling(this.epoch));
    const means = new Means();
    this.options.reference?.beginEpoch();
    for (let from = 0; from < order.length; from += this.options.settings.batchSize) {
      if (!(await this.mayGoOn())) return this.options.control.stopped ?? 'stoppedByUser';
      if (!this.isReady) await this.options.ready?.(train);
      this.isReady = true;
      this.takeStep(train, order, from, means);
    }
    const mayGoOn = async (): Promise<boolean> => {
      await nextTurn();
      return this.options.control.stopped === undefined;
    };
    const validates =
      this.options.settings.validation !== 'lastEpoch' || this.epoch + 1 >= this.options.settings.epochs;
    const validation = validates
      ? await evaluateSplit(this.options.executor, test, mayGoOn, (output, firstRow) => {
          this.tell((listener) => listener.testOutput?.(output, firstRow));
        })
      : {};
    if (validation === undefined) return this.options.control.stopped;
    const reference = await this.options.reference?.endEpoch(validates ? test : undefined, mayGoOn);
    if (this.options.reference !== undefined && reference === undefined) return this.options.control.stopped;
    return this.endEpoch(means.values(), validation, reference);
  }

  /** Lets messages in, then waits out a pause with the clock stopped. */
  private async mayGoOn(): Promise<boolean> {
    await nextTurn();
    if (!this.options.control.isPaused) return this.options.control.stopped === undefined;
    this.options.watch.pause();
    this.tellProgress();
    this.tell((listener) => listener.paused?.(this.step, this.position));
    const go = await this.options.control.mayStep();
    this.options.watch.start();
    return go;
  }

  private takeStep(train: Rows, order: Int32Array, from: number, means: Means): void {
    const rate = this.options.control.takeLearningRate();
    if (rate !== undefined) this.changeRate(rate);
    this.rate.beforeStep(this.step);
    this.options.reference?.beforeStep(this.step);
    const rows = order.subarray(from, from + this.options.settings.batchSize);
    const feeds = train.feeds(rows);
    const { values, batch, nonFinite } = this.options.randomness.during(() =>
      this.options.executor.step(feeds, this.step + 1),
    );
    const reference = nonFinite === undefined ? this.options.reference?.step(feeds, this.step + 1) : undefined;
    Rows.release(feeds);
    this.step++;
    if (nonFinite !== undefined) {
      const { loss = Number.NaN } = values;
      throw new LearningError({
        code: 'NON_FINITE',
        step: this.step,
        loss,
        origin: nonFinite,
        learningRate: this.rate.current,
      });
    }
    means.add(batch);
    const epoch = this.step / this.stepsPerEpoch;
    const { seconds } = this.options.watch;
    this.timeLeft.saw(this.step, seconds);
    this.tellPoint({
      kind: 'step',
      step: this.step,
      epoch,
      time: seconds,
      learningRate: this.rate.current,
      values: { ...values, ...reference },
    });
    this.tellProgress();
    this.tell((listener) => listener.stepEnd?.(this.step, epoch));
  }

  /** A slider moves both models' rates. */
  private changeRate(rate: number): void {
    const before = this.rate.current;
    this.rate.change(rate, this.step);
    this.options.reference?.changeRate(before, rate, this.step);
  }

  private endEpoch(train: Metrics, validation: Metrics, reference: Metrics | undefined): EndReason | undefined {
    this.epoch++;
    const values: Record<string, number> = { ...train };
    for (const [name, value] of Object.entries(validation)) values[validationName(name)] = value;
    Object.assign(values, reference);
    const { seconds } = this.options.watch;
    this.tellPoint({
      kind: 'epoch',
      step: this.step,
      epoch: this.epoch,
      time: seconds,
      learningRate: this.rate.current,
      values,
    });
    this.rate.afterEpoch(values);
    this.options.reference?.afterEpoch(values);
    const stop = this.stopping.afterEpoch(values);
    this.tellProgress();
    const state: TrainingState = {
      epoch: this.epoch,
      step: this.step,
      seconds,
      learningRate: this.rate.current,
      rate: this.rate.state(),
      random: this.options.randomness.state(),
      stopping: this.stopping.state(),
      ...(this.options.reference === undefined ? {} : { reference: this.options.reference.state() }),
    };
    this.tell((listener) => listener.epochEnd?.(state, values));
    return stop;
  }
}
