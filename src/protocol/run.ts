/**
 * A run: one training of one experiment, and the folder it leaves on disk.
 *
 *   <runs directory>/<run id>/
 *     run.json         RunRecord; replaced as a whole (written beside, then renamed)
 *     metrics.jsonl    one Point a line, append-only; a torn last line is dropped on reading
 *     model.ts         the source that ran
 *     checkpoints/     one folder a checkpoint, written beside, then renamed
 *     artifacts/       <kind>.json, the newest Picture of each kind
 *     pinned           an empty file, where the user has pinned the run
 *
 * Whatever the panel shows can be rebuilt from this folder alone.
 */
import type { LabErrorData } from './errors';

export const RUN_FORMAT = 1;

/** preparing → training ⇄ paused → one of the four ends. */
export type RunState = 'preparing' | 'training' | 'paused' | 'finished' | 'stopped' | 'failed' | 'interrupted';

export const ACTIVE_STATES: ReadonlySet<RunState> = new Set<RunState>(['preparing', 'training', 'paused']);

export type EndReason =
  | 'completed' // all epochs
  | 'targetReached' // stopWhen.target
  | 'noImprovement' // stopWhen.patience
  | 'stoppedByUser' // cooperative stop
  | 'killed' // the grace time ran out
  | 'abandoned' // no client, and the user wished it to stop then
  | 'error' // see RunEnd.error
  | 'trainerDied'; // found dead afterwards

export interface RunEnd {
  readonly reason: EndReason;
  /** ISO 8601. */
  readonly at: string;
  /** True when no window was attached at the end: the next start of VS Code tells the user. */
  readonly unattended: boolean;
  readonly error?: LabErrorData;
}

export interface EngineInfo {
  readonly kind: 'native' | 'wasm';
  /** e.g. "@tensorflow/tfjs-node 4.22.0" */
  readonly package: string;
  /** The TensorFlow library's own version, e.g. "2.21.0". */
  readonly version: string;
  /** Why this engine was chosen, in the user's language. */
  readonly reason: string;
  /** Why the faster one was not, where it was asked for and could not be had. */
  readonly instead?: LabErrorData;
}

export interface LayerSummary {
  readonly name: string;
  readonly type: string;
  /** Batch dimension first, null where it is open. */
  readonly outputShape: readonly (number | null)[];
  readonly parameters: number;
}

/** What whoever shows a metric needs to know of it. */
export interface MetricTraits {
  /** Where all its values lie, e.g. [0, 1]: no axis goes beyond. */
  readonly range?: readonly [number, number];
  /** Which way is good. */
  readonly better?: 'higher' | 'lower';
}

/** Sizes of one example, without the batch dimension; null where rows are of unequal length. */
export interface InputShapes {
  /** Of the only input. */
  readonly inputShape?: readonly (number | null)[];
  /** Of several inputs, by name. */
  readonly inputs?: Readonly<Record<string, readonly (number | null)[]>>;
}

export interface RunConfig {
  readonly epochs: number;
  readonly batchSize: number;
  readonly seed: number;
  readonly optimizer: string;
  readonly learningRate: number;
  /** The name of its schedule, where it has one: "cosineDecay". */
  readonly schedule?: string;
  readonly loss: string;
  readonly metrics: readonly string[];
  /** Of the metrics that declare any, by name. */
  readonly traits?: Readonly<Record<string, MetricTraits>>;
  readonly data: InputShapes & {
    readonly name: string;
    readonly train: number;
    readonly test: number;
    /** Names of the classes, empty for regression, and where there are several targets. */
    readonly classes: readonly string[];
    /** Who made the data and under which licence: shown where the data is shown. */
    readonly licence: string;
  };
  readonly parameters: number;
  readonly layers: readonly LayerSummary[];
  /** The model that is trained beside, where the experiment has `compareWith`; its series: see Point. */
  readonly reference?: {
    /** What its curves are called: the learner's own words. */
    readonly label: string;
    readonly optimizer: string;
    readonly learningRate: number;
    readonly loss: string;
    readonly parameters: number;
  };
}

/** Why the curves of the model to compare with end before the run does; the run itself goes on. */
export interface ReferenceEnd {
  /** The step that it could not take. */
  readonly step: number;
  /** In the user's language. */
  readonly message: string;
}

/** What a run's record says of a metric; records from before metrics declared anything know accuracy. */
export function traitsOf(config: Pick<RunConfig, 'traits'> | undefined, metric: string): MetricTraits {
  return config?.traits?.[metric] ?? (metric === 'accuracy' ? { range: [0, 1], better: 'higher' } : {});
}

/** How the training step is executed: compiled, as one TensorFlow graph or one list of kernels, or operation by operation and why. */
export type Execution = CompiledExecution | EagerExecution;

export interface CompiledExecution {
  readonly mode: 'compiled';
  /** What compiling cost. */
  readonly milliseconds: number;
  readonly operations: number;
}

export interface EagerExecution {
  readonly mode: 'eager';
  /** In the user's language. */
  readonly reason: string;
}

export interface RunProgress {
  /** Epochs begun, from 1; 0 before training. */
  readonly epoch: number;
  /** Optimizer steps done. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** Seconds of training, pauses left out. */
  readonly seconds: number;
  /** Seconds to the planned end, null while unknown. */
  readonly secondsLeft: number | null;
  readonly learningRate: number;
}

export interface RunRecord {
  readonly format: typeof RUN_FORMAT;
  readonly id: string;
  readonly title: string;
  /** Lesson id, absent for a model file outside any lesson. */
  readonly lesson?: string;
  readonly modelFile: string;
  /** SHA-256 of the source that ran, hex. */
  readonly sourceHash: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly state: RunState;
  readonly end?: RunEnd;
  /** Absent until the model is built. */
  readonly config?: RunConfig;
  /** How steps run; absent before the first one. */
  readonly execution?: Execution;
  /** `restoreBest`: the epoch whose weights the run ended with. */
  readonly restoredEpoch?: number;
  /** Set once the model to compare with has ended before the run. */
  readonly referenceEnd?: ReferenceEnd;
  readonly progress: RunProgress;
  /** The newest value of each series, e.g. { loss, accuracy, val_loss, val_accuracy }. */
  readonly latest: Metrics;
  readonly environment: {
    readonly engine?: EngineInfo;
    readonly node: string;
    readonly platform: string;
    readonly cpus: number;
  };
  /** Which trainer owns the run while it is active. */
  readonly trainer: {
    readonly pid: number;
    /** When its process began, as `ProcessIdentity` has it. A record without it names no process. */
    readonly started?: string | undefined;
    readonly instance: string;
  };
  readonly resumedFrom?: { readonly run: string; readonly checkpoint: string };
  /** Points in metrics.jsonl when this record was written. */
  readonly points: number;
  /** Names of complete checkpoints, oldest first. */
  readonly checkpoints: readonly string[];
}

export type Metrics = Readonly<Record<string, number>>;

/** One line of metrics.jsonl. A point's index is its line number, from 0. */
export interface Point {
  readonly kind: 'step' | 'epoch';
  /** Optimizer steps done, from 1. */
  readonly step: number;
  /** Position in epochs: 1.5 is half-way through the second. Whole at the end of an epoch. */
  readonly epoch: number;
  /** Seconds of training since the start, pauses left out. */
  readonly time: number;
  readonly learningRate: number;
  /**
   * step: loss and train metrics of that batch; epoch: means over the epoch, and val_*.
   * Of the model to compare with, where there is one: the same names behind `reference_` and `val_reference_`, e.g.
   * reference_loss, reference_accuracy, val_reference_loss, val_reference_accuracy. No other series begins so.
   */
  readonly values: Metrics;
}

/** What the name of a series says: which metric, on which data, of which model. */
export interface SeriesParts {
  /** As in the model file: "loss". */
  readonly metric: string;
  /** Measured on the test data. */
  readonly validation: boolean;
  /** Of the model to compare with. */
  readonly reference: boolean;
}

const VALIDATION = 'val_';
const REFERENCE = 'reference_';

/** "val_reference_loss" → loss, validation, reference. A metric's own name begins with none of the prefixes. */
export function seriesParts(series: string): SeriesParts {
  const validation = series.startsWith(VALIDATION);
  const rest = validation ? series.slice(VALIDATION.length) : series;
  const reference = rest.startsWith(REFERENCE);
  return { metric: reference ? rest.slice(REFERENCE.length) : rest, validation, reference };
}

/** The series of a metric, or of `referenceName` of it, on the test data. */
export function validationName(series: string): string {
  return VALIDATION + series;
}

/** The series of a metric of the model to compare with. */
export function referenceName(metric: string): string {
  return REFERENCE + metric;
}
