/** Rules about gradients, which tfjs writes with the operations of the forward pass. */
import { DataType, sizeOf, type TensorMetadata } from '../../../engine/tfjs';
import { sameShape, type Known, type Rewrite, type Rule } from './known';

/** The sum over all sides but the last is BiasAddGrad. */
export const biasGradient: Rule = ({ inputs: [x, axes], outputs: [output] }, known) => {
  const along = axes === undefined ? undefined : known.constant(axes);
  if (x === undefined || along === undefined || output?.dtype !== DataType.float32) return undefined;
  const rank = known.shapeOf(x).length;
  const leading = rank >= 2 && along.length === rank - 1 && along.every((axis, i) => axis === i);
  return leading && output.shape.length === 1 ? { ops: [known.simple('BiasAddGrad', [x], output)] } : undefined;
};

/** dy times the derivative of relu, tanh or sigmoid, in either order. */
export const activationGradient: Rule = ({ inputs: [a, b], outputs: [output] }, known) => {
  if (a === undefined || b === undefined || output?.dtype !== DataType.float32) return undefined;
  if (!sameShape(known.shapeOf(a), known.shapeOf(b))) return undefined;
  return gradientOf(a, b, output, known) ?? gradientOf(b, a, output, known);
};

function gradientOf(dy: number, derivative: number, output: TensorMetadata, known: Known): Rewrite | undefined {
  const kernel = (name: string, inputs: readonly number[]): Rewrite => ({ ops: [known.simple(name, inputs, output)] });
  const x = stepInput(derivative, known);
  // The output of relu is positive where its input is; taking it lets the input be fused away.
  if (x !== undefined) return kernel('ReluGrad', [dy, known.reluOf(x) ?? x]);

  // 1 - y² for y = tanh(x)
  const [minuend, square] = known.inputsOf(derivative, 'Sub') ?? [];
  const [squared] = square === undefined ? [] : (known.inputsOf(square, 'Square') ?? []);
  if (minuend !== undefined && squared !== undefined && known.isOne(minuend) && known.inputsOf(squared, 'Tanh'))
    return kernel('TanhGrad', [squared, dy]);

  // tfjs computes dy · (y · (1 - y)) for y = sigmoid(x)
  const [y, rest] = known.inputsOf(derivative, 'Mul') ?? [];
  const [whole, part] = rest === undefined ? [] : (known.inputsOf(rest, 'Sub') ?? []);
  if (y !== undefined && whole !== undefined && part === y && known.isOne(whole) && known.inputsOf(y, 'Sigmoid'))
    return kernel('SigmoidGrad', [y, dy]);
  return undefined;
}

/**
 * x where the tensor is step(x), 1 for positive x and 0 otherwise, as tfjs-node writes it: NaN where x is NaN, which
 * ReluGrad does not keep; but a NaN in the forward pass is in the loss already.
 */
function stepInput(id: number, known: Known): number | undefined {
  const [isNan, x, rest] = known.inputsOf(id, 'Select') ?? [];
  const [positive, ones, zeros] = rest === undefined ? [] : (known.inputsOf(rest, 'Select') ?? []);
  if (isNan === undefined || x === undefined || positive === undefined) return undefined;
  const [compared, zero] = known.inputsOf(positive, 'Greater') ?? [];
  const isFilled = (tensor: number | undefined, value: number): boolean =>
    tensor !== undefined && known.isFilledWith(tensor, value);
  const fits =
    known.inputsOf(isNan, 'IsNan')?.[0] === x &&
    compared === x &&
    isFilled(zero, 0) &&
    isFilled(ones, 1) &&
    isFilled(zeros, 0);
  return fits ? x : undefined;
}

/**
 * zeros + slice + slice + … over all blocks of one tensor, as tfjs differentiates a tile (a layer normalisation makes
 * tens of thousands of them): the sum over the blocks in one.
 */
export const sumOfBlocks: Rule = (op, known) => {
  const {
    inputs: [sum, slice],
    outputs: [output],
  } = op;
  if (sum === undefined || slice === undefined || output?.dtype !== DataType.float32) return undefined;
  const [source, begin] = known.inputsOf(slice, 'Slice') ?? [];
  const at = begin === undefined ? undefined : known.constant(begin);
  if (source === undefined || at === undefined || !sameShape(known.shapeOf(slice), output.shape)) return undefined;
  const before = known.blocks.get(sum);
  if (before?.source !== source && !known.isFilledWith(sum, 0)) return undefined;
  const begins = before?.source === source ? before.begins : new Set<string>();
  const whole = known.shapeOf(source);
  const aligned = at.every((start, i) => start % (output.shape[i] ?? 1) === 0);
  if (!aligned || begins.has(at.join()) || whole.some((side, i) => side % (output.shape[i] ?? 1) !== 0))
    return undefined;
  begins.add(at.join());
  known.blocks.set(output.id, { source, begins });
  // Kept as it is until the last block: other rules must not hide how the sum was made.
  if (begins.size < sizeOf(whole) / sizeOf(output.shape)) return { ops: [{ ...op, name: 'AddV2' }] };

  // [a·m, b·n] → [a, m, b, n] → sum over a and b → [m, n]
  const split = known.tensor(whole.flatMap((side, i) => [side / (output.shape[i] ?? 1), output.shape[i] ?? 1]));
  const axes = known.ints(whole.map((_, i) => 2 * i));
  const attributes = [known.flag('keep_dims', false), known.type(), known.type('Tidx', DataType.int32)];
  return {
    ops: [known.reshape(source, split), { name: 'Sum', inputs: [split.id, axes], attributes, outputs: [output] }],
  };
};
