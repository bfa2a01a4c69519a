/** A step that compiles itself: eager at first, recorded, then a program; eager for good where that cannot be. */
import * as tf from '@tensorflow/tfjs';
import { engine } from '../engine/tfjs';
import { currentTarget } from './currentTarget';
import type { Effects } from './effects';
import { NotFiniteError } from './notFinite';
import { isOwn, learningRateOf, settingsOf } from './optimizers';
import { OUT_OF_REACH } from './randomness';
import { refusal, Refused, type Refusal } from './reasons';
import { record, withDraws, type Recording } from './record';
import type { Owner, Program, StepFunction, Target, Tensors } from './target';
import { difference, type Trace } from './trace';
import { compare } from './verify';

export interface CompilerOptions {
  /** Random numbers inside steps follow from it and the step's number. */
  readonly seed: number;
  /** False: every step runs eagerly. Default true. */
  readonly enabled?: boolean;
  /** What the code of the steps does beside computing; left out, only the comparisons can tell. */
  readonly effects?: Effects | undefined;
}

export interface CompileOptions {
  /** The optimizer whose applyGradients the step calls; its learning rate becomes an input of the program. */
  readonly optimizer?: tf.Optimizer;
  /** Name of an output (the loss): when it is not finite, no variable changes and `run` throws NotFiniteError. */
  readonly finite?: string;
  /**
   * Names of outputs that are counts: a value next to a threshold may fall to its other side by rounding, so that each
   * number of these may differ by one between the compiled and the eager step.
   */
  readonly counts?: readonly string[];
  /** How many sets of feed shapes are kept compiled; the least recently used goes first. Default 16. */
  readonly maxShapes?: number;
}

export type CompileState =
  | { readonly kind: 'recording' }
  | {
      readonly kind: 'compiled';
      /** Time that building the program took. */
      readonly milliseconds: number;
      /** Operations recorded, and of the program. */
      readonly operations: number;
      readonly size: number;
    }
  | { readonly kind: 'eager'; readonly refusal: Refusal };

/** What a run needs beside the feeds. */
export interface RunOptions {
  /** Number of this step in the training: with the seed it determines the random numbers of the step. */
  readonly step: number;
}

/** The step for one set of feed shapes. */
interface Variant {
  trace: Trace | undefined;
  program: Program | undefined;
  /** Runs of the program so far. */
  runs: number;
  /** Recordings that made variables; more than two are one too many. */
  attempts: number;
  /** Recordings unlike the one before. A first step may do what later ones need not; a second such step may not. */
  changes: number;
  /** How often a step counts for each optimizer. */
  counted: Recording['counted'];
  /** What the code had changed when `trace` was recorded: later changes make it worthless. */
  state: number;
  /** Recordings in which the step itself changed what outlives it. */
  effects: number;
  /** The program did not quite agree last time: the next run is held against an eager one, too. */
  isDoubted: boolean;
}

const MAX_SHAPES = 16;

/** So often may something be changed between two steps before compiling anew costs more than it saves. */
const MAX_CHANGES = 10;

/** The runs of a program that are held against an eager run: the first, then ever more rarely. */
/**
 * A disagreement that rounding may explain: where a sum is zero but for rounding, ReLU and the like have one slope or the
 * other, and a gradient is another one. It seldom happens twice running.
 */
const isNear = (found: Refusal): boolean => found.code === 'mismatch' && found.difference <= 10 * found.tolerance;

const isVerified = (run: number): boolean => run === 0 || (run >= 10 && Number.isInteger(Math.log10(run)));

export class CompiledFunction {
  private current: CompileState = { kind: 'recording' };
  private readonly variants = new Map<string, Variant>();
  /** How often something that a program was made for was changed afterwards. */
  private outdated = 0;

  constructor(
    private readonly step: StepFunction,
    private readonly options: CompileOptions,
    private readonly owner: Owner,
    private readonly compiler: CompilerOptions,
    private readonly onState: (state: CompileState) => void,
  ) {}

  /** The optimizer, where the program has an update of its own in place of the recorded one. */
  private get replaced(): tf.Optimizer | undefined {
    const { optimizer } = this.options;
    return optimizer !== undefined && isOwn(optimizer) ? optimizer : undefined;
  }

  get state(): CompileState {
    return this.current;
  }

  private get isEager(): boolean {
    return this.current.kind === 'eager';
  }

  /** What the code has changed so far. */
  private get changes(): number {
    return this.compiler.effects?.changes ?? 0;
  }

  /**
   * Runs the step, compiled where possible. The caller disposes feeds and outputs.
   * @throws NotFiniteError see `CompileOptions.finite`
   */
  run(feeds: Tensors, { step }: RunOptions): Record<string, tf.Tensor> {
    // At the first run, not before: whoever made the function may not be listening yet.
    if (this.compiler.enabled === false && !this.isEager) this.refuse(refusal.disabled());
    const target = currentTarget();
    if (target === undefined) {
      if (!this.isEager) this.refuse(refusal.engine());
      return this.runDrawn(undefined, feeds, step);
    }
    if (this.isEager) return this.runDrawn(target, feeds, step);
    const variant = this.variant(feeds);
    if (variant.trace !== undefined && variant.state !== this.changes && !this.outdate(variant))
      return this.runDrawn(target, feeds, step);
    if (variant.program === undefined) return this.runRecorded(target, variant, feeds, step);
    if (isVerified(variant.runs) || variant.isDoubted)
      return this.runVerified(target, variant, variant.program, feeds, step);
    return this.runProgram(target, variant, variant.program, feeds, step);
  }

  dispose(): void {
    for (const key of [...this.variants.keys()]) this.drop(key);
  }

  private variant(feeds: Tensors): Variant {
    const { optimizer } = this.options;
    let key = '';
    if (optimizer !== undefined) {
      const known = isOwn(optimizer);
      key = `${known ? optimizer.getClassName() : ''} ${settingsOf(optimizer, known)}`;
    }
    for (const name in feeds) key += ` ${name}:${feeds[name]?.dtype ?? ''}[${feeds[name]?.shape.join() ?? ''}]`;
    let variant = this.variants.get(key);
    if (variant?.program?.alive === false) {
      this.drop(key);
      variant = undefined;
    }
    variant ??= {
      trace: undefined,
      program: undefined,
      runs: 0,
      attempts: 0,
      changes: 0,
      counted: new Map(),
      state: 0,
      effects: 0,
      isDoubted: false,
    };
    // A Map keeps the order of insertion: the first is the least recently used.
    this.variants.delete(key);
    this.variants.set(key, variant);
    const [oldest] = this.variants.keys();
    if (this.variants.size > (this.options.maxShapes ?? MAX_SHAPES) && oldest !== undefined) this.drop(oldest);
    return variant;
  }

  private drop(key: string): void {
    const variant = this.variants.get(key);
    this.variants.delete(key);
    if (variant !== undefined) this.free(variant);
  }

  private free(variant: Variant): void {
    const { program } = variant;
    variant.program = undefined;
    if (program === undefined) return;
    if (this.owner.program === program) this.owner.pull();
    program.dispose();
  }

  /**
   * Something was changed between two steps: what was recorded before may not be what the step does now.
   * @returns false when it is given up
   */
  private outdate(variant: Variant): boolean {
    this.free(variant);
    variant.trace = undefined;
    variant.runs = 0;
    const effect = this.compiler.effects?.last;
    if (++this.outdated <= MAX_CHANGES || effect === undefined) return true;
    this.refuse(refusal.unsteady(effect));
    return false;
  }

  private runProgram(
    target: Target,
    variant: Variant,
    program: Program,
    feeds: Tensors,
    step: number,
  ): Record<string, tf.Tensor> {
    if (this.owner.program !== program) this.owner.pull();
    program.push();
    let outputs: Record<string, tf.Tensor>;
    try {
      outputs = program.run({ feeds, step, learningRate: this.learningRate() });
    } catch (error) {
      // Without the guard an update may have happened in part, and nobody knows the state before it any more.
      const intact = this.options.finite !== undefined || !program.updatesVariables;
      if (error instanceof NotFiniteError || !intact) throw error;
      return this.retryEagerly(target, feeds, step, error);
    }
    if (program.updatesVariables) this.owner.program = program;
    variant.runs++;
    count(variant.counted);
    return outputs;
  }

  /** A program failed. If the step fails eagerly too, its error is the better one; if not, the program is given up. */
  private retryEagerly(target: Target, feeds: Tensors, step: number, programError: unknown): Record<string, tf.Tensor> {
    const outputs = this.runDrawn(target, feeds, step);
    this.refuse(refusal.graph(String(programError)));
    return outputs;
  }

  /** Eager, and written down; the second recording that equals the first is compiled. */
  private runRecorded(target: Target, variant: Variant, feeds: Tensors, step: number): Record<string, tf.Tensor> {
    const before = this.changes;
    const recording = this.recordEagerly(target, feeds, step);
    const effect = before === this.changes ? undefined : this.compiler.effects?.last;
    if (recording.refusal !== undefined) this.refuse(recording.refusal);
    else if (effect !== undefined) {
      variant.trace = undefined;
      // The first step may prepare what later ones use.
      if (++variant.effects > 1) this.refuse(refusal.effect(effect));
    } else if (recording.madeVariables) {
      if (++variant.attempts > 2) this.refuse(refusal.variables());
    } else if (recording.trace !== undefined) {
      const { trace } = recording;
      const found = variant.trace && difference(variant.trace, trace);
      variant.state = before;
      if (variant.trace === undefined) variant.trace = trace;
      else if (found === undefined) this.build(target, variant, recording, trace);
      else if (++variant.changes > 1) this.refuse(refusal.changes(found));
      else variant.trace = trace;
    }
    return recording.outputs;
  }

  private build(target: Target, variant: Variant, { counted }: Recording, trace: Trace): void {
    const started = performance.now();
    try {
      const { finite } = this.options;
      const program = target.build(trace, { optimizer: this.replaced, finite, seed: this.compiler.seed });
      variant.program = program;
      variant.trace = trace;
      variant.counted = counted;
      this.setState({
        kind: 'compiled',
        milliseconds: performance.now() - started,
        operations: trace.ops.length,
        size: program.size,
      });
    } catch (error) {
      this.refuse(error instanceof Refused ? error.reason : refusal.graph(String(error)));
    }
  }

  /** Runs eagerly, which counts, and compiled from the same state, which is compared and forgotten. */
  private runVerified(
    target: Target,
    variant: Variant,
    program: Program,
    feeds: Tensors,
    step: number,
  ): Record<string, tf.Tensor> {
    this.owner.pull();
    const before = new Map(program.variables.map((variable) => [variable, variable.clone()]));
    try {
      const gradients = new Map<tf.Variable, Float32Array>();
      const state = this.changes;
      const recording = this.recordEagerly(target, feeds, step, gradients);
      let mismatch: Refusal | undefined;
      tf.tidy(() => {
        const effect = state === this.changes ? undefined : this.compiler.effects?.last;
        mismatch =
          effect === undefined
            ? this.judge(variant, program, recording, before, gradients, { feeds, step })
            : refusal.effect(effect);
      });
      variant.runs++;
      if (mismatch !== undefined && (variant.isDoubted || !isNear(mismatch))) this.refuse(mismatch);
      else variant.isDoubted = mismatch !== undefined;
      return recording.outputs;
    } finally {
      tf.dispose([...before.values()]);
    }
  }

  /** What speaks against the program, given an eager run of the step from the state `before`. */
  private judge(
    variant: Variant,
    program: Program,
    recording: Recording,
    before: ReadonlyMap<tf.Variable, tf.Tensor>,
    gradients: ReadonlyMap<tf.Variable, Float32Array>,
    inputs: { readonly feeds: Tensors; readonly step: number },
  ): Refusal | undefined {
    if (recording.refusal !== undefined) return recording.refusal;
    if (recording.trace === undefined || variant.trace === undefined) return refusal.variables();
    const found = difference(variant.trace, recording.trace);
    if (found !== undefined) return refusal.changes(found);
    let compiled: Record<string, tf.Tensor>;
    try {
      program.load(before);
      compiled = program.run({ ...inputs, learningRate: this.learningRate() });
    } catch (error) {
      return refusal.graph(String(error));
    }
    const variables = [...program.read()].flatMap(([variable, value]) => {
      const old = before.get(variable);
      return old === undefined ? [] : [{ variable, before: old, eager: variable, compiled: value }];
    });
    const outputs = { eager: recording.outputs, compiled, counts: this.options.counts };
    return compare({ outputs, variables, gradients });
  }

  private recordEagerly(
    target: Target,
    feeds: Tensors,
    step: number,
    gradients?: Map<tf.Variable, Float32Array>,
  ): Recording {
    const optimizer = this.replaced;
    let recording: Recording | undefined;
    this.runEagerly(() => {
      const { seed, effects } = this.compiler;
      const options = { optimizer, seed, step, gradients, here: effects && (() => effects.here()) };
      const work = (): Recording => record(target, this.step, feeds, options);
      recording = effects?.step(work) ?? work();
      return recording.outputs;
    });
    if (recording === undefined) throw new Error('The step did not run.');
    return recording;
  }

  /** Eagerly, with the random numbers that a program would draw: how a step runs changes no result. */
  private runDrawn(target: Target | undefined, feeds: Tensors, step: number): Record<string, tf.Tensor> {
    const draws = target?.draws ?? OUT_OF_REACH;
    return this.runEagerly(() => withDraws(draws, { seed: this.compiler.seed, step }, () => this.step(feeds)));
  }

  /** The step as the caller wrote it, on tf's variables. */
  private runEagerly(step: () => Record<string, tf.Tensor>): Record<string, tf.Tensor> {
    this.owner.pull();
    const { finite, optimizer } = this.options;
    if (finite === undefined) return tf.tidy(step);
    const before = new Map(Object.values(engine().registeredVariables).map((variable) => [variable, variable.clone()]));
    const iterations = optimizer?.iterations;
    try {
      const outputs = tf.tidy(step);
      if (outputs[finite]?.dataSync().every(Number.isFinite) !== false) return outputs;
      tf.dispose(outputs);
      for (const variable of Object.values(engine().registeredVariables)) {
        const old = before.get(variable);
        if (old !== undefined) variable.assign(old);
      }
      if (optimizer !== undefined) Object.assign(optimizer, { iterations_: iterations });
      throw new NotFiniteError();
    } finally {
      tf.dispose([...before.values()]);
    }
  }

  private learningRate(): number {
    const { optimizer } = this.options;
    return optimizer === undefined ? 0 : learningRateOf(optimizer);
  }

  private refuse(reason: Refusal): void {
    this.dispose();
    this.setState({ kind: 'eager', refusal: reason });
  }

  private setState(state: CompileState): void {
    this.current = state;
    this.onState(state);
  }
}

/** tfjs counts an optimizer's steps in JavaScript, where a compiled run does not come by. */
function count(counted: Recording['counted']): void {
  for (const [optimizer, steps] of counted) Object.assign(optimizer, { iterations_: optimizer.iterations + steps });
}
