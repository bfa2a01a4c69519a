/**
 * The compiled training step: records an eager step of tfjs operations and runs what is left of it without tfjs: as a
 * TensorFlow graph with variables, one call a step, or as a list of WebAssembly's kernels. See "The compiled step" in ARCHITECTURE.md.
 *
 *   const compiler = new StepCompiler({ seed });
 *   const train = compiler.compile(trainStep, { optimizer, finite: 'loss' });
 *   const evaluate = compiler.compile(({ x, y }) => ({ loss: loss(y, model.apply(x)) }));
 *   const { loss } = train.run({ x, y }, { step });   // eager for the first steps, then compiled; always right
 *   compiler.pull();                                  // before anyone looks at tf's variables
 *
 * A step is a function of its feeds (any number of tensors, by name) to named tensors. It may update tf variables and
 * draw random numbers; it must do the same operations each time it is called with the same shapes. A step that cannot
 * be compiled runs eagerly, and `state` says why. Assigning a tf variable between steps is noticed: no push is needed.
 */
import { CompiledFunction, type CompileOptions, type CompilerOptions, type CompileState } from './compiledFunction';
import { Owner, type StepFunction } from './target';

export type { CompileOptions, CompilerOptions, CompileState, RunOptions } from './compiledFunction';
export { CompiledFunction } from './compiledFunction';
export type { Effect, Effects } from './effects';
export { nativeBackend, type NativeBackend } from '../engine/native/internals';
export { DataType } from '../engine/tfjs';
export { NotFiniteError } from './notFinite';
export type { Refusal, RefusalCode } from './reasons';
export type { StepFunction, Tensors } from './target';

/** Compiles the steps that share one model's variables: training, evaluation, prediction. */
export class StepCompiler {
  private readonly owner = new Owner();
  private readonly functions: CompiledFunction[] = [];

  constructor(private readonly options: CompilerOptions) {}

  /** @param onState told whenever the function is compiled (for one more set of shapes) or falls back to eager */
  compile(
    step: StepFunction,
    options: CompileOptions = {},
    onState: (state: CompileState) => void = () => undefined,
  ): CompiledFunction {
    const made = new CompiledFunction(step, options, this.owner, this.options, onState);
    this.functions.push(made);
    return made;
  }

  /** Makes tf's variables current: call it before reading weights or optimizer state. Cheap when they are. */
  pull(): void {
    this.owner.pull();
  }

  /** Frees every graph. tf's variables are current afterwards. */
  dispose(): void {
    this.owner.pull();
    for (const compiled of this.functions) compiled.dispose();
    this.functions.length = 0;
  }
}
