/** What one eager run of a step did, by numbers that tell its tensors apart. */
import type * as tf from '@tensorflow/tfjs';
import type { TensorMetadata, TypedArray } from '../engine/tfjs';
import type { Draw } from './randomness';

/** Where a tensor came from that no recorded operation made. */
export type Leaf =
  | { readonly kind: 'feed'; readonly name: string; readonly dtype: number; readonly shape: readonly number[] }
  | { readonly kind: 'variable'; readonly variable: tf.Variable }
  | {
      readonly kind: 'constant';
      readonly dtype: number;
      readonly shape: readonly number[];
      readonly values: TypedArray;
    }
  | { readonly kind: 'random'; readonly draw: Draw };

/** The tensor number of each variable's value at one moment; every variable alive during the step, used or not. */
export type VariableIds = ReadonlyMap<tf.Variable, number>;

export interface TraceAttribute {
  readonly name: string;
  readonly value: unknown;
  /** As TensorFlow names types of attributes, where it runs the operation. */
  readonly type?: number;
}

/** An operation of TensorFlow, or a kernel of tfjs. */
export interface TraceOp {
  readonly name: string;
  readonly attributes: readonly TraceAttribute[];
  readonly inputs: readonly number[];
  /** Under which names it takes them; left out: as a list. */
  readonly inputNames?: readonly string[];
  readonly outputs: readonly TensorMetadata[];
}

/** A call of the optimizer's applyGradients, whose operations [first, last) the graph replaces by its own. */
export interface TraceUpdate {
  readonly first: number;
  readonly last: number;
  /** In the order the optimizer saw them; undefined where a variable had no gradient. */
  readonly gradients: readonly {
    readonly variable: tf.Variable;
    /** Its place in what the optimizer was given, which is also the place of its slots. */
    readonly slot: number;
    readonly gradient: number | undefined;
  }[];
  readonly before: VariableIds;
  readonly after: VariableIds;
}

export interface Trace {
  readonly ops: readonly TraceOp[];
  readonly updates: readonly TraceUpdate[];
  readonly leaves: ReadonlyMap<number, Leaf>;
  readonly initial: VariableIds;
  readonly final: VariableIds;
  readonly outputs: Readonly<Record<string, TensorMetadata>>;
  readonly draws: readonly Draw[];
}

/** True for operations inside an optimizer update: the graph does not contain them. */
export function isReplaced(trace: Trace, opIndex: number): boolean {
  return trace.updates.some((update) => opIndex >= update.first && opIndex < update.last);
}

/**
 * What two recordings of the same step do differently, or undefined when they are the same: the same operations with
 * the same attributes, wired the same way to the same feeds, variables, random draws and equal constants.
 */
export function difference(a: Trace, b: Trace): string | undefined {
  if (a.ops.length !== b.ops.length) return `${a.ops.length} operations, then ${b.ops.length}`;
  if (a.updates.length !== b.updates.length) return 'the optimizer updates';
  const same = new Map<number, number>();
  const matches = (idA: number, idB: number): boolean => {
    const known = same.get(idA);
    if (known !== undefined) return known === idB;
    const leafA = a.leaves.get(idA);
    const leafB = b.leaves.get(idB);
    if (leafA === undefined || leafB === undefined || !sameLeaf(leafA, leafB)) return false;
    same.set(idA, idB);
    return true;
  };
  const updatesA = new Map(a.updates.map((update) => [update.first, update]));
  const updatesB = new Map(b.updates.map((update) => [update.first, update]));
  for (let index = 0; index < a.ops.length; index++) {
    const updateA = updatesA.get(index);
    const updateB = updatesB.get(index);
    if (updateA !== undefined && updateB !== undefined) {
      const found = differentUpdate(updateA, updateB, same, matches);
      if (found !== undefined) return found;
      index = updateA.last - 1;
      continue;
    }
    if (updateA !== updateB) return 'the optimizer update';
    const found = differentOp(a.ops[index], b.ops[index], matches);
    if (found !== undefined) return found;
    a.ops[index]?.outputs.forEach((output, i) => {
      const other = b.ops[index]?.outputs[i];
      if (other !== undefined) same.set(output.id, other.id);
    });
  }
  for (const [name, output] of Object.entries(a.outputs)) {
    const other = b.outputs[name];
    if (other === undefined || !matches(output.id, other.id)) return `output ${name}`;
  }
  for (const [variable, id] of a.final) {
    const other = b.final.get(variable);
    const changed = id !== a.initial.get(variable);
    if (other === undefined || changed !== (other !== b.initial.get(variable)) || (changed && !matches(id, other)))
      return `variable ${variable.name}`;
  }
  return undefined;
}

/** Two calls of the optimizer are the same when they get the same gradients; their values then match, too. */
function differentUpdate(
  a: TraceUpdate,
  b: TraceUpdate,
  same: Map<number, number>,
  matches: (idA: number, idB: number) => boolean,
): string | undefined {
  const equal =
    a.last === b.last &&
    a.gradients.length === b.gradients.length &&
    a.gradients.every(({ variable, gradient }, i) => {
      const other = b.gradients[i];
      if (other?.variable !== variable) return false;
      if (gradient === undefined || other.gradient === undefined) return gradient === other.gradient;
      return matches(gradient, other.gradient);
    });
  if (!equal) return 'the gradients';
  for (const [variable, id] of a.after) {
    const other = b.after.get(variable);
    if (other !== undefined && id !== a.before.get(variable)) same.set(id, other);
  }
  return undefined;
}

function differentOp(
  a: TraceOp | undefined,
  b: TraceOp | undefined,
  matches: (idA: number, idB: number) => boolean,
): string | undefined {
  if (a === undefined || b?.name !== a.name) return `${a?.name ?? '?'}, then ${b?.name ?? '?'}`;
  if (JSON.stringify([a.attributes, a.inputNames]) !== JSON.stringify([b.attributes, b.inputNames]))
    return `attributes of ${a.name}`;
  if (JSON.stringify(a.outputs.map(shapeOf)) !== JSON.stringify(b.outputs.map(shapeOf))) return `shape of ${a.name}`;
  if (a.inputs.length !== b.inputs.length) return `inputs of ${a.name}`;
  for (const [i, input] of a.inputs.entries()) {
    const other = b.inputs[i];
    if (other === undefined || !matches(input, other)) return `input ${i} of ${a.name}`;
  }
  return undefined;
}

const shapeOf = (metadata: TensorMetadata): unknown => [metadata.dtype, metadata.shape];

function sameLeaf(a: Leaf, b: Leaf): boolean {
  if (a.kind === 'feed') return b.kind === 'feed' && a.name === b.name;
  if (a.kind === 'variable') return b.kind === 'variable' && a.variable === b.variable;
  if (a.kind === 'random') return b.kind === 'random' && sameDraw(a.draw, b.draw);
  return (
    b.kind === 'constant' && a.dtype === b.dtype && a.shape.join() === b.shape.join() && sameBytes(a.values, b.values)
  );
}

/** Scale and offset are recovered from float32 values, so they agree only to that precision. */
function sameDraw(a: Draw, b: Draw): boolean {
  const close = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-5 * (Math.abs(a.scale) + Math.abs(a.offset));
  return (
    a.kind === b.kind &&
    a.index === b.index &&
    a.shape.join() === b.shape.join() &&
    close(a.scale, b.scale) &&
    close(a.offset, b.offset)
  );
}

const bytesOf = (values: TypedArray): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

function sameBytes(a: TypedArray, b: TypedArray): boolean {
  return a === b || bytesOf(a).equals(bytesOf(b));
}
