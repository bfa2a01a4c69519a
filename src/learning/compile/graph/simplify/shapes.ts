/** Rules about operations that only move, repeat or leave values as they are. */
import { DataType, sizeOf } from '../../../engine/tfjs';
import type { TraceOp } from '../../trace';
import { sameShape, type Known, type Rewrite, type Rule } from './known';

/** A reshape of a reshape is one reshape; one to the shape it has is none. */
export const reshape: Rule = (op, known) => {
  const [input, shape] = op.inputs;
  const [output] = op.outputs;
  if (input === undefined || shape === undefined || output === undefined) return undefined;
  const source = known.inputsOf(input, 'Reshape')?.[0] ?? input;
  if (sameShape(known.shapeOf(source), output.shape)) return { alias: source };
  return { ops: [{ ...op, inputs: [source, shape] }] };
};

export const castToSame: Rule = ({ inputs: [input], attributes }) => {
  const type = (name: string): unknown => attributes.find((attribute) => attribute.name === name)?.value;
  return input !== undefined && type('SrcT') === type('DstT') ? { alias: input } : undefined;
};

/** A transpose that keeps the order of the sides, a tile that repeats nothing. */
export const reshapeFree: Rule = ({ name, inputs: [input, control], outputs: [output] }, known) => {
  if (input === undefined || control === undefined || output === undefined) return undefined;
  const nothing =
    name === 'Tile'
      ? sameShape(known.shapeOf(input), output.shape)
      : known.constant(control)?.every((side, i) => side === i);
  return nothing === true ? { alias: input } : undefined;
};

/** Of fewer numbers a tensor is not worth an operation more. */
const FEWEST_STACKED = 1000;

/**
 * Tensors that are stacked along a new last side, as rotary positions put pairs together again: stacked along a new first
 * one and turned. Pack copies runs, which along the last side are single numbers: it takes twice as long.
 */
export const packInFront: Rule = (op, known) => {
  const [output] = op.outputs;
  const axis = op.attributes.find(({ name }) => name === 'axis')?.value;
  if (output?.dtype !== DataType.float32 || typeof axis !== 'number') return undefined;
  const sides = output.shape.slice(0, -1);
  const isLast = axis === -1 || axis === sides.length;
  if (!isLast || sizeOf(sides) < FEWEST_STACKED) return undefined;
  const front = known.tensor([op.inputs.length, ...sides]);
  const order = known.ints([...sides.map((_, i) => i + 1), 0]);
  const pack = {
    ...op,
    attributes: [...op.attributes.filter(({ name }) => name !== 'axis'), known.count('axis', 0)],
    outputs: [front],
  };
  const turn = {
    name: 'Transpose',
    inputs: [front.id, order],
    attributes: [known.type(), known.type('Tperm', DataType.int32)],
    outputs: [output],
  };
  return { ops: [pack, turn] };
};

/** x · 1, x / 1 and x + 0 where x has the shape of the result. */
export const withoutNeutral: Rule = ({ name, inputs: [a, b], outputs: [output] }, known) => {
  if (a === undefined || b === undefined || output === undefined) return undefined;
  const neutral = name === 'Add' ? 0 : 1;
  const unchanged = (x: number): boolean => sameShape(known.shapeOf(x), output.shape);
  if (known.isFilledWith(b, neutral) && unchanged(a)) return { alias: a };
  if (name !== 'RealDiv' && known.isFilledWith(a, neutral) && unchanged(b)) return { alias: b };
  return undefined;
};

/** TensorFlow's element-wise operations repeat sides of length 1 by themselves. */
function broadcast(a: readonly number[], b: readonly number[]): readonly number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const sides: number[] = [];
  for (let i = 1; i <= rank; i++) {
    const [x, y] = [a.at(-i) ?? 1, b.at(-i) ?? 1];
    if (x !== y && x !== 1 && y !== 1) return undefined;
    sides.unshift(Math.max(x, y));
  }
  return sides;
}

/** What was tiled, when only sides of length 1 were repeated. */
function tiled(id: number, known: Known): number | undefined {
  const [source] = known.inputsOf(id, 'Tile') ?? [];
  if (source === undefined) return undefined;
  const shape = known.shapeOf(id);
  return known.shapeOf(source).every((side, i) => side === 1 || side === shape[i]) ? source : undefined;
}

/** tfjs repeats a gradient of a mean by a product with ones: a tile, for the next rule. */
export const tileByOnes: Rule = ({ inputs: [a, b], outputs: [output] }, known) => {
  if (a === undefined || b === undefined || output === undefined) return undefined;
  const source = known.isFilledWith(b, 1) ? a : known.isFilledWith(a, 1) ? b : undefined;
  if (source === undefined) return undefined;
  const shape = known.shapeOf(source);
  return shape.length === output.shape.length ? { ops: [tile(source, shape, output, known)] } : undefined;
};

/**
 * Element-wise operations on tiled values compute the same number many times: they take what was tiled, and where the
 * result is smaller by that, it is tiled instead.
 */
export const sinkTile: Rule = (op, known): Rewrite | undefined => {
  const [output] = op.outputs;
  const sources = op.inputs.map((id) => tiled(id, known));
  if (output === undefined || sources.every((source) => source === undefined)) return undefined;
  const inputs = op.inputs.map((id, i) => sources[i] ?? id);
  const shape = inputs
    .map((id) => known.shapeOf(id))
    .reduce<readonly number[] | undefined>(
      (sides, other) => (sides === undefined ? undefined : broadcast(sides, other)),
      [],
    );
  if (shape?.length !== output.shape.length) return undefined;
  const name = op.name === 'Add' ? 'AddV2' : op.name;
  if (sameShape(shape, output.shape)) return { ops: [{ ...op, name, inputs }] };
  const small = { ...known.tensor(shape), dtype: output.dtype };
  return { ops: [{ ...op, name, inputs, outputs: [small] }, tile(small.id, shape, output, known)] };
};

function tile(id: number, shape: readonly number[], output: TraceOp['outputs'][number], known: Known): TraceOp {
  const repeats = output.shape.map((side, i) => side / (shape[i] ?? 1));
  const attributes = [known.type('T', output.dtype), known.type('Tmultiples', 3)];
  return { name: 'Tile', inputs: [id, known.ints(repeats)], attributes, outputs: [output] };
}
