/** What a step is compiled to: a graph of TensorFlow's, or calls of WebAssembly's kernels. One for each engine. */
import type * as tf from '@tensorflow/tfjs';
import type { DrawSource } from './randomness';
import type { Recorder, RecordOptions } from './recorder';
import type { Trace } from './trace';

export type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A step as its caller writes it: of feeds by name, to results by name. */
export type StepFunction = (feeds: Tensors) => Record<string, tf.Tensor>;

export interface Target {
  /** Random numbers of steps that run eagerly: those that a program draws. */
  readonly draws: DrawSource;
  recorder(variables: readonly tf.Variable[], options: RecordOptions): Recorder;
  /** @throws Refused when the step cannot be compiled */
  build(trace: Trace, options: BuildOptions): Program;
}

export interface BuildOptions {
  /** The optimizer whose recorded updates are replaced by faster ones that take the learning rate of the moment. */
  readonly optimizer: tf.Optimizer | undefined;
  readonly seed: number;
  /** Name of an output that has to be finite before any variable is changed. */
  readonly finite: string | undefined;
}

export interface RunInputs {
  readonly feeds: Tensors;
  readonly learningRate: number;
  readonly step: number;
}

/** One compiled step for one set of feed shapes, with values of its own of the variables that it changes. */
export interface Program {
  /** All that it reads or changes. */
  readonly variables: readonly tf.Variable[];
  readonly updatesVariables: boolean;
  /** Operations of one step. */
  readonly size: number;
  /** False when one of the variables was disposed: the model or optimizer is another now. */
  readonly alive: boolean;
  /** Takes tf's values of the variables where they are not those it knows. */
  push(): void;
  /** Takes other values than tf's; it counts as out of step with tf afterwards. */
  load(values: ReadonlyMap<tf.Variable, tf.Tensor>): void;
  /** @throws NotFiniteError when the guarded output is not finite; no variable has changed then */
  run(inputs: RunInputs): Record<string, tf.Tensor>;
  /** The variables that it changes, as they are here; the caller disposes the tensors. */
  read(): Map<tf.Variable, tf.Tensor>;
  /** Writes what it changed into tf's variables. A variable assigned meanwhile by someone else keeps that. */
  pull(): void;
  dispose(): void;
}

/** Which program holds the newest values of the variables; none when tf's variables do. */
export class Owner {
  program: Program | undefined;

  /** Makes tf's variables current. Cheap when they are. */
  pull(): void {
    this.program?.pull();
    this.program = undefined;
  }
}
