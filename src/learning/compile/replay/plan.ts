/**
 * Turns a recorded step into a list of calls. What nothing depends on is left out, what constants alone determine is
 * computed once, a reshaped tensor is the same memory under another shape, and each piece of memory is freed after its
 * last use.
 */
import * as tf from '@tensorflow/tfjs';
import { DataType, sizeOf } from '../../engine/tfjs';
import type { WasmBackend } from '../../engine/wasm/internals';
import type { Draw } from '../randomness';
import { refusal, Refused } from '../reasons';
import type { BuildOptions } from '../target';
import type { Leaf, Trace, TraceOp, TraceUpdate } from '../trace';
import { updateOf, type Update } from './optimizers';
import { Slot } from './slot';

export interface KernelCall {
  readonly kind: 'kernel';
  readonly name: string;
  readonly kernel: tf.KernelFunc;
  readonly given: Parameters<tf.KernelFunc>[0];
  readonly outputs: readonly { readonly slot: Slot; readonly shape: readonly number[] }[];
}

export interface DrawCall {
  readonly kind: 'draw';
  readonly draw: Draw;
  readonly slot: Slot;
}

/** One variable of an optimizer's update. */
export interface UpdatedVariable {
  readonly gradient: Slot;
  readonly value: Change;
  readonly beside: readonly Change[];
}

export interface UpdateCall {
  readonly kind: 'update';
  readonly update: Update;
  readonly variables: readonly UpdatedVariable[];
  readonly shared: readonly Change[];
}

/** A variable's value before and after. */
export interface Change {
  readonly before: Slot;
  readonly after: Slot;
  readonly shape: readonly number[];
}

export interface Instruction {
  readonly call: KernelCall | DrawCall | UpdateCall;
  /** What nobody reads afterwards. */
  readonly frees: readonly Slot[];
}

export interface Plan {
  readonly instructions: readonly Instruction[];
  readonly feeds: readonly { readonly name: string; readonly slot: Slot }[];
  readonly variables: readonly { readonly variable: tf.Variable; readonly first: Slot }[];
  /** Variables that the step changes. */
  readonly updated: readonly { readonly variable: tf.Variable; readonly last: Slot }[];
  readonly outputs: readonly { readonly name: string; readonly info: tf.TensorInfo }[];
  /** The output that has to be finite. */
  readonly guard: tf.TensorInfo | undefined;
  /** Filled once. */
  readonly constants: readonly Slot[];
  /** Filled by the instructions. */
  readonly temporary: readonly Slot[];
}

/** Results of operations on constants up to this size are computed once instead of in each step. */
const FOLDED_SIZE = 1 << 16;

/** The only kernel that gives memory it was given another shape. */
const RESHAPE = 'Reshape';

export function plan(backend: WasmBackend, trace: Trace, options: BuildOptions): Plan {
  const planner = new Planner(backend, trace, options);
  try {
    return planner.run();
  } catch (error) {
    planner.abandon();
    throw error;
  }
}

type DTypeName = keyof typeof DataType & tf.DataType;

const NAMES = new Map(Object.entries(DataType).map(([name, number]) => [number as number, name as DTypeName]));

function nameOf(dtype: number): tf.DataType {
  const name = NAMES.get(dtype);
  if (name === undefined) throw new Refused(refusal.operation(`type ${String(dtype)}`));
  return name;
}

/** An operation of the trace, or an update in place of some. */
type Part = { readonly op: TraceOp } | { readonly update: TraceUpdate };

class Planner {
  private readonly slots = new Map<number, Slot>();
  private readonly shapes = new Map<number, readonly number[]>();
  private readonly instructions: { readonly call: Instruction['call']; readonly reads: readonly Slot[] }[] = [];
  private readonly feeds: { name: string; slot: Slot }[] = [];
  private readonly variables = new Map<tf.Variable, Slot>();
  private readonly constants = new Set<Slot>();
  private readonly temporary = new Set<Slot>();

  constructor(
    private readonly backend: WasmBackend,
    private readonly trace: Trace,
    private readonly options: BuildOptions,
  ) {}

  run(): Plan {
    const { trace, options } = this;
    const parts = this.neededParts();
    for (const part of parts) {
      if ('op' in part) this.addOp(part.op);
      else this.addUpdate(part.update);
    }
    const outputs = Object.entries(trace.outputs).map(([name, { id, shape }]) => ({
      name,
      info: this.slot(id).info(shape),
    }));
    const updated = this.changed().map(([variable, id]) => {
      const last = this.slot(id);
      last.info(variable.shape);
      return { variable, last };
    });
    const guarded = options.finite === undefined ? undefined : outputs.find(({ name }) => name === options.finite);
    if (options.finite !== undefined && guarded?.info.dtype !== 'float32')
      throw new Refused(refusal.operation(`update before ${options.finite}`));
    const kept = new Set([
      ...Object.values(trace.outputs).map(({ id }) => this.slot(id)),
      ...updated.map(({ last }) => last),
    ]);
    return {
      instructions: this.withFrees(kept),
      feeds: this.feeds,
      variables: [...this.variables].map(([variable, first]) => ({ variable, first })),
      updated,
      outputs,
      guard: guarded?.info,
      constants: [...this.constants],
      temporary: [...this.temporary],
    };
  }

  /** Frees what was made for a program that will not be. */
  abandon(): void {
    for (const slot of this.constants) slot.free();
  }

  private changed(): readonly (readonly [tf.Variable, number])[] {
    const { initial, final } = this.trace;
    return [...final].filter(([variable, id]) => id !== initial.get(variable));
  }

  /** In order, without what neither a result nor a variable depends on. */
  private neededParts(): readonly Part[] {
    const { trace } = this;
    const parts: Part[] = [];
    const updates = new Map(trace.updates.map((update) => [update.first, update]));
    // An update may come after the last operation, hence <=.
    for (let index = 0; index <= trace.ops.length; index++) {
      const update = updates.get(index);
      if (update !== undefined) {
        parts.push({ update });
        index = update.last;
      }
      const op = trace.ops[index];
      if (op !== undefined) parts.push({ op });
    }
    const needed = new Set(Object.values(trace.outputs).map(({ id }) => id));
    for (const [, id] of this.changed()) needed.add(id);
    const kept = parts.reverse().filter((part) => {
      if ('op' in part) {
        if (!part.op.outputs.some(({ id }) => needed.has(id))) return false;
        for (const id of part.op.inputs) needed.add(id);
      } else {
        for (const { gradient } of part.update.gradients) if (gradient !== undefined) needed.add(gradient);
        for (const id of part.update.before.values()) needed.add(id);
      }
      return true;
    });
    return kept.reverse();
  }

  private addOp({ name, attributes, inputs: ids, inputNames, outputs }: TraceOp): void {
    const [first] = ids;
    const [made] = outputs;
    if (name === RESHAPE && first !== undefined && made !== undefined) {
      this.slots.set(made.id, this.slot(first));
      this.shapes.set(made.id, made.shape);
      return;
    }
    const reads = ids.map((id) => this.slot(id));
    const infos = ids.map((id) => this.slot(id).info(this.shape(id)));
    const inputs: unknown =
      inputNames === undefined ? infos : Object.fromEntries(inputNames.map((key, i) => [key, infos[i]]));
    const { kernelFunc } = tf.getKernel(name, 'wasm');
    const attrs = Object.fromEntries(attributes.map((one) => [one.name, one.value]));
    const call: KernelCall = {
      kind: 'kernel',
      name,
      kernel: kernelFunc,
      given: { inputs: inputs as tf.NamedTensorInfoMap, attrs: attrs as tf.NamedAttrMap, backend: this.backend },
      outputs: outputs.map(({ id, shape, dtype }) => ({ slot: this.make(id, shape, dtype), shape })),
    };
    const isFolded =
      reads.every((slot) => this.constants.has(slot)) && outputs.every(({ shape }) => sizeOf(shape) <= FOLDED_SIZE);
    if (isFolded) {
      runKernel(call);
      for (const { slot } of call.outputs) this.constants.add(slot);
      return;
    }
    for (const { slot } of call.outputs) this.temporary.add(slot);
    this.instructions.push({ call, reads });
  }

  private addUpdate({ gradients, before, after }: TraceUpdate): void {
    const { optimizer } = this.options;
    if (optimizer === undefined) throw new Error('An update was recorded without an optimizer.');
    const update = updateOf(optimizer);
    const changed = new Set<tf.Variable>();
    const change = (variable: tf.Variable): Change => {
      const [from, to] = [before.get(variable), after.get(variable)];
      if (from === undefined || to === undefined) throw new Error('The optimizer uses an unknown variable.');
      if (from === to || variable.dtype !== 'float32')
        throw new Refused(refusal.operation(`update of ${variable.name}`));
      changed.add(variable);
      const { shape } = variable;
      const slots = { before: this.slot(from), after: this.make(to, shape, DataType.float32), shape };
      slots.before.info(shape);
      this.temporary.add(slots.after);
      return slots;
    };
    const variables = gradients.flatMap(({ variable, gradient, slot }): UpdatedVariable[] => {
      if (gradient === undefined) return [];
      const held = this.slot(gradient);
      held.info(variable.shape);
      return [{ gradient: held, value: change(variable), beside: update.beside(slot).map(change) }];
    });
    const shared = update.shared.map(change);
    for (const [variable, id] of after)
      if (id !== before.get(variable) && !changed.has(variable))
        throw new Refused(refusal.operation(`update of ${variable.name}`));
    const reads = [
      ...variables.flatMap(({ gradient, value, beside }) => [
        gradient,
        value.before,
        ...beside.map((one) => one.before),
      ]),
      ...shared.map((one) => one.before),
    ];
    this.instructions.push({ call: { kind: 'update', update, variables, shared }, reads });
  }

  private make(id: number, shape: readonly number[], dtype: number): Slot {
    const slot = new Slot(this.backend, nameOf(dtype));
    slot.info(shape);
    this.slots.set(id, slot);
    this.shapes.set(id, shape);
    return slot;
  }

  private shape(id: number): readonly number[] {
    const shape = this.shapes.get(id);
    if (shape === undefined) throw new Error(`The trace has no tensor ${String(id)}.`);
    return shape;
  }

  private slot(id: number): Slot {
    const known = this.slots.get(id);
    if (known !== undefined) return known;
    const leaf = this.trace.leaves.get(id);
    if (leaf === undefined) throw new Refused(refusal.operation(`tensor ${String(id)} of unknown origin`));
    return this.leaf(id, leaf);
  }

  private leaf(id: number, leaf: Leaf): Slot {
    switch (leaf.kind) {
      case 'feed': {
        const slot = this.make(id, leaf.shape, leaf.dtype);
        this.feeds.push({ name: leaf.name, slot });
        return slot;
      }
      case 'variable': {
        const { variable } = leaf;
        if (variable.dtype === 'string') throw new Refused(refusal.operation('string variable'));
        const slot = this.make(id, variable.shape, DataType[variable.dtype]);
        this.variables.set(variable, slot);
        return slot;
      }
      case 'constant': {
        const slot = this.make(id, leaf.shape, leaf.dtype);
        slot.hold(this.backend.makeOutput(leaf.shape, slot.dtype, undefined, leaf.values).dataId, true);
        this.constants.add(slot);
        return slot;
      }
      case 'random': {
        const slot = this.make(id, leaf.draw.shape, DataType.float32);
        this.temporary.add(slot);
        this.instructions.push({ call: { kind: 'draw', draw: leaf.draw, slot }, reads: [] });
        return slot;
      }
    }
  }

  private withFrees(kept: ReadonlySet<Slot>): readonly Instruction[] {
    const last = new Map<Slot, number>();
    this.instructions.forEach(({ call, reads }, index) => {
      for (const slot of [...reads, ...written(call)]) last.set(slot, index);
    });
    const frees = this.instructions.map((): Slot[] => []);
    for (const [slot, index] of last) if (this.temporary.has(slot) && !kept.has(slot)) frees[index]?.push(slot);
    return this.instructions.map(({ call }, index) => ({ call, frees: frees[index] ?? [] }));
  }
}

/** An operation may have a result that nobody reads. */
function written(call: Instruction['call']): readonly Slot[] {
  if (call.kind === 'kernel') return call.outputs.map(({ slot }) => slot);
  if (call.kind === 'draw') return [call.slot];
  return [...call.variables.flatMap(({ value, beside }) => [value, ...beside]), ...call.shared].map(
    ({ after }) => after,
  );
}

/** @throws Error when a result has another shape than the recorded one */
export function runKernel({ name, kernel, given, outputs }: KernelCall): void {
  const made = kernel(given);
  for (let i = 0; i < outputs.length; i++) {
    const output = outputs[i];
    const info = Array.isArray(made) ? made[i] : made;
    if (output === undefined || info === undefined) throw new Error(`${name} gave fewer results than before.`);
    output.slot.hold(info.dataId, true);
    if (!isSame(info.shape, output.shape))
      throw new Error(`${name} gave [${info.shape.join()}], not [${output.shape.join()}].`);
  }
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
