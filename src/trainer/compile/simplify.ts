/**
 * Rewrites a trace into one that computes the same with fewer and larger operations. tfjs writes a gradient as several
 * element-wise operations and a dense layer as a batched product between reshapes; TensorFlow has one kernel for each.
 * Every rule is local: it looks at an operation and at what made its inputs. What becomes unused, TensorFlow prunes.
 */
import { DataType, sizeOf, type Binding, type OpAttribute } from './internals';
import type { Leaf, Trace, TraceOp, VariableIds } from './trace';

export function simplify(binding: Binding, trace: Trace): Trace {
  return new Simplifier(binding, trace).run();
}

/** What a rule makes of an operation: others in its place, or one of its inputs instead of its output. */
type Rewrite = { readonly ops: readonly TraceOp[] } | { readonly alias: number };

/**
 * Products with fewer multiplications than this use TensorFlow's own kernel: oneDNN, which TensorFlow prefers where it
 * is built in, takes longer to prepare such a product than to compute it. (BatchMatMulV3 is not one that it takes over.)
 */
const SMALL_PRODUCT = 300_000;

class Simplifier {
  private readonly leaves: Map<number, Leaf>;
  private readonly made = new Map<number, TraceOp>();
  private readonly shapes = new Map<number, readonly number[]>();
  private readonly aliases = new Map<number, number>();
  private readonly relus = new Map<number, number>();
  /** Tensors that the rules add get numbers below those of the binding. */
  private nextId = -1;

  constructor(
    private readonly binding: Binding,
    private readonly trace: Trace,
  ) {
    this.leaves = new Map(trace.leaves);
    for (const [id, leaf] of trace.leaves) this.shapes.set(id, shapeOfLeaf(leaf));
  }

  run(): Trace {
    const ops: TraceOp[] = [];
    // Where each operation of the trace begins in the new list.
    const starts: number[] = [];
    for (const original of this.trace.ops) {
      starts.push(ops.length);
      for (const { id, shape } of original.outputs) this.shapes.set(id, shape);
      const op = { ...original, inputs: original.inputs.map((id) => this.resolve(id)) };
      const rewrite = this.rewrite(op) ?? { ops: [op] };
      if ('alias' in rewrite) {
        this.aliases.set(op.outputs[0]?.id ?? 0, rewrite.alias);
        continue;
      }
      for (const made of rewrite.ops) {
        ops.push(made);
        for (const output of made.outputs) {
          this.made.set(output.id, made);
          this.shapes.set(output.id, output.shape);
        }
        if (made.name === 'Relu') this.relus.set(made.inputs[0] ?? 0, made.outputs[0]?.id ?? 0);
      }
    }
    starts.push(ops.length);
    const { initial, updates, final, outputs, draws } = this.trace;
    const resolved = (ids: VariableIds): VariableIds =>
      new Map([...ids].map(([variable, id]) => [variable, this.resolve(id)]));
    return {
      ops,
      leaves: this.leaves,
      initial,
      draws,
      final: resolved(final),
      outputs: Object.fromEntries(
        Object.entries(outputs).map(([name, output]) => [name, { ...output, id: this.resolve(output.id) }]),
      ),
      updates: updates.map((update) => ({
        first: starts[update.first] ?? ops.length,
        last: starts[update.last] ?? ops.length,
        before: resolved(update.before),
        after: resolved(update.after),
        gradients: update.gradients.map((entry) => ({
          ...entry,
          gradient: entry.gradient === undefined ? undefined : this.resolve(entry.gradient),
        })),
      })),
    };
  }

  private rewrite(op: TraceOp): Rewrite | undefined {
    switch (op.name) {
      case 'Reshape':
        return this.reshape(op);
      case 'Cast':
        return this.typeOf(op, 'SrcT') === this.typeOf(op, 'DstT') ? alias(op.inputs[0]) : undefined;
      case 'BatchMatMulV2':
        return this.product(op);
      case 'Add':
        return this.bias(op) ?? replace(op, 'AddV2');
      case 'Mul':
        return this.activationGradient(op);
      case 'Sum':
        return this.biasGradient(op);
      default:
        return undefined;
    }
  }

  /** A reshape of a reshape is one reshape; one to the shape it has is none. */
  private reshape(op: TraceOp): Rewrite | undefined {
    const [input, shape] = op.inputs;
    const [output] = op.outputs;
    if (input === undefined || shape === undefined || output === undefined) return undefined;
    const inner = this.made.get(input);
    const source = inner?.name === 'Reshape' ? (inner.inputs[0] ?? input) : input;
    if (this.shapeOf(source).join() === output.shape.join()) return { alias: source };
    return { ops: [{ ...op, inputs: [source, shape] }] };
  }

  /** A batch of one product is a plain product; a small one stays with TensorFlow's own kernel. */
  private product(op: TraceOp): Rewrite | undefined {
    const [a, b] = op.inputs;
    const [output] = op.outputs;
    if (a === undefined || b === undefined || output?.dtype !== DataType.float32) return undefined;
    const [shapeA, shapeB] = [this.shapeOf(a), this.shapeOf(b)];
    const [adjointA, adjointB] = [this.isSet(op, 'adj_x'), this.isSet(op, 'adj_y')];
    const inner = shapeA.at(adjointA ? -2 : -1) ?? 1;
    const small = sizeOf(output.shape) * inner < SMALL_PRODUCT;
    const single = shapeA.length === 3 && shapeB.length === 3 && shapeA[0] === 1 && shapeB[0] === 1;
    if (!single) return small ? { ops: [this.smallProduct(a, b, adjointA, adjointB, output)] } : undefined;

    const ops: TraceOp[] = [];
    const flat = { id: this.nextId--, shape: output.shape.slice(1), dtype: output.dtype };
    const [flatA, flatB] = [this.reshaped(a, shapeA.slice(1), ops), this.reshaped(b, shapeB.slice(1), ops)];
    ops.push(
      small
        ? this.smallProduct(flatA, flatB, adjointA, adjointB, flat)
        : {
            name: 'MatMul',
            inputs: [flatA, flatB],
            attributes: [this.type('T'), this.flag('transpose_a', adjointA), this.flag('transpose_b', adjointB)],
            outputs: [flat],
          },
    );
    ops.push(this.reshapeOp(flat.id, output));
    return { ops };
  }

  private smallProduct(
    a: number,
    b: number,
    adjointA: boolean,
    adjointB: boolean,
    output: TraceOp['outputs'][number],
  ): TraceOp {
    return {
      name: 'BatchMatMulV3',
      inputs: [a, b],
      attributes: [
        this.type('Ta'),
        this.type('Tb'),
        this.type('Tout'),
        this.flag('adj_x', adjointA),
        this.flag('adj_y', adjointB),
      ],
      outputs: [output],
    };
  }

  /** x + b with b along the last side is BiasAdd, which TensorFlow fuses with what comes before and after. */
  private bias(op: TraceOp): Rewrite | undefined {
    const [x, b] = op.inputs;
    const [output] = op.outputs;
    if (x === undefined || b === undefined || output?.dtype !== DataType.float32) return undefined;
    const [shapeX, shapeB] = [this.shapeOf(x), this.shapeOf(b)];
    const fits = shapeX.length >= 2 && shapeB.length === 1 && shapeX.at(-1) === shapeB[0];
    return fits
      ? { ops: [{ name: 'BiasAdd', inputs: [x, b], attributes: [this.type('T')], outputs: [output] }] }
      : undefined;
  }

  /** The sum over all sides but the last is BiasAddGrad. */
  private biasGradient(op: TraceOp): Rewrite | undefined {
    const [x, axes] = op.inputs;
    const [output] = op.outputs;
    const along = axes === undefined ? undefined : this.constant(axes);
    if (x === undefined || along === undefined || output?.dtype !== DataType.float32) return undefined;
    const rank = this.shapeOf(x).length;
    const leading = rank >= 2 && along.length === rank - 1 && along.every((axis, i) => axis === i);
    return leading && output.shape.length === 1
      ? { ops: [{ name: 'BiasAddGrad', inputs: [x], attributes: [this.type('T')], outputs: [output] }] }
      : undefined;
  }

  /** dy times the derivative of relu, tanh or sigmoid, in either order. */
  private activationGradient(op: TraceOp): Rewrite | undefined {
    const [first, second] = op.inputs;
    const [output] = op.outputs;
    if (first === undefined || second === undefined || output?.dtype !== DataType.float32) return undefined;
    return (
      this.gradientOf(first, second, output) ?? this.gradientOf(second, first, output) ?? this.scaledByOne(op, output)
    );
  }

  private gradientOf(dy: number, derivative: number, output: TraceOp['outputs'][number]): Rewrite | undefined {
    const same = this.shapeOf(dy).join() === this.shapeOf(derivative).join();
    if (!same) return undefined;
    const one = (name: string, inputs: readonly number[]): Rewrite => ({
      ops: [{ name, inputs, attributes: [this.type('T')], outputs: [output] }],
    });
    const stepInput = this.matchStep(derivative);
    // The output of relu is positive where its input is; taking it lets the input be fused away.
    if (stepInput !== undefined) return one('ReluGrad', [dy, this.relus.get(stepInput) ?? stepInput]);
    const [minuend, square] = this.inputsOf(derivative, 'Sub') ?? [];
    const [squared] = square === undefined ? [] : (this.inputsOf(square, 'Square') ?? []);
    if (minuend !== undefined && squared !== undefined && this.isOne(minuend) && this.isMadeBy(squared, 'Tanh'))
      return one('TanhGrad', [squared, dy]);
    const [y, rest] = this.inputsOf(derivative, 'Mul') ?? [];
    const [whole, part] = rest === undefined ? [] : (this.inputsOf(rest, 'Sub') ?? []);
    if (y !== undefined && whole !== undefined && part === y && this.isOne(whole) && this.isMadeBy(y, 'Sigmoid'))
      return one('SigmoidGrad', [y, dy]);
    return undefined;
  }

  /** x where step(x) is 1 for positive x and 0 otherwise, as tfjs-node writes it. */
  private matchStep(id: number): number | undefined {
    const [isNan, x, rest] = this.inputsOf(id, 'Select') ?? [];
    const [positive, ones, zeros] = rest === undefined ? [] : (this.inputsOf(rest, 'Select') ?? []);
    if (isNan === undefined || x === undefined || positive === undefined) return undefined;
    const [compared, zero] = this.inputsOf(positive, 'Greater') ?? [];
    const fits =
      this.inputsOf(isNan, 'IsNan')?.[0] === x &&
      compared === x &&
      zero !== undefined &&
      this.isFilledWith(zero, 0) &&
      ones !== undefined &&
      this.isFilledWith(ones, 1) &&
      zeros !== undefined &&
      this.isFilledWith(zeros, 0);
    return fits ? x : undefined;
  }

  /** A product with ones of no larger shape is the other factor. */
  private scaledByOne(op: TraceOp, output: TraceOp['outputs'][number]): Rewrite | undefined {
    const [first, second] = op.inputs;
    for (const [factor, other] of [
      [first, second],
      [second, first],
    ] as const)
      if (
        factor !== undefined &&
        other !== undefined &&
        this.isFilledWith(factor, 1) &&
        this.shapeOf(other).join() === output.shape.join()
      )
        return { alias: other };
    return undefined;
  }

  private resolve(id: number): number {
    return this.aliases.get(id) ?? id;
  }

  private shapeOf(id: number): readonly number[] {
    return this.shapes.get(id) ?? [];
  }

  private inputsOf(id: number, name: string): readonly number[] | undefined {
    const op = this.made.get(id);
    return op?.name === name ? op.inputs : undefined;
  }

  private isMadeBy(id: number, name: string): boolean {
    return this.made.get(id)?.name === name;
  }

  private constant(id: number): readonly number[] | undefined {
    const leaf = this.leaves.get(id);
    return leaf?.kind === 'constant' && leaf.dtype !== DataType.int64 ? [...leaf.values] : undefined;
  }

  private isOne(id: number): boolean {
    return this.isFilledWith(id, 1) && sizeOf(this.shapeOf(id)) === 1;
  }

  private isFilledWith(id: number, value: number): boolean {
    const leaf = this.leaves.get(id);
    if (leaf?.kind === 'constant') return leaf.dtype !== DataType.int64 && leaf.values.every((item) => item === value);
    const [, filled] = this.inputsOf(id, 'Fill') ?? [];
    return filled !== undefined && this.isFilledWith(filled, value);
  }

  private isSet({ attributes }: TraceOp, name: string): boolean {
    return attributes.some((attribute) => attribute.name === name && attribute.value === true);
  }

  private typeOf({ attributes }: TraceOp, name: string): unknown {
    return attributes.find((attribute) => attribute.name === name)?.value;
  }

  private type(name: string): OpAttribute {
    return { name, type: this.binding.TF_ATTR_TYPE, value: DataType.float32 };
  }

  private flag(name: string, value: boolean): OpAttribute {
    return { name, type: this.binding.TF_ATTR_BOOL, value };
  }

  /** `id` with another shape: what it was reshaped from, where that fits. */
  private reshaped(id: number, shape: readonly number[], ops: TraceOp[]): number {
    const [source] = this.inputsOf(id, 'Reshape') ?? [];
    if (source !== undefined && this.shapeOf(source).join() === shape.join()) return source;
    const output = { id: this.nextId--, shape, dtype: DataType.float32 };
    ops.push(this.reshapeOp(id, output));
    return output.id;
  }

  private reshapeOp(id: number, output: TraceOp['outputs'][number]): TraceOp {
    const shape = this.nextId--;
    const values = Int32Array.from(output.shape);
    this.leaves.set(shape, { kind: 'constant', dtype: DataType.int32, shape: [values.length], values });
    this.shapes.set(shape, [values.length]);
    const int32 = { name: 'Tshape', type: this.binding.TF_ATTR_TYPE, value: DataType.int32 };
    return { name: 'Reshape', inputs: [id, shape], attributes: [this.type('T'), int32], outputs: [output] };
  }
}

function shapeOfLeaf(leaf: Leaf): readonly number[] {
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

const alias = (id: number | undefined): Rewrite | undefined => (id === undefined ? undefined : { alias: id });

const replace = (op: TraceOp, name: string): Rewrite => ({ ops: [{ ...op, name }] });
