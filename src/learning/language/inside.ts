/** What happened inside a language model while it read a text. */
import * as tf from '@tensorflow/tfjs';
import type { Fragment } from '../../lab/gguf/tokenizer';
import type { NextToken } from '../../lab/models';
import type { LanguageModel } from './model';

/** A longer text has attention that nobody can look at, and would take a gigabyte. */
export const MOST_INSIDE = 256;

export class Reading {
  private readonly hiddenStates: readonly Float32Array[];
  /** Of each layer, [heads, n, n]. */
  private readonly looks: readonly Float32Array[];

  /** Reads the tokens, from the beginning. */
  constructor(
    private readonly llama: LanguageModel,
    private readonly tokens: readonly number[],
    private readonly fragmentOf: (token: number) => Fragment,
  ) {
    llama.rewind(0);
    const { hidden, attention, positions } = llama.inspect(tokens);
    this.hiddenStates = hidden;
    this.looks = attention.map((shares) => firstColumns(shares, positions, tokens.length));
  }

  /** float32 [heads, n, n] of a layer, [n, n] of one of its heads, [layers, heads, n, n] of all. */
  attention(layer?: number, head?: number): tf.Tensor {
    const { heads, layers } = this.llama.shape;
    const n = this.tokens.length;
    if (layer === undefined)
      return tf.tidy(() => tf.stack(Array.from({ length: layers }, (_, at) => this.attention(at))));
    const all = this.looks[layer] ?? new Float32Array();
    if (head === undefined) return tf.tensor(all.slice(), [heads, n, n]);
    return tf.tensor(all.slice(head * n * n, (head + 1) * n * n), [n, n]);
  }

  /** float32 [n, width] */
  hidden(layers: number): tf.Tensor2D {
    return tf.tensor2d((this.hiddenStates[layers] ?? new Float32Array()).slice(), [this.tokens.length, this.width]);
  }

  /** The likeliest tokens after each number of layers, or the one given. */
  lens(position: number, top: number, of?: number): readonly (NextToken & { readonly layers: number })[] {
    const { width } = this;
    const rows = new Float32Array(this.hiddenStates.length * width);
    this.hiddenStates.forEach((state, at) => {
      rows.set(state.subarray(position * width, (position + 1) * width), at * width);
    });
    const scores = this.llama.lens(rows);
    const { vocabulary } = this.llama.shape;
    return this.hiddenStates.flatMap((_, layers) => {
      const own = scores.subarray(layers * vocabulary, (layers + 1) * vocabulary);
      return this.chances(own, of === undefined ? likeliest(own, top) : [of]).map((next) => ({ layers, ...next }));
    });
  }

  next(position: number, top: number): readonly NextToken[] {
    const last = this.hiddenStates.at(-1) ?? new Float32Array();
    const scores = this.llama.lens(last.slice(position * this.width, (position + 1) * this.width));
    return this.chances(scores, likeliest(scores, top));
  }

  /** Softmax, of these tokens. */
  private chances(scores: Float32Array, tokens: readonly number[]): NextToken[] {
    const highest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
    const total = scores.reduce((sum, score) => sum + Math.exp(score - highest), 0);
    return tokens.map((token) => ({
      token,
      text: this.fragmentOf(token).text,
      probability: Math.exp((scores[token] ?? -Infinity) - highest) / total,
    }));
  }

  private get width(): number {
    return this.llama.shape.width;
  }
}

/** The `top` tokens of the highest scores, highest first. */
function likeliest(scores: Float32Array, top: number): readonly number[] {
  // A typed array is sorted by numbers, and quickly.
  const limit = scores.slice().sort().at(-top) ?? -Infinity;
  return Array.from(scores.keys())
    .filter((token) => (scores[token] ?? -Infinity) >= limit)
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b)
    .slice(0, top);
}

/** Of rows that are `from` long, the first `to` numbers each. */
function firstColumns(rows: Float32Array, from: number, to: number): Float32Array {
  const count = rows.length / from;
  const result = new Float32Array(count * to);
  for (let row = 0; row < count; row++) result.set(rows.subarray(row * from, row * from + to), row * to);
  return result;
}
