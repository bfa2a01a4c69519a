/** What is known of a step while it is recorded: who made which tensor, and why it cannot be compiled, if so. */
import type * as tf from '@tensorflow/tfjs';
import { Draws, type DrawKeys } from './draws';
import { nativeDraws } from './randomness';
import {
  DataType,
  engine,
  sizeOf,
  tensorId,
  type Binding,
  type NativeBackend,
  type TensorMetadata,
  type TypedArray,
} from '../engine/native/internals';
import { located, refusal, type Refusal } from './reasons';
import type { SourceLocation } from '../../protocol/errors';
import type { Leaf, Trace, TraceOp, TraceUpdate, VariableIds } from './trace';

export interface RecordOptions extends DrawKeys {
  /** Whose applyGradients the graph will replace by its own update; others are recorded operation by operation. */
  readonly optimizer: tf.Optimizer | undefined;
  /** Where in the learner's source the code that is running now was called from. */
  readonly here?: (() => SourceLocation | undefined) | undefined;
  /** Filled with the gradients that the optimizer was given. */
  readonly gradients?: Map<tf.Variable, Float32Array> | undefined;
}

/** Kernels that look at their input in JavaScript only to check it; the graph's operation checks it itself. */
const CHECKING_KERNELS: ReadonlySet<string> = new Set(['GatherV2']);

/** Operations whose result depends on more than their inputs. */
const STATEFUL: ReadonlySet<string> = new Set(['Multinomial', 'RandomUniform', 'RandomStandardNormal']);

/** Results of operations on constants up to this size are computed once, here, instead of in each step. */
const FOLDED_SIZE = 1 << 16;
const FOLDED_TYPES: ReadonlySet<number> = new Set([DataType.float32, DataType.int32, DataType.bool]);

const isOpaque = (dtype: number): boolean => dtype === DataType.string || dtype === DataType.resource;

export class Recorder {
  refusal: Refusal | undefined;
  private readonly ops: TraceOp[] = [];
  private readonly updates: TraceUpdate[] = [];
  private readonly leaves = new Map<number, Leaf>();
  private readonly draws: Draws;
  private readonly made = new Set<number>();
  private readonly folded = new Map<number, TensorMetadata>();
  private readonly kernels: string[] = [];
  private readonly initial: VariableIds;

  constructor(
    private readonly backend: NativeBackend,
    /** The real binding, also while an observing one stands in its place. */
    private readonly binding: Binding,
    private readonly variables: readonly tf.Variable[],
    private readonly options: RecordOptions,
  ) {
    this.initial = this.variableIds();
    for (const [variable, id] of this.initial) this.leaves.set(id, { kind: 'variable', variable });
    this.draws = new Draws(nativeDraws(backend, binding), options, (source) => {
      this.refuse(refusal.random(source));
    });
  }

  refuse(reason: Refusal): void {
    this.refusal ??= located(reason, this.options.here?.());
  }

  feed(name: string, tensor: tf.Tensor): void {
    const id = tensorId(this.backend, tensor);
    const dtype = this.backend.tensorMap.get(tensor.dataId)?.dtype ?? 0;
    this.leaves.set(id, { kind: 'feed', name, dtype, shape: tensor.shape.slice() });
  }

  variableIds(): VariableIds {
    return new Map(this.variables.map((variable) => [variable, tensorId(this.backend, variable)]));
  }

  trace(outputs: Readonly<Record<string, TensorMetadata>>, final: VariableIds): Trace {
    for (const { id } of Object.values(outputs)) this.unfold(id);
    for (const id of final.values()) this.unfold(id);
    const { ops, updates, leaves, initial } = this;
    return { ops, updates, leaves, initial, final, outputs, draws: this.draws.all };
  }

  noteOp([name, attributes, inputs]: Parameters<Binding['executeOp']>, outputs: readonly TensorMetadata[]): void {
    if (STATEFUL.has(name) || outputs.some(({ dtype }) => isOpaque(dtype))) this.refuse(refusal.operation(name));
    for (const { id } of outputs) this.made.add(id);
    const isFolded =
      inputs.every((id) => this.folded.has(id) || this.leaves.get(id)?.kind === 'constant') &&
      outputs.every(({ shape, dtype }) => FOLDED_TYPES.has(dtype) && sizeOf(shape) <= FOLDED_SIZE);
    if (isFolded) {
      for (const output of outputs) this.folded.set(output.id, output);
      return;
    }
    for (const id of inputs) this.unfold(id);
    this.ops.push({ name, attributes, inputs, outputs });
  }

  /** A tensor that constants alone determine is itself a constant where something else uses it. */
  private unfold(id: number): void {
    const folded = this.folded.get(id);
    if (folded !== undefined && !this.leaves.has(id))
      this.noteLeaf(id, folded.dtype, folded.shape, this.binding.tensorDataSync(id));
  }

  noteCreated(id: number, [shape, dtype, values]: Parameters<Binding['createTensor']>): void {
    if (ArrayBuffer.isView(values)) this.noteLeaf(id, dtype, shape, values);
    else this.refuse(refusal.operation('string tensor'));
  }

  /** A tensor is about to be used. From before the step and neither feed nor variable: a constant of the step. */
  noteUsed(tensor: object, id: number | undefined): void {
    if (id === undefined || this.made.has(id) || this.leaves.has(id)) return;
    const { dataId } = tensor as { dataId?: object };
    const entry = dataId && this.backend.tensorMap.get(dataId);
    if (entry === undefined || isOpaque(entry.dtype)) this.refuse(refusal.operation('string tensor'));
    else this.noteLeaf(id, entry.dtype, entry.shape, this.binding.tensorDataSync(id));
  }

  private noteLeaf(id: number, dtype: number, shape: readonly number[], values: TypedArray): void {
    const draw = this.draws.of(values);
    // Copied: the step may use the array again.
    this.leaves.set(id, draw ? { kind: 'random', draw } : { kind: 'constant', dtype, shape, values: values.slice() });
  }

  enterKernel(name: string): void {
    this.kernels.push(name);
  }

  leaveKernel(): void {
    this.kernels.pop();
  }

  noteRead(): void {
    if (!CHECKING_KERNELS.has(this.kernels.at(-1) ?? '')) this.refuse(refusal.readsData());
  }

  seedFor(scope: string): number | undefined {
    return this.draws.seedFor(scope);
  }

  noteScope(scope: string, result: tf.Tensor | null): void {
    this.draws.noteScope(scope, result);
  }

  /** Runs `apply`, a call of the optimizer's applyGradients, and marks what it does. */
  noteUpdate(
    gradients: Readonly<Record<string, tf.Tensor | null>> | readonly NamedGradient[],
    apply: () => void,
  ): void {
    const list: readonly NamedGradient[] = isList(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    const noted: TraceUpdate['gradients'][number][] = [];
    list.forEach(({ name, tensor }, slot) => {
      const variable = engine().registeredVariables[name];
      if (variable === undefined) return;
      const gradient = tensor ? tensorId(this.backend, tensor) : undefined;
      if (gradient !== undefined) this.unfold(gradient);
      noted.push({ variable, slot, gradient });
      if (gradient !== undefined)
        this.options.gradients?.set(variable, this.binding.tensorDataSync(gradient) as Float32Array);
    });
    const first = this.ops.length;
    const before = this.variableIds();
    apply();
    this.updates.push({ first, last: this.ops.length, gradients: noted, before, after: this.variableIds() });
  }
}

interface NamedGradient {
  readonly name: string;
  readonly tensor?: tf.Tensor | null;
}

function isList(
  gradients: Readonly<Record<string, tf.Tensor | null>> | readonly NamedGradient[],
): gradients is readonly NamedGradient[] {
  return Array.isArray(gradients);
}
