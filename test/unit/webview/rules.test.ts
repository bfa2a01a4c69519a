/** The formulas of the walk: written as in textbooks, and each true of the numbers that TensorFlow computes. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import type { FunctionalExperiment, Parameters } from '../../../src/lab';
import type { WalkNode } from '../../../src/protocol/pictures';
import { walkThrough } from '../../../src/learning/pictures/walkthrough';
import {
  fraction,
  named,
  num,
  paren,
  power,
  row,
  slope,
  spoken,
  type Formula,
} from '../../../webview/kit/pictures/walkthrough/formula';
import { backwardFormula, forwardFormula, nameOf } from '../../../webview/kit/pictures/walkthrough/rules';
import { useEngine } from '../lab/tensorflow';
import { pictured, table } from '../trainer/pictured';

/** Walks f(w) from the number w, everything of one element, and gives the nodes. */
async function walk(f: (w: tf.Tensor, x: tf.Tensor) => tf.Tensor, w = 0.7): Promise<readonly WalkNode[]> {
  const config: FunctionalExperiment = {
    title: 'Rule',
    data: table([[0.4]], [0], []),
    parameters: () => ({ w: tf.tensor2d([[w]]) }),
    forward: (parameters: Parameters, x) => f(parameters['w']!, x),
    optimizer: () => tf.train.sgd(0.1),
    loss: { name: 'output', fromLogits: false, compute: (_, output) => tf.reshape<tf.Rank.R0>(output, []) },
    epochs: 1,
    batchSize: 1,
  };
  const context = await pictured(config);
  const { nodes, stops } = walkThrough(context, config);
  context.dispose();
  assert.ok(nodes.length > 0, JSON.stringify(stops));
  return nodes;
}

const FUNCTIONS: Readonly<Record<string, (...of: number[]) => number>> = {
  tanh: Math.tanh,
  σ: (a) => 1 / (1 + Math.exp(-a)),
  relu: (a) => Math.max(0, a),
  relu6: (a) => Math.min(6, Math.max(0, a)),
  softplus: (a) => Math.log(1 + Math.exp(a)),
  softmax: () => 1,
  log: Math.log,
  sign: Math.sign,
  max: Math.max,
  min: Math.min,
  // The bounds of the one case there is.
  clip: (a) => Math.min(1, Math.max(-1, a)),
  reshape: (a) => a,
};

/** The value of a formula over single numbers, where names mean the numbers of the nodes. */
function evaluate(formula: Formula, names: ReadonlyMap<string, number>): number {
  const of = (part: Formula): number => evaluate(part, names);
  switch (formula.kind) {
    case 'name': {
      const value = formula.base === 'e' ? Math.E : names.get(formula.base + (formula.sub ?? ''));
      assert.ok(value !== undefined, `${spoken(formula)} is not known`);
      return value;
    }
    case 'number':
      return Number(formula.text.replace('−', '-'));
    case 'power':
      return spoken(formula.exponent) === 'T' ? of(formula.base) : of(formula.base) ** of(formula.exponent);
    case 'fraction': {
      const slope = names.get(spoken(formula));
      return slope ?? of(formula.top) / of(formula.bottom);
    }
    case 'root':
      return Math.sqrt(of(formula.of));
    case 'row':
      return evaluateRow(formula.parts, of);
    case 'operator':
    case 'function':
    case 'index':
      throw new Error(`No number: ${spoken(formula)}`);
  }
}

/** Rows: sums of products of factors, with signs, brackets, calls, and a sum over the only element. */
function evaluateRow(parts: readonly Formula[], of: (part: Formula) => number): number {
  let at = 0;
  const is = (...texts: string[]): boolean => {
    const part = parts[at];
    return part?.kind === 'operator' && texts.includes(part.text);
  };
  const factor = (): number => {
    if (is('−')) {
      at++;
      return -factor();
    }
    if (is('∑')) {
      at++;
      return factor();
    }
    if (is('(')) {
      at++;
      const value = sum();
      at++;
      return value;
    }
    if (is('|')) {
      at++;
      const value = Math.abs(sum());
      at++;
      return value;
    }
    if (is('[')) return condition();
    const part = parts[at++]!;
    if (part.kind !== 'function') return of(part);
    const name = part.text.trim();
    const values: number[] = [];
    if (is('(')) {
      do {
        at++;
        values.push(sum());
      } while (is(','));
      at++;
    } else values.push(factor());
    return FUNCTIONS[name]!(...values);
  };
  const condition = (): number => {
    const values: number[] = [];
    const signs: string[] = [];
    do {
      at++;
      values.push(sum());
      const sign = parts[at]!;
      assert.ok(sign.kind === 'operator');
      signs.push(sign.text);
    } while (!is(']'));
    at++;
    const holds = (a: number, sign: string, b: number): boolean =>
      ({ '>': a > b, '<': a < b, '≥': a >= b, '≤': a <= b, '=': a === b })[sign] ?? false;
    return values.slice(1).every((value, i) => holds(values[i]!, signs[i]!, value)) ? 1 : 0;
  };
  const product = (): number => {
    let value = factor();
    while (is('·', '⊙')) {
      at++;
      value *= factor();
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (is('+', '−')) {
      const sign = is('+') ? 1 : -1;
      at++;
      value += sign * product();
    }
    return value;
  };
  const value = sum();
  assert.equal(at, parts.length, 'the whole formula was read');
  return value;
}

/** The right side of an equation. */
function right(formula: Formula): Formula {
  assert.ok(formula.kind === 'row');
  return { kind: 'row', parts: formula.parts.slice(2) };
}

const CASES: Readonly<Record<string, (w: tf.Tensor, x: tf.Tensor) => tf.Tensor>> = {
  MatMul: (w, x) => tf.matMul(x, tf.matMul(w as tf.Tensor2D, x as tf.Tensor2D)),
  Add: (w, x) => tf.add(tf.mul(w, x), tf.square(w)),
  Sub: (w, x) => tf.sub(tf.sub(x, w), tf.mul(w, w)),
  Multiply: (w, x) => tf.mul(tf.mul(w, x), tf.mul(x, w)),
  RealDiv: (w, x) => tf.div(tf.div(w, 3), tf.sub(2, tf.mul(w, x))),
  Neg: (w) => tf.neg(tf.square(w)),
  Pow: (w) => tf.pow(w, 3),
  Sqrt: (w) => tf.sqrt(tf.mul(w, 2)),
  Abs: (w) => tf.abs(tf.mul(w, -2)),
  Exp: (w) => tf.exp(tf.mul(w, 2)),
  Log: (w) => tf.log(tf.mul(w, 2)),
  Log1p: (w) => tf.log1p(tf.mul(w, 2)),
  Tanh: (w) => tf.tanh(tf.mul(w, 2)),
  Sigmoid: (w) => tf.sigmoid(tf.mul(w, 2)),
  Relu: (w) => tf.add(tf.relu(tf.mul(w, 2)), tf.relu(tf.mul(w, -2))),
  Relu6: (w) => tf.add(tf.relu6(tf.mul(w, 2)), tf.relu6(tf.mul(w, 90))),
  Softplus: (w) => tf.softplus(tf.mul(w, 2)),
  Softmax: (w) => tf.softmax(tf.mul(w, 2)),
  LogSoftmax: (w) => tf.add(tf.logSoftmax(tf.mul(w, 2)), w),
  Sum: (w) => tf.sum(tf.mul(w, 2), 1),
  Mean: (w) => tf.mean(tf.mul(w, 2), 1),
  Max: (w) => tf.max(tf.mul(w, 2), 1),
  Min: (w) => tf.min(tf.mul(w, 2), 1),
  ClipByValue: (w) => tf.add(tf.clipByValue(tf.mul(w, 2), -1, 1), tf.clipByValue(tf.mul(w, 0.5), -1, 1)),
  Maximum: (w) => tf.add(tf.maximum(w, 0.5), tf.maximum(w, 0.9)),
  Minimum: (w) => tf.add(tf.minimum(w, 0.5), tf.minimum(w, 0.9)),
  SquaredDifference: (w, x) => tf.add(tf.squaredDifference(w, x), tf.squaredDifference(x, w)),
  Transpose: (w) => tf.transpose(tf.mul(w, 2)),
};

describe('a formula in one line', () => {
  const [a, b] = [named('a'), named('b')];

  it('has brackets where the eye sees what belongs together', () => {
    assert.equal(spoken(fraction(num(1), row(num(1), '+', a))), '1/(1 + a)');
    assert.equal(spoken(fraction(num(1), row(num(2), '·', a))), '1/(2 · a)');
    assert.equal(spoken(fraction(row(a, '−', b), num(2))), '(a − b)/2');
    assert.equal(spoken(power(a, row(b, '−', num(1)))), 'a^(b − 1)');
  });

  it('has none where nothing could be taken for something else', () => {
    assert.equal(spoken(fraction(a, power(b, num(2)))), 'a/b²');
    assert.equal(spoken(power(paren(a, '−', b), num(2))), '(a − b)²');
    assert.equal(spoken(slope(named('z', '1'))), '∂L/∂z1');
  });
});

describe('the formulas of the walk', () => {
  before(useEngine);

  for (const [name, f] of Object.entries(CASES)) {
    it(`of ${name} give TensorFlow's value and gradient`, async () => {
      const nodes = await walk(f);
      const names = new Map<string, number>();
      for (const node of nodes) {
        const symbol = spoken(nameOf(node));
        names.set(symbol, node.value.picked[0]!);
        if (node.gradient !== undefined) names.set(`∂L/∂${symbol}`, node.gradient.picked[0]!);
      }
      const close = (formula: Formula, expected: number): void => {
        const found = evaluate(right(formula), names);
        assert.ok(
          Math.abs(found - expected) < 1e-4 * Math.max(1, Math.abs(expected)),
          `${spoken(formula)}: ${found}, not ${expected}`,
        );
      };
      let forward = 0;
      let backward = 0;
      for (const node of nodes) {
        const way = forwardFormula(node, nodes);
        if (way !== undefined && node.operation?.kernel !== 'Reshape') {
          close(way, node.value.picked[0]!);
          forward++;
        }
        const back = backwardFormula(node, nodes);
        if (back === undefined) continue;
        close(back, node.gradient!.picked[0]!);
        backward++;
      }
      assert.ok(forward > 0 && backward > 1);
    });
  }

  it('name transposed factors, sums over what was stretched, and uses that add up', async () => {
    const config: FunctionalExperiment = {
      title: 'Shapes',
      data: table([[1, 2, 3]], [0], []),
      parameters: () => ({ w: tf.ones([3, 2]), v: tf.ones([2, 2]), b: tf.ones([2]), s: tf.scalar(2) }),
      forward: ({ w, v, b, s }: Parameters, x) => {
        const hidden = tf.tanh(tf.mul(tf.add(tf.matMul(x, w!), b!), s!)) as tf.Tensor2D;
        return tf.add(tf.matMul(hidden, v as tf.Tensor2D, false, true), hidden);
      },
      optimizer: () => tf.train.sgd(0.1),
      loss: { name: 'mean', fromLogits: false, compute: (_, output) => tf.mean(output) },
      epochs: 1,
      batchSize: 1,
    };
    const context = await pictured(config);
    const { nodes } = walkThrough(context, config);
    context.dispose();
    const back = (name: string): string => {
      const node = nodes.find((candidate) => spoken(nameOf(candidate)) === name)!;
      return spoken(backwardFormula(node, nodes)!);
    };
    const forward = nodes.flatMap((node) => {
      const formula = forwardFormula(node, nodes);
      return formula === undefined ? [] : [spoken(formula)];
    });
    assert.deepEqual(forward, [
      'u1 = x · w',
      'z = u1 + b',
      'v1 = z · s',
      'a = tanh(v1)',
      'u2 = a · v^T',
      'v2 = u2 + a',
      'L = 1/2 · ∑v2',
    ]);
    assert.equal(back('L'), '∂L/∂L = 1');
    assert.equal(back('v2'), '∂L/∂v2 = 1/2 · ∂L/∂L');
    assert.equal(back('v'), '∂L/∂v = ∂L/∂u2^T · a');
    assert.equal(back('a'), '∂L/∂a = ∂L/∂u2 · v + ∂L/∂v2');
    assert.equal(back('v1'), '∂L/∂v1 = ∂L/∂a ⊙ (1 − a²)');
    assert.equal(back('s'), '∂L/∂s = ∑(∂L/∂v1 · z)');
    assert.equal(back('b'), '∂L/∂b = ∑_batch ∂L/∂z');
    assert.equal(back('w'), '∂L/∂w = x^T · ∂L/∂u1');
  });

  it('of an operation without a rule say its name, and the chain rule in general', async () => {
    const nodes = await walk((w) => tf.sin(w));
    const sine = nodes.find(({ operation }) => operation?.kernel === 'Sin')!;
    assert.equal(spoken(forwardFormula(sine, nodes)!), 'v = Sin(w)');
    const w = nodes.find(({ kind }) => kind === 'parameter')!;
    assert.equal(spoken(backwardFormula(w, nodes)!), '∂L/∂w = ∂L/∂v · ∂v/∂w');
  });
});
