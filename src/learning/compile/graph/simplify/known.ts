/** What the rules may ask of the operations so far, and the parts they build new ones from. */
import { type Binding, type OpAttribute } from '../../../engine/native/internals';
import { DataType, sizeOf, type TensorMetadata, type TypedArray } from '../../../engine/tfjs';
import type { Leaf, TraceOp } from '../../trace';

/** What a rule makes of an operation: others in its place, or an earlier tensor instead of its output. */
export type Rewrite = { readonly ops: readonly TraceOp[] } | { readonly alias: number };

/** Looks at an operation whose inputs are already rewritten. */
export type Rule = (op: TraceOp, known: Known) => Rewrite | undefined;

type Shape = readonly number[];

export const sameShape = (a: Shape, b: Shape): boolean => a.length === b.length && a.every((side, i) => side === b[i]);

export class Known {
  readonly leaves: Map<number, Leaf>;
  /** For each sum of slices so far: of which tensor, and where the slices begin. */
  readonly blocks = new Map<number, { readonly source: number; readonly begins: Set<string> }>();
  /** For each sum of products aᵀ·b so far: their inputs. */
  readonly products = new Map<number, readonly (readonly [number, number])[]>();
  private readonly made = new Map<number, TraceOp>();
  private readonly shapes = new Map<number, Shape>();
  private readonly aliases = new Map<number, number>();
  private readonly relus = new Map<number, number>();
  /** Tensors that rules add get numbers below those of the binding. */
  private nextId = -1;

  constructor(
    private readonly binding: Binding,
    leaves: ReadonlyMap<number, Leaf>,
  ) {
    this.leaves = new Map(leaves);
    for (const [id, leaf] of leaves) this.shapes.set(id, shapeOfLeaf(leaf));
  }

  add(op: TraceOp): void {
    for (const { id, shape } of op.outputs) {
      this.made.set(id, op);
      this.shapes.set(id, shape);
    }
    const [input] = op.inputs;
    const [output] = op.outputs;
    if (op.name === 'Relu' && input !== undefined && output !== undefined) this.relus.set(input, output.id);
  }

  alias(op: TraceOp, id: number): void {
    const [output] = op.outputs;
    if (output !== undefined) this.aliases.set(output.id, id);
  }

  resolve(id: number): number {
    return this.aliases.get(id) ?? id;
  }

  shapeOf(id: number): Shape {
    return this.shapes.get(id) ?? [];
  }

  /** The operation that made the tensor. */
  makerOf(id: number): TraceOp | undefined {
    return this.made.get(id);
  }

  /** The inputs of the operation that made the tensor, if it is one of this name. */
  inputsOf(id: number, name: string): readonly number[] | undefined {
    const op = this.made.get(id);
    return op?.name === name ? op.inputs : undefined;
  }

  /** The output of relu for this input. */
  reluOf(id: number): number | undefined {
    return this.relus.get(id);
  }

  constant(id: number): readonly number[] | undefined {
    const leaf = this.leaves.get(id);
    return leaf?.kind === 'constant' && leaf.dtype !== DataType.int64 ? [...leaf.values] : undefined;
  }

  isFilledWith(id: number, value: number): boolean {
    const leaf = this.leaves.get(id);
    if (leaf?.kind === 'constant') return leaf.dtype !== DataType.int64 && leaf.values.every((item) => item === value);
    const [, filled] = this.inputsOf(id, 'Fill') ?? [];
    if (filled !== undefined) return this.isFilledWith(filled, value);
    return value === 0 && this.inputsOf(id, 'ZerosLike') !== undefined;
  }

  isOne(id: number): boolean {
    return sizeOf(this.shapeOf(id)) === 1 && this.isFilledWith(id, 1);
  }

  // Parts of new operations, all of type float32.

  tensor(shape: Shape): TensorMetadata {
    return { id: this.nextId--, shape, dtype: DataType.float32 };
  }

  ints(values: readonly number[]): number {
    return this.integers([values.length], values);
  }

  int(value: number): number {
    return this.integers([], [value]);
  }

  private integers(shape: Shape, values: readonly number[]): number {
    const id = this.nextId--;
    const content: TypedArray = Int32Array.from(values);
    this.leaves.set(id, { kind: 'constant', dtype: DataType.int32, shape, values: content });
    this.shapes.set(id, shape);
    return id;
  }

  type(name = 'T', value: number = DataType.float32): OpAttribute {
    return { name, type: this.binding.TF_ATTR_TYPE, value };
  }

  flag(name: string, value: boolean): OpAttribute {
    return { name, type: this.binding.TF_ATTR_BOOL, value };
  }

  count(name: string, value: number): OpAttribute {
    return { name, type: this.binding.TF_ATTR_INT, value };
  }

  /** An operation whose only attribute is its type. */
  simple(name: string, inputs: readonly number[], output: TensorMetadata): TraceOp {
    return { name, inputs, attributes: [this.type()], outputs: [output] };
  }

  reshape(id: number, output: TensorMetadata): TraceOp {
    const attributes = [this.type(), this.type('Tshape', DataType.int32)];
    return { name: 'Reshape', inputs: [id, this.ints(output.shape)], attributes, outputs: [output] };
  }
}

function shapeOfLeaf(leaf: Leaf): Shape {
  switch (leaf.kind) {
    case 'variable':
      return leaf.variable.shape;
    case 'random':
      return leaf.draw.shape;
    case 'feed':
    case 'constant':
      return leaf.shape;
  }
}
