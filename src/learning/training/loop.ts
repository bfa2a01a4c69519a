/** The training loop: epochs of shuffled batches, validation, checkpoints; asks its Control before every step. */
import type * as tf from '@tensorflow/tfjs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Split } from '../../lab/dataset';
import type { StopWhen } from '../../lab/experiment';
import { validationName, type EndReason, type Metrics, type Point, type RunProgress } from '../../protocol/run';
import { Rows, shuffledIndices, type BatchShape } from './batches';
import type { CheckpointState } from './checkpoint';
import type { Control } from './control';
import { evaluateSplit, type OutputListener } from './evaluate';
import type { Executor } from './executor';
import type { NonFinite } from './learner';
import { Means } from './means';
import { learningRate, setLearningRate } from './optimizer';
import type { Randomness } from './randomness';
import type { Reference } from './reference';
import { Stopping } from './stopping';
import { Stopwatch } from './stopwatch';

export interface LoopSettings {
  readonly epochs: number;
  readonly batchSize: number;
  readonly stopWhen: StopWhen | undefined;
  readonly shape: BatchShape;
  /** Whether every epoch ends with a validation, or only the last one. Default 'everyEpoch'. */
  readonly validation?: 'everyEpoch' | 'lastEpoch';
}

/** What the loop asks a Control. */
export type LoopControl = Pick<Control, 'isPaused' | 'stopped' | 'takeLearningRate' | 'mayStep' | 'end'>;

/** What the loop tells its surroundings. Calls are synchronous; what they throw ends the run. */
export interface LoopEvents {
  /** Before the first step, the clock not yet running. */
  begin?(step: number, epoch: number): void;
  /** The run waits; the clock stands. */
  paused?(step: number, epoch: number): void;
  /** No more steps follow: all are done, or somebody stopped it. */
  end?(step: number, epoch: number): void;
  point(point: Point): void;
  progress(progress: RunProgress): void;
  /** After validation: the place to save and to draw. */
  epochEnd(state: Omit<CheckpointState, 'points'>, values: Metrics): void;
  stepEnd(step: number, epoch: number): void;
  testOutput: OutputListener;
  /** Makes the error to throw; the loop itself knows no texts. */
  nonFinite(step: number, loss: number, origin: NonFinite, learningRate: number): Error;
}

export class TrainingLoop {
  private readonly stepsPerEpoch: number;
  private readonly totalSteps: number;
  private readonly watch: Stopwatch;
  private readonly stopping: Stopping;
  private step = 0;
  private epoch = 0;
  /** Where this process began, for the estimate of the time left. */
  private origin = { step: 0, seconds: 0 };

  constructor(
    private readonly executor: Executor,
    private readonly optimizer: tf.Optimizer,
    private readonly data: { readonly train: Split; readonly test: Split },
    private readonly settings: LoopSettings,
    private readonly randomness: Randomness,
    private readonly control: LoopControl,
    private readonly events: LoopEvents,
    now: () => number,
    resumed?: CheckpointState,
    /** A second model, which takes each step after this one; its owner disposes it. */
    private readonly reference?: Reference,
  ) {
    this.stepsPerEpoch = Math.ceil(data.train.length / settings.batchSize);
    this.totalSteps = this.stepsPerEpoch * settings.epochs;
    this.stopping = new Stopping(settings.stopWhen);
    this.watch = new Stopwatch(now, resumed?.seconds);
    if (resumed !== undefined) {
      this.step = resumed.step;
      this.epoch = resumed.epoch;
      this.origin = { step: resumed.step, seconds: resumed.seconds };
      setLearningRate(optimizer, resumed.learningRate);
      randomness.restore(resumed.random);
      this.stopping.restore(resumed.stopping);
      if (resumed.reference !== undefined) reference?.restore(resumed.reference);
    }
  }

  get progress(): RunProgress {
    const { seconds } = this.watch;
    const taken = this.step - this.origin.step;
    const secondsLeft = taken < 2 ? null : ((seconds - this.origin.seconds) / taken) * (this.totalSteps - this.step);
    return {
      epoch: Math.min(this.epoch + 1, this.settings.epochs),
      step: this.step,
      stepsPerEpoch: this.stepsPerEpoch,
      totalSteps: this.totalSteps,
      seconds,
      secondsLeft,
      learningRate: this.rate,
    };
  }

  async run(): Promise<EndReason> {
    const train = new Rows(this.data.train, this.settings.shape);
    const test = new Rows(this.data.test, this.settings.shape);
    try {
      this.events.begin?.(this.step, this.position);
      const reason = await this.runEpochs(train, test);
      this.watch.pause();
      this.events.end?.(this.step, this.position);
      return reason;
    } finally {
      train.dispose();
      test.dispose();
      this.watch.pause();
      this.control.end();
    }
  }

  private async runEpochs(train: Rows, test: Rows): Promise<EndReason> {
    this.watch.start();
    while (this.epoch < this.settings.epochs) {
      const stop = await this.runEpoch(train, test);
      if (stop !== undefined) return stop;
    }
    return 'completed';
  }

  /** In epochs. */
  private get position(): number {
    return this.step / this.stepsPerEpoch;
  }

  private get rate(): number {
    return learningRate(this.optimizer) ?? 0;
  }

  private async runEpoch(train: Rows, test: Rows): Promise<EndReason | undefined> {
    const order = shuffledIndices(train.length, this.randomness.shuffling(this.epoch));
    const means = new Means();
    this.reference?.beginEpoch();
    for (let from = 0; from < train.length; from += this.settings.batchSize) {
      if (!(await this.mayGoOn())) return this.control.stopped ?? 'stoppedByUser';
      this.takeStep(train, order, from, means);
    }
    const mayGoOn = async (): Promise<boolean> => {
      await nextTurn();
      return this.control.stopped === undefined;
    };
    const validates = this.settings.validation !== 'lastEpoch' || this.epoch + 1 >= this.settings.epochs;
    const validation = validates ? await evaluateSplit(this.executor, test, mayGoOn, this.events.testOutput) : {};
    if (validation === undefined) return this.control.stopped;
    const reference = await this.reference?.endEpoch(validates ? test : undefined, mayGoOn);
    if (this.reference !== undefined && reference === undefined) return this.control.stopped;
    return this.endEpoch(means.values(), validation, reference);
  }

  /** Lets messages in, then waits out a pause with the clock stopped. */
  private async mayGoOn(): Promise<boolean> {
    await nextTurn();
    if (!this.control.isPaused) return this.control.stopped === undefined;
    this.watch.pause();
    this.events.progress(this.progress);
    this.events.paused?.(this.step, this.position);
    const go = await this.control.mayStep();
    this.watch.start();
    return go;
  }

  private takeStep(train: Rows, order: Int32Array, from: number, means: Means): void {
    const rate = this.control.takeLearningRate();
    if (rate !== undefined) this.changeRate(rate);
    const rows = order.subarray(from, from + this.settings.batchSize);
    const feeds = train.feeds(rows);
    const { values, nonFinite } = this.randomness.during(() => this.executor.step(feeds, this.step + 1));
    const reference = nonFinite === undefined ? this.reference?.step(feeds, rows.length, this.step + 1) : undefined;
    feeds.rows.dispose();
    this.step++;
    if (nonFinite !== undefined)
      throw this.events.nonFinite(this.step, values['loss'] ?? Number.NaN, nonFinite, this.rate);
    means.add(values, rows.length);
    const epoch = this.step / this.stepsPerEpoch;
    this.events.point({
      kind: 'step',
      step: this.step,
      epoch,
      time: this.watch.seconds,
      learningRate: this.rate,
      values: { ...values, ...reference },
    });
    this.events.progress(this.progress);
    this.events.stepEnd(this.step, epoch);
  }

  /** A slider moves both models' rates. */
  private changeRate(rate: number): void {
    const before = this.rate;
    setLearningRate(this.optimizer, rate);
    this.reference?.changeRate(before, rate);
  }

  private endEpoch(train: Metrics, validation: Metrics, reference: Metrics | undefined): EndReason | undefined {
    this.epoch++;
    const values: Record<string, number> = { ...train };
    for (const [name, value] of Object.entries(validation)) values[validationName(name)] = value;
    Object.assign(values, reference);
    const { seconds } = this.watch;
    this.events.point({
      kind: 'epoch',
      step: this.step,
      epoch: this.epoch,
      time: seconds,
      learningRate: this.rate,
      values,
    });
    const stop = this.stopping.afterEpoch(values);
    this.events.progress(this.progress);
    this.events.epochEnd(
      {
        epoch: this.epoch,
        step: this.step,
        seconds,
        learningRate: this.rate,
        random: this.randomness.state(),
        stopping: this.stopping.state(),
        ...(this.reference === undefined ? {} : { reference: this.reference.state() }),
      },
      values,
    );
    return stop;
  }
}
