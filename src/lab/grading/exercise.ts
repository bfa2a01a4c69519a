import type { Dataset } from '../dataset';
import type { Experiment } from '../experiment';

/** What a training inside a check measured. */
export interface TrainingResult {
  /** One entry an epoch: loss, accuracy, val_loss, val_accuracy … */
  readonly epochs: readonly Readonly<Record<string, number>>[];
  /** Loss and metrics of each step. */
  readonly steps: readonly Readonly<Record<string, number>>[];
  /** Final weights by name; row-major. */
  readonly weights: readonly { readonly name: string; readonly values: Float32Array }[];
}

export interface CheckContext<Value> {
  /** What the learner's model file exports under the exercise's name. Of the right kind, otherwise unchecked. */
  readonly learner: Value;
  /** Everything that the model file exports. */
  readonly exports: Readonly<Record<string, unknown>>;
  /** The numbers of a data set, as a training gets them. */
  readonly load: <Data extends Dataset>(dataset: Data) => ReturnType<Data['load']>;
  /** Really trains; the same seed gives the same result. Frees what it made. */
  readonly train: (experiment: Experiment, options?: { readonly epochs?: number }) => Promise<TrainingResult>;
  /** A folder for what is costly to compute and can be computed again. */
  readonly cacheDirectory: string;
  /** Folders that may hold data, first match wins. */
  readonly directories: readonly string[];
}

/** Passes by returning; fails by an assertion of 'deep-learning-lab/grading'. Tensors that it makes are freed. */
export type QuickCheck<Value> = (context: CheckContext<Value>) => undefined;

/** A check that waits: for data, for a training. It frees its own tensors. */
export interface LongCheck<Value> {
  /** It is ended after this long. */
  readonly seconds: number;
  readonly run: (context: CheckContext<Value>) => Promise<void>;
}

/** A check that has no limit of its own has this one, seconds. */
export const DEFAULT_SECONDS = 10;

export interface ExerciseChecks<Value> {
  /** What the learner's export is. */
  readonly kind: 'function' | 'number';
  /** By id, in order; each has its title and term in exercise.md. */
  readonly checks: Readonly<Record<string, QuickCheck<Value> | LongCheck<Value>>>;
}

/** Declares the checks of an exercise: the default export of its checks.ts. */
export function exercise<Value>(checks: ExerciseChecks<Value>): ExerciseChecks<Value> {
  return checks;
}

export function isExerciseChecks(value: unknown): value is ExerciseChecks<unknown> {
  if (typeof value !== 'object' || value === null || !('checks' in value) || !('kind' in value)) return false;
  const { kind, checks } = value;
  if ((kind !== 'function' && kind !== 'number') || typeof checks !== 'object' || checks === null) return false;
  return Object.values(checks as Record<string, unknown>).every(
    (check) => typeof check === 'function' || (typeof check === 'object' && check !== null && 'run' in check),
  );
}
