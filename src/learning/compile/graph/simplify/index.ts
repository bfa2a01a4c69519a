/**
 * Rewrites a trace into one that computes the same with fewer and larger operations. tfjs writes a gradient as several
 * element-wise operations, a dense layer as a batched product between reshapes, the gradient of a tile as a chain of
 * slices; TensorFlow has one kernel for each. Every rule is local: it looks at an operation and at what made its inputs.
 */
import type { Binding } from '../../../engine/native/internals';
import { isReplaced, type Trace, type TraceOp, type VariableIds } from '../../trace';
import { activationGradient, biasGradient, sumOfBlocks } from './gradients';
import { bias, product, sumOfProducts } from './products';
import { castToSame, packInFront, reshape, reshapeFree, sinkTile, tileByOnes, withoutNeutral } from './shapes';
import { Known, type Rewrite, type Rule } from './known';

/** By the name of the operation; the first rule that applies wins. */
const RULES: Readonly<Record<string, readonly Rule[]>> = {
  Reshape: [reshape],
  Cast: [castToSame],
  Transpose: [reshapeFree],
  Tile: [reshapeFree],
  Pack: [packInFront],
  BatchMatMulV2: [product],
  Add: [sumOfBlocks, sumOfProducts, withoutNeutral, bias, sinkTile, (op) => ({ ops: [{ ...op, name: 'AddV2' }] })],
  Sub: [sinkTile],
  Mul: [activationGradient, withoutNeutral, tileByOnes, sinkTile],
  RealDiv: [withoutNeutral, sinkTile],
  Rsqrt: [sinkTile],
  Sum: [biasGradient],
};

export function simplify(binding: Binding, trace: Trace): Trace {
  const known = new Known(binding, trace.leaves);
  const ops: TraceOp[] = [];
  // Where each operation of the trace begins in the new list.
  const starts: number[] = [];
  trace.ops.forEach((original, index) => {
    starts.push(ops.length);
    if (isReplaced(trace, index)) return;
    const op = { ...original, inputs: original.inputs.map((id) => known.resolve(id)) };
    ops.push(...apply(op, known));
  });
  starts.push(ops.length);
  const resolved = (ids: VariableIds): VariableIds =>
    new Map([...ids].map(([variable, id]) => [variable, known.resolve(id)]));
  return withoutUnused({
    ops,
    leaves: known.leaves,
    initial: trace.initial,
    draws: trace.draws,
    final: resolved(trace.final),
    outputs: Object.fromEntries(
      Object.entries(trace.outputs).map(([name, output]) => [name, { ...output, id: known.resolve(output.id) }]),
    ),
    updates: trace.updates.map((update) => ({
      first: starts[update.first] ?? ops.length,
      last: starts[update.last] ?? ops.length,
      before: resolved(update.before),
      after: resolved(update.after),
      gradients: update.gradients.map(({ gradient, ...entry }) => ({
        ...entry,
        gradient: gradient === undefined ? undefined : known.resolve(gradient),
      })),
    })),
  });
}

/** The operation as the rules leave it. What a rule makes is looked at again; an alias leaves nothing. */
function apply(op: TraceOp, known: Known): readonly TraceOp[] {
  let rewrite: Rewrite | undefined;
  for (const rule of RULES[op.name] ?? []) {
    rewrite = rule(op, known);
    if (rewrite !== undefined) break;
  }
  if (rewrite === undefined) {
    known.add(op);
    return [op];
  }
  if ('alias' in rewrite) {
    known.alias(op, rewrite.alias);
    return [];
  }
  for (const made of rewrite.ops) known.add(made);
  return rewrite.ops;
}

/** Leaves out what neither an output nor a variable depends on, such as the gradient with respect to the input. */
function withoutUnused(trace: Trace): Trace {
  const used = new Set<number>([...Object.values(trace.outputs).map(({ id }) => id), ...trace.final.values()]);
  for (const { gradients, before } of trace.updates) {
    for (const { gradient } of gradients) if (gradient !== undefined) used.add(gradient);
    for (const id of before.values()) used.add(id);
  }
  const kept = new Array<boolean>(trace.ops.length).fill(false);
  for (let index = trace.ops.length - 1; index >= 0; index--) {
    const op = trace.ops[index];
    if (op?.outputs.some(({ id }) => used.has(id)) !== true) continue;
    kept[index] = true;
    for (const id of op.inputs) used.add(id);
  }
  const position: number[] = [];
  let count = 0;
  for (const keep of kept) {
    position.push(count);
    if (keep) count++;
  }
  position.push(count);
  return {
    ...trace,
    ops: trace.ops.filter((_, index) => kept[index]),
    updates: trace.updates.map((update) => ({
      ...update,
      first: position[update.first] ?? count,
      last: position[update.last] ?? count,
    })),
  };
}
