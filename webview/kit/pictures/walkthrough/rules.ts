/** The formulas of operations: how a result is computed, and how the gradient flows back through it. */
import type { WalkNode } from '../../../../src/protocol/pictures';
import {
  call,
  fraction,
  named,
  num,
  paren,
  power,
  root,
  row,
  slope,
  sum,
  transposed,
  where,
  type Formula,
} from './formula';

type Attributes = NonNullable<WalkNode['operation']>['attributes'];

/** What a rule has to write with. */
interface Terms {
  /** The operands. */
  readonly a: Formula;
  readonly b: Formula;
  readonly all: readonly Formula[];
  readonly attributes: Attributes;
  /** How many elements of the operand one element of the result is made from. */
  readonly share: number;
  /** True when one of two operands is a single number. */
  readonly isScaling: boolean;
}

interface BackTerms extends Terms {
  /** The result, and ∂L/∂ of it. */
  readonly y: Formula;
  readonly dy: Formula;
}

type Forward = (terms: Terms) => Formula;
/** One for each operand. */
type Backward = readonly ((terms: BackTerms) => Formula)[];

interface Rule {
  readonly forward: Forward;
  readonly backward?: Backward;
}

const one = num(1);
const two = num(2);
const times = ({ isScaling }: Terms): string => (isScaling ? '·' : '⊙');
const same = ({ dy }: BackTerms): Formula => dy;
const turned = (formula: Formula, isTurned: unknown): Formula => (isTurned === true ? transposed(formula) : formula);

/** An activation by its name, with its derivative. */
const activation = (name: string, derivative: (terms: BackTerms) => Formula): Rule => ({
  forward: ({ a }) => call(name, a),
  backward: [(terms) => row(terms.dy, '⊙', derivative(terms))],
});

const reshape: Rule = { forward: ({ a }) => call('reshape', a), backward: [({ dy }) => call('reshape', dy)] };

const RULES: Readonly<Record<string, Rule>> = {
  BatchMatMul: {
    forward: ({ a, b, attributes: { transposeA, transposeB } }) =>
      row(turned(a, transposeA), '·', turned(b, transposeB)),
    backward: [
      ({ b, dy, attributes: { transposeA, transposeB } }) =>
        transposeA === true
          ? row(turned(b, transposeB), '·', transposed(dy))
          : row(dy, '·', turned(b, transposeB !== true)),
      ({ a, dy, attributes: { transposeA, transposeB } }) =>
        transposeB === true
          ? row(transposed(dy), '·', turned(a, transposeA))
          : row(turned(a, transposeA !== true), '·', dy),
    ],
  },
  Add: { forward: ({ a, b }) => row(a, '+', b), backward: [same, same] },
  Sub: { forward: ({ a, b }) => row(a, '−', b), backward: [same, ({ dy }) => row('−', dy)] },
  Multiply: {
    forward: (terms) => row(terms.a, times(terms), terms.b),
    backward: [(terms) => row(terms.dy, times(terms), terms.b), (terms) => row(terms.dy, times(terms), terms.a)],
  },
  RealDiv: {
    forward: ({ a, b }) => fraction(a, b),
    backward: [
      ({ b, dy }) => row(dy, '⊙', fraction(one, b)),
      ({ a, b, dy }) => row('−', dy, '⊙', fraction(a, power(b, two))),
    ],
  },
  Neg: { forward: ({ a }) => row('−', a), backward: [({ dy }) => row('−', dy)] },
  Square: { forward: ({ a }) => power(a, two), backward: [({ a, dy }) => row(dy, '⊙', two, '·', a)] },
  Pow: {
    forward: ({ a, b }) => power(a, b),
    backward: [({ a, b, dy }) => row(dy, '⊙', b, '·', power(a, row(b, '−', one)))],
  },
  Sqrt: { forward: ({ a }) => root(a), backward: [({ y, dy }) => row(dy, '⊙', fraction(one, row(two, '·', y)))] },
  Abs: { forward: ({ a }) => row('|', a, '|'), backward: [({ a, dy }) => row(dy, '⊙', call('sign', a))] },
  Exp: { forward: ({ a }) => power(named('e'), a), backward: [({ y, dy }) => row(dy, '⊙', y)] },
  Log: { forward: ({ a }) => call('log', a), backward: [({ a, dy }) => row(dy, '⊙', fraction(one, a))] },
  Log1p: {
    forward: ({ a }) => row({ kind: 'function', text: 'log' }, paren(one, '+', a)),
    backward: [({ a, dy }) => row(dy, '⊙', fraction(one, row(one, '+', a)))],
  },
  Tanh: activation('tanh', ({ y }) => paren(one, '−', power(y, two))),
  Sigmoid: activation('σ', ({ y }) => row(y, '⊙', paren(one, '−', y))),
  Relu: activation('relu', ({ a }) => where(a, '>', num(0))),
  Relu6: activation('relu6', ({ a }) => where(num(0), '<', a, '<', num(6))),
  Softplus: activation('softplus', ({ a }) => call('σ', a)),
  Softmax: {
    forward: ({ a }) => call('softmax', a),
    backward: [({ y, dy }) => row(y, '⊙', paren(dy, '−', sum(row(dy, '⊙', y))))],
  },
  LogSoftmax: {
    forward: ({ a }) => row({ kind: 'function', text: 'log ' }, call('softmax', a)),
    backward: [({ y, dy }) => row(dy, '−', power(named('e'), y), '·', sum(dy))],
  },
  Sum: { forward: ({ a }) => sum(a), backward: [same] },
  Mean: {
    forward: ({ a, share }) => row(fraction(one, num(share)), '·', sum(a)),
    backward: [({ dy, share }) => row(fraction(one, num(share)), '·', dy)],
  },
  Max: { forward: ({ a }) => call('max', a), backward: [({ a, y, dy }) => row(dy, '⊙', where(a, '=', y))] },
  Min: { forward: ({ a }) => call('min', a), backward: [({ a, y, dy }) => row(dy, '⊙', where(a, '=', y))] },
  Maximum: {
    forward: ({ a, b }) => call('max', a, b),
    backward: [({ a, b, dy }) => row(dy, '⊙', where(a, '≥', b)), ({ a, b, dy }) => row(dy, '⊙', where(a, '<', b))],
  },
  Minimum: {
    forward: ({ a, b }) => call('min', a, b),
    backward: [({ a, b, dy }) => row(dy, '⊙', where(a, '≤', b)), ({ a, b, dy }) => row(dy, '⊙', where(a, '>', b))],
  },
  SquaredDifference: {
    forward: ({ a, b }) => power(paren(a, '−', b), two),
    backward: [
      ({ a, b, dy }) => row(dy, '⊙', two, '·', paren(a, '−', b)),
      ({ a, b, dy }) => row(dy, '⊙', two, '·', paren(b, '−', a)),
    ],
  },
  ClipByValue: {
    forward: ({ a }) => call('clip', a),
    backward: [
      ({ a, dy, attributes: { clipValueMin: low, clipValueMax: high } }) =>
        row(dy, '⊙', where(num(Number(low)), '≤', a, '≤', num(Number(high)))),
    ],
  },
  Select: {
    forward: ({ all: [c, t, e] }) => call('where', c ?? one, t ?? one, e ?? one),
    backward: [same, ({ a, dy }) => row(dy, '⊙', where(a)), ({ a, dy }) => row(dy, '⊙', paren(one, '−', where(a)))],
  },
  GatherV2: {
    forward: ({ a, b }) => ({ kind: 'index', base: a, index: b }),
    backward: [({ b, dy }) => row(dy, { kind: 'function', text: ' at ' }, b)],
  },
  OneHot: { forward: ({ a }) => call('onehot', a) },
  Conv2D: { forward: ({ a, b }) => row(a, '∗', b) },
  Transpose: { forward: ({ a }) => transposed(a), backward: [({ dy }) => transposed(dy)] },
  Reshape: reshape,
  ExpandDims: reshape,
};

const size = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

/** What a node is called in formulas: its symbol, and a single constant by its number. */
export function nameOf({ kind, role, symbol, shape, value }: WalkNode): Formula {
  const [only] = value.picked;
  if (kind === 'constant' && role === undefined && size(shape) === 1 && typeof only === 'number')
    return num(Number(only.toPrecision(6)));
  return named(symbol.base, symbol.sub);
}

function termsOf({ operation, shape }: WalkNode, nodes: readonly WalkNode[]): Terms | undefined {
  if (operation === undefined) return undefined;
  const operands = operation.inputs.flatMap((id) => nodes[id] ?? []);
  const all = operands.map(nameOf);
  const [a = one, b = one] = all;
  const sizes = operands.map((operand) => size(operand.shape));
  return {
    a,
    b,
    all,
    attributes: operation.attributes,
    share: (sizes[0] ?? 1) / Math.max(1, size(shape)),
    isScaling: sizes.includes(1),
  };
}

/** z = u + b; for what is given, nothing. */
export function forwardFormula(node: WalkNode, nodes: readonly WalkNode[]): Formula | undefined {
  const terms = termsOf(node, nodes);
  if (terms === undefined || node.operation === undefined) return undefined;
  const { kernel } = node.operation;
  return row(nameOf(node), '=', RULES[kernel]?.forward(terms) ?? call(kernel.replace(/^_/, ''), ...terms.all));
}

/** Operations on two operands that stretch the smaller one. */
const STRETCHING: ReadonlySet<string> = new Set([
  'Add',
  'Sub',
  'Multiply',
  'RealDiv',
  'Pow',
  'Maximum',
  'Minimum',
  'SquaredDifference',
]);

/**
 * ∂L/∂node from the gradients of what was computed from it: one term for each use. For the loss itself, 1. Without a
 * gradient by TensorFlow, nothing.
 */
export function backwardFormula(node: WalkNode, nodes: readonly WalkNode[]): Formula | undefined {
  if (node.gradient === undefined) return undefined;
  if (node.role === 'loss') return row(slope(nameOf(node)), '=', one);
  const uses = nodes.flatMap((user) =>
    user.gradient === undefined
      ? []
      : (user.operation?.inputs ?? []).flatMap((id, place) => (id === node.id ? [flow(node, user, place, nodes)] : [])),
  );
  return row(slope(nameOf(node)), '=', ...uses.flatMap((use, i) => (i === 0 ? [use] : ['+', use])));
}

function flow(node: WalkNode, user: WalkNode, place: number, nodes: readonly WalkNode[]): Formula {
  const terms = termsOf(user, nodes);
  const kernel = user.operation?.kernel ?? '';
  const y = nameOf(user);
  const dy = slope(y);
  const rule = RULES[kernel]?.backward?.[place];
  if (terms === undefined || rule === undefined) return row(dy, '·', fraction(row('∂', y), row('∂', nameOf(node))));
  const through = rule({ ...terms, y, dy });
  if (!STRETCHING.has(kernel) || node.shape.join() === user.shape.join()) return through;
  // What was stretched over the result gets the sum of what flows back to each copy.
  const isBatch = user.shape.slice(1).join() === node.shape.join();
  return sum(kernel === 'Add' ? through : paren(through), isBatch ? 'batch' : undefined);
}
