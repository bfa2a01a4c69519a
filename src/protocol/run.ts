/**
 * A run: one training of one experiment, and the folder it leaves on disk.
 *
 *   <runs directory>/<run id>/
 *     run.json         RunRecord; replaced as a whole (written beside, then renamed)
 *     metrics.jsonl    one Point a line, append-only; a torn last line is dropped on reading
 *     model.ts         the source that ran
 *     checkpoints/     one folder a checkpoint, written beside, then renamed
 *     artifacts/       <kind>.json, the newest Picture of each kind
 *
 * Whatever the panel shows can be rebuilt from this folder alone.
 */
import type { LabErrorData } from './errors';
import type { Attention, Conversation, DecidingWords, SampledText } from './textPictures';

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

/** How the training step is executed: as one TensorFlow graph, or operation by operation and why. */
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

/** Pictures of the model's inside. One of each kind is kept, the newest. */
export type Picture =
  | DecisionBoundary
  | ConfusionMatrix
  | WorstMistakes
  | Walkthrough
  | DropoutMasks
  | SizeStudy
  | ModelSizes
  | SampledText
  | Attention
  | DecidingWords
  | Conversation;
export type PictureKind = Picture['kind'];
/** As the core makes it: the sentence that says what it shows is added by whoever tells it (words/pictures). */
export type PictureData = {
  readonly [K in PictureKind]: Omit<Extract<Picture, { readonly kind: K }>, 'summary'>;
}[PictureKind];

/**
 * What both models reach with how many training examples: after the training, each is trained afresh for each size
 * (`sizes` of the experiment). Told anew after each size.
 */
export interface SizeStudy {
  readonly kind: 'sizeStudy';
  /** Of the training before. */
  readonly step: number;
  readonly epoch: number;
  readonly metric: 'val_accuracy' | 'val_loss';
  /** What the experiment is called, and what the model to compare with is. */
  readonly label: string;
  readonly referenceLabel: string;
  /** Rising by examples. null where the loss was no finite number. */
  readonly rows: readonly {
    readonly examples: number;
    readonly epochs: number;
    readonly value: number | null;
    readonly reference: number | null;
  }[];
  readonly summary: string;
}

/** y = factor · x^(−exponent). */
export interface PowerLaw {
  readonly exponent: number;
  readonly factor: number;
}

/**
 * What models of several sizes reach: after the training, each is trained afresh on the same data from the same seed
 * (`modelSizes` of the experiment). Told anew after each of them.
 */
export interface ModelSizes {
  readonly kind: 'modelSizes';
  /** Of the training before. */
  readonly step: number;
  readonly epoch: number;
  /** In the order in which they were trained. */
  readonly rows: readonly {
    readonly label: string;
    /** Trainable and other parameters. */
    readonly parameters: number;
    /** Floating-point operations of the whole training: three times those of the products of its forward passes. */
    readonly flops: number;
    readonly seconds: number;
    /** val_loss at the end; null where the loss was no finite number. */
    readonly value: number | null;
    /** val_loss after each epoch, against the operations so far. */
    readonly curve: readonly { readonly flops: number; readonly value: number }[];
  }[];
  /** Of val_loss: against parameters, at the end; against operations, of the lowest that each number of them gave. */
  readonly laws: { readonly parameters?: PowerLaw; readonly flops?: PowerLaw };
  /** Exponents that others have measured, where the data is text. */
  readonly published?: readonly { readonly source: string; readonly parameters: number; readonly flops: number }[];
  readonly summary: string;
}

export interface DecisionBoundary {
  readonly kind: 'decisionBoundary';
  readonly step: number;
  readonly epoch: number;
  /** Side of the square grid. */
  readonly size: number;
  readonly xRange: readonly [number, number];
  readonly yRange: readonly [number, number];
  readonly classes: readonly string[];
  /** Probability of each class at each grid point, 0..255, row-major from the lowest y, [size·size·classes], base64. */
  readonly probabilities: string;
  /** A sample of the test data to draw on top. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly label: number }[];
  /** One sentence that says what the picture shows. */
  readonly summary: string;
}

export interface ConfusionMatrix {
  readonly kind: 'confusionMatrix';
  readonly step: number;
  readonly epoch: number;
  readonly classes: readonly string[];
  /** counts[true class][predicted class] over the test set. */
  readonly counts: readonly (readonly number[])[];
  readonly summary: string;
}

export interface WorstMistakes {
  readonly kind: 'worstMistakes';
  readonly step: number;
  readonly epoch: number;
  readonly classes: readonly string[];
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** Of all mistakes on the test set. */
  readonly count: number;
  /** The most confident errors on the test set, worst first. */
  readonly items: readonly {
    readonly index: number;
    readonly label: number;
    readonly predicted: number;
    /** Probability given to the wrong class. */
    readonly confidence: number;
    /** height·width·channels bytes, base64. */
    readonly pixels: string;
  }[];
  readonly summary: string;
}

/** A test example that a picture is about. */
export interface PicturedExample {
  /** Its row in the test data. */
  readonly index: number;
  /** Class index, or the target itself where there are no classes. */
  readonly label: number;
  /** The most probable class; null where there are no classes or no output. */
  readonly predicted: number | null;
  /** Absent where the data are not pictures. */
  readonly image?: {
    readonly width: number;
    readonly height: number;
    readonly channels: 1 | 3;
    /** height·width·channels bytes, base64. */
    readonly pixels: string;
  };
}

/** One test example on its way through a functional model to the loss and back, operation by operation. */
export interface Walkthrough {
  readonly kind: 'walkthrough';
  readonly step: number;
  readonly epoch: number;
  readonly classes: readonly string[];
  readonly example: PicturedExample;
  /** In the order of computing; what is not computed (input, labels, parameters, constants) before its first use. */
  readonly nodes: readonly WalkNode[];
  /** True when the loss depends on the parameters, so that gradients flow back. */
  readonly connected: boolean;
  readonly stops: WalkStops;
  readonly summary: string;
}

/** Where the learner's code, or TensorFlow with it, could not go on. */
export interface WalkStops {
  readonly forward?: WalkStop;
  readonly backward?: WalkStop;
  /** In the learner's own `gradients`. */
  readonly gradients?: WalkStop;
  /** The model computes more operations than this. */
  readonly tooLong?: number;
}

export type WalkStop =
  | { readonly reason: 'thrown'; readonly message: string }
  /** `forward` gave no tensor. */
  | { readonly reason: 'noOutput' };

export interface WalkNode {
  /** Place in `nodes`. */
  readonly id: number;
  readonly kind: 'input' | 'target' | 'parameter' | 'constant' | 'operation';
  readonly role?: 'output' | 'loss';
  /** What formulas call it: z with the index 1, or a parameter by the learner's own name. */
  readonly symbol: { readonly base: string; readonly sub?: string };
  /** Of an operation: the name of TensorFlow.js's kernel and its arguments, tensors as places in `nodes`. */
  readonly operation?: {
    readonly kernel: string;
    readonly inputs: readonly number[];
    readonly attributes: Readonly<Record<string, number | boolean | string | readonly number[]>>;
  };
  readonly shape: readonly number[];
  /** Flat index of each of the few elements whose numbers are given. */
  readonly picked: readonly number[];
  readonly value: TensorSample;
  /** ∂L/∂node by TensorFlow; absent where nothing flows back. */
  readonly gradient?: TensorSample;
  /** A parameter's gradient by the learner's own code. */
  readonly own?: {
    readonly gradient: TensorSample;
    /**
     * Largest difference from TensorFlow's, over the largest element of TensorFlow's; null without the latter, and where
     * it is no finite number: TensorFlow's is zero everywhere and this is not, or one of the two is not finite.
     */
    readonly difference: number | null;
  };
}

/** Part of a tensor's numbers. What is not finite is null. */
export interface TensorSample {
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Elements floor(i · size / n) for i from 0 to n − 1, n = min(size, 1024): float32, little-endian, base64. */
  readonly strip: string;
  /** In the order of the node's `picked`. */
  readonly picked: readonly (number | null)[];
}

/** What dropout drops: the masks of one test example in several passes through the model in training mode. */
export interface DropoutMasks {
  readonly kind: 'dropoutMasks';
  readonly step: number;
  readonly epoch: number;
  readonly classes: readonly string[];
  readonly example: PicturedExample;
  /** In the order of the forward pass. */
  readonly layers: readonly MaskedLayer[];
  readonly summary: string;
}

export interface MaskedLayer {
  /** The dropout layer's name; empty in a model without layers. */
  readonly name: string;
  /** Elements of the mask for one example. */
  readonly units: number;
  /** One string a pass, a character a unit: 1 kept, 0 dropped. At most 256 units. */
  readonly masks: readonly string[];
  /** Share of zeros among all units in all of `passes`. */
  readonly dropped: number;
  /** What a kept activation is multiplied by. */
  readonly scale: number;
  /** How many passes were averaged for `dropped` and the following. */
  readonly passes: number;
  /** Mean over all units: after the dropout in training, and at the same place at test time. Absent if not found there. */
  readonly means?: { readonly training: number; readonly test: number };
  /** The units most active at test time; `training` is the mean over the passes. */
  readonly activations: readonly { readonly unit: number; readonly training: number; readonly test: number }[];
}
