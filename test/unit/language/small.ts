/** A small LLaMA with weights from a seed, and the same network written out by hand. */
import assert from 'node:assert/strict';
import { llamaWeights } from '../../../src/lab/gguf/llama';
import type { LlamaShape } from '../../../src/lab/gguf/shape';
import { createRandom, normal } from '../../../src/lab/random';

export const SMALL: LlamaShape = {
  layers: 2,
  width: 12,
  heads: 4,
  keyValueHeads: 2,
  headWidth: 6,
  hidden: 10,
  vocabulary: 258,
  context: 700,
  ropeBase: 100,
  ropeWidth: 4,
  epsilon: 1e-5,
  isTied: false,
};

/** Weights by a seed: small numbers. */
export function weightsOf(shape: LlamaShape): Map<string, Float32Array> {
  const random = createRandom(3);
  return new Map(
    [...llamaWeights(shape)].map(([name, sides]) => [
      name,
      Float32Array.from({ length: sides.reduce((a, b) => a * b, 1) }, () => 0.4 * normal(random)),
    ]),
  );
}

/** The same network written out in loops over numbers, position by position, with neither a cache nor TensorFlow. */
export function byHand(
  shape: LlamaShape,
  weights: ReadonlyMap<string, Float32Array>,
  tokens: readonly number[],
): number[] {
  const { width, heads, keyValueHeads, headWidth, ropeWidth, ropeBase, epsilon } = shape;
  const w = (name: string): Float32Array => weights.get(`${name}.weight`) ?? assert.fail(name);
  const times = (name: string, x: readonly number[]): number[] =>
    Array.from({ length: w(name).length / x.length }, (_, row) =>
      x.reduce((sum, value, i) => sum + value * (w(name)[row * x.length + i] ?? NaN), 0),
    );
  const norm = (name: string, x: readonly number[]): number[] => {
    const root = Math.sqrt(x.reduce((sum, value) => sum + value * value, 0) / x.length + epsilon);
    return x.map((value, i) => (value / root) * (w(name)[i] ?? NaN));
  };
  const turned = (x: readonly number[], position: number): number[] => {
    const result = [...x];
    for (let head = 0; head < x.length; head += headWidth) {
      for (let i = 0; i < ropeWidth; i += 2) {
        const angle = position * ropeBase ** (-i / ropeWidth);
        const [a = NaN, b = NaN] = x.slice(head + i, head + i + 2);
        result[head + i] = a * Math.cos(angle) - b * Math.sin(angle);
        result[head + i + 1] = b * Math.cos(angle) + a * Math.sin(angle);
      }
    }
    return result;
  };
  const plus = (a: readonly number[], b: readonly number[]): number[] => a.map((value, i) => value + (b[i] ?? NaN));
  let x = tokens.map((token) => [...w('token_embd').slice(token * width, (token + 1) * width)]);
  for (let layer = 0; layer < shape.layers; layer++) {
    const name = (part: string): string => `blk.${layer}.${part}`;
    const h = x.map((row) => norm(name('attn_norm'), row));
    const q = h.map((row, position) => turned(times(name('attn_q'), row), position));
    const k = h.map((row, position) => turned(times(name('attn_k'), row), position));
    const v = h.map((row) => times(name('attn_v'), row));
    x = x.map((row, position) => {
      const mixed = Array.from({ length: heads }, (_, head) => {
        const own = Math.floor(head / (heads / keyValueHeads)) * headWidth;
        const scores = k
          .slice(0, position + 1)
          .map((key) =>
            Array.from({ length: headWidth }).reduce<number>(
              (sum, _, i) => sum + (q[position]?.[head * headWidth + i] ?? NaN) * (key[own + i] ?? NaN),
              0,
            ),
          );
        const shares = scores.map((score) => Math.exp(score / Math.sqrt(headWidth)));
        const total = shares.reduce((a, b) => a + b);
        return Array.from({ length: headWidth }, (_, i) =>
          shares.reduce((sum, share, at) => sum + (share / total) * (v[at]?.[own + i] ?? NaN), 0),
        );
      });
      return plus(row, times(name('attn_output'), mixed.flat()));
    });
    x = x.map((row) => {
      const inside = norm(name('ffn_norm'), row);
      const [gate, up] = [times(name('ffn_gate'), inside), times(name('ffn_up'), inside)];
      return plus(
        row,
        times(
          name('ffn_down'),
          gate.map((g, i) => (g / (1 + Math.exp(-g))) * (up[i] ?? NaN)),
        ),
      );
    });
  }
  return times('output', norm('output_norm', x.at(-1) ?? []));
}

export const near = (found: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string): void => {
  assert.equal(found.length, expected.length);
  const worst = Math.max(...Array.from(found, (value, i) => Math.abs(value - (expected[i] ?? NaN))));
  assert.ok(worst <= tolerance, `${what}: ${worst}`);
};
