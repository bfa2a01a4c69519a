/** Rules about matrix products and what is added to them. */
import { DataType, sizeOf, type TensorMetadata } from '../../../engine/tfjs';
import type { TraceOp } from '../../trace';
import { sameShape, type Known, type Rule } from './known';

/**
 * Products with fewer multiplications than this use TensorFlow's own kernel: oneDNN, which TensorFlow prefers where it
 * is built in, takes longer to prepare such a product than to compute it. (BatchMatMulV3 is not one that it takes over.)
 */
const SMALL_PRODUCT = 300_000;

interface Adjoint {
  readonly a: boolean;
  readonly b: boolean;
}

/** A batch of one product is a plain product; a small one stays with TensorFlow's own kernel. */
export const product: Rule = (op, known) => {
  const [a, b] = op.inputs;
  const [output] = op.outputs;
  if (a === undefined || b === undefined || output?.dtype !== DataType.float32) return undefined;
  const isSet = (name: string): boolean =>
    op.attributes.some((attribute) => attribute.name === name && attribute.value === true);
  const adjoint = { a: isSet('adj_x'), b: isSet('adj_y') };
  const [shapeA, shapeB] = [known.shapeOf(a), known.shapeOf(b)];
  const inner = shapeA.at(adjoint.a ? -2 : -1) ?? 1;
  const small = sizeOf(output.shape) * inner < SMALL_PRODUCT;
  const single = sizeOf(shapeA.slice(0, -2)) === 1 && sizeOf(shapeB.slice(0, -2)) === 1;
  if (!single) return small ? { ops: [smallProduct(a, b, adjoint, output, known)] } : undefined;

  const ops: TraceOp[] = [];
  const [flatA, flatB] = [flat(a, ops, known), flat(b, ops, known)];
  const result = output.shape.length === 2 ? output : known.tensor(output.shape.slice(-2));
  ops.push(
    small
      ? smallProduct(flatA, flatB, adjoint, result, known)
      : {
          name: 'MatMul',
          inputs: [flatA, flatB],
          attributes: [known.type(), known.flag('transpose_a', adjoint.a), known.flag('transpose_b', adjoint.b)],
          outputs: [result],
        },
  );
  if (result !== output) ops.push(known.reshape(result.id, output));
  return { ops };
};

function smallProduct(a: number, b: number, adjoint: Adjoint, output: TensorMetadata, known: Known): TraceOp {
  const types = ['Ta', 'Tb', 'Tout'].map((name) => known.type(name));
  const attributes = [...types, known.flag('adj_x', adjoint.a), known.flag('adj_y', adjoint.b)];
  return { name: 'BatchMatMulV3', inputs: [a, b], attributes, outputs: [output] };
}

/** The tensor without its leading sides of length 1: what it was reshaped from, where that fits. */
function flat(id: number, ops: TraceOp[], known: Known): number {
  const shape = known.shapeOf(id);
  if (shape.length === 2) return id;
  const sides = shape.slice(-2);
  const [source] = known.inputsOf(id, 'Reshape') ?? [];
  if (source !== undefined && sameShape(known.shapeOf(source), sides)) return source;
  const output = known.tensor(sides);
  ops.push(known.reshape(id, output));
  return output.id;
}

/** With fewer products, putting their inputs together costs about what it saves. */
const FEWEST_PRODUCTS = 4;
/** A bound on what the sums of one chain remember. */
const MOST_PRODUCTS = 512;

/**
 * a₁ᵀ·b₁ + a₂ᵀ·b₂ + …, as the gradient of a recurrent layer's weights is written, step by step in time: one product of
 * all a, one below the other, with all b.
 */
export const sumOfProducts: Rule = ({ inputs: [x, y], outputs: [output] }, known) => {
  if (x === undefined || y === undefined || output?.dtype !== DataType.float32) return undefined;
  const [left, right] = [productsOf(x, known), productsOf(y, known)];
  if (left === undefined || right === undefined) return undefined;
  const terms = [...left, ...right];
  if (terms.length > MOST_PRODUCTS) return undefined;
  known.products.set(output.id, terms);
  if (terms.length < FEWEST_PRODUCTS) return undefined;
  const as = stacked(
    terms.map(([a]) => a),
    known,
  );
  const bs = stacked(
    terms.map(([, b]) => b),
    known,
  );
  const [stackedA, stackedB] = [as.outputs[0], bs.outputs[0]];
  if (stackedA === undefined || stackedB === undefined) return undefined;
  const attributes = [known.type(), known.flag('transpose_a', true), known.flag('transpose_b', false)];
  const all: TraceOp = { name: 'MatMul', inputs: [stackedA.id, stackedB.id], attributes, outputs: [output] };
  return { ops: [as, bs, all] };
};

/** The inputs of the products aᵀ·b whose sum the tensor is. */
function productsOf(id: number, known: Known): readonly (readonly [number, number])[] | undefined {
  const sum = known.products.get(id);
  if (sum !== undefined) return sum;
  const op = known.makerOf(id);
  if (op?.name !== 'MatMul' && op?.name !== 'BatchMatMulV3') return undefined;
  const [a, b] = op.inputs;
  if (a === undefined || b === undefined || known.shapeOf(a).length !== 2 || known.shapeOf(b).length !== 2)
    return undefined;
  const isSet = (...names: string[]): boolean =>
    op.attributes.some(({ name, value }) => names.includes(name) && value === true);
  return isSet('transpose_a', 'adj_x') && !isSet('transpose_b', 'adj_y') ? [[a, b]] : undefined;
}

function stacked(parts: readonly number[], known: Known): TraceOp {
  const shapes = parts.map((part) => known.shapeOf(part));
  const rows = shapes.reduce((sum, [side = 1]) => sum + side, 0);
  const output = known.tensor([rows, shapes[0]?.[1] ?? 1]);
  const attributes = [known.count('N', parts.length), known.type(), known.type('Tidx', DataType.int32)];
  return { name: 'ConcatV2', inputs: [...parts, known.int(0)], attributes, outputs: [output] };
}

/** x + b with b along the last side is BiasAdd, which TensorFlow fuses with what comes before and after. */
export const bias: Rule = ({ inputs: [x, b], outputs: [output] }, known) => {
  if (x === undefined || b === undefined || output?.dtype !== DataType.float32) return undefined;
  const [shapeX, shapeB] = [known.shapeOf(x), known.shapeOf(b)];
  const fits = shapeX.length >= 2 && shapeB.length === 1 && shapeX.at(-1) === shapeB[0];
  return fits ? { ops: [known.simple('BiasAdd', [x, b], output)] } : undefined;
};
