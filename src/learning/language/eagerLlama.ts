/**
 * The forward pass of `llamaGraph.ts` operation by operation, for an engine without graphs. A token is a column here, too: a
 * matrix of the file, a row for each output, is then the left side of its product as it lies, and only the few tokens are
 * packed for it.
 */
import * as tf from '@tensorflow/tfjs';
import { llamaWeights } from '../../lab/gguf/llama';
import type { LlamaShape } from '../../lab/gguf/shape';
import type { LanguageModel, ReadWeight } from './model';

/** Tokens that are read in one pass: between two others have their turn. */
const PIECE = 64;
/** Added to the score of a key that lies ahead. */
const AHEAD = -1e30;

type Weights = Readonly<Record<string, tf.Tensor>>;

/** Of a layer, float32 [keyValueHeads, headWidth, positions] each. */
interface Cached {
  readonly keys: tf.Tensor;
  readonly values: tf.Tensor;
}

interface Pass {
  readonly caches: readonly Cached[];
  /** [width, n], of the last layer. */
  readonly last: tf.Tensor;
  /** [n, width] each, and [heads, n, positions] each; none where nobody asked. */
  readonly hidden: readonly tf.Tensor[];
  readonly attention: readonly tf.Tensor[];
}

export class EagerLlama implements LanguageModel {
  private caches: readonly Cached[] = [];
  private length = 0;

  private constructor(
    readonly shape: LlamaShape,
    private readonly own: Weights,
  ) {}

  static async load(shape: LlamaShape, read: ReadWeight, progress: (fraction: number) => void): Promise<EagerLlama> {
    const sizes = llamaWeights(shape);
    const total = [...sizes.values()].reduce((sum, sides) => sum + tf.util.sizeFromShape([...sides]), 0);
    const own: Record<string, tf.Tensor> = {};
    let done = 0;
    try {
      for (const [name, sides] of sizes) {
        progress(done / total);
        own[name] = tf.keep(tf.tensor(await read(name), [...sides]));
        done += tf.util.sizeFromShape([...sides]);
      }
    } catch (error) {
      tf.dispose(own);
      throw error;
    }
    return new EagerLlama(shape, own);
  }

  get position(): number {
    return this.length;
  }

  get cache(): LanguageModel['cache'] {
    const { layers, keyValueHeads, headWidth } = this.shape;
    const capacity = this.caches[0]?.keys.shape[2] ?? 0;
    return { capacity, bytesEach: 2 * layers * keyValueHeads * headWidth * Float32Array.BYTES_PER_ELEMENT };
  }

  rewind(length: number): void {
    if (length < 0 || length > this.length) throw new Error(`${this.length} tokens were read, not ${length}.`);
    this.length = length;
  }

  async read(tokens: readonly number[], signal?: AbortSignal): Promise<Float32Array> {
    let scores: Float32Array | undefined;
    for (let at = 0; at < tokens.length; at += PIECE) {
      signal?.throwIfAborted();
      const piece = tokens.slice(at, at + PIECE);
      const pass = this.pass(piece, false);
      if (at + PIECE >= tokens.length)
        scores = numbersOf(() => this.scores(tf.slice(pass.last, [0, piece.length - 1], [-1, 1])));
      pass.last.dispose();
      await new Promise(setImmediate);
    }
    if (scores === undefined) throw new Error('There was no token to read.');
    return scores;
  }

  inspect(tokens: readonly number[]): ReturnType<LanguageModel['inspect']> {
    const { hidden, attention, last } = this.pass(tokens, true);
    const positions = this.length;
    const take = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>();
    const found = { hidden: hidden.map(take), attention: attention.map(take), positions };
    tf.dispose([...hidden, ...attention, last]);
    return found;
  }

  lens(hidden: Float32Array): Float32Array {
    const { width } = this.shape;
    return numbersOf(() => {
      const x = tf.tensor2d(hidden, [hidden.length / width, width]);
      return tf.transpose(this.scores(tf.transpose(x)));
    });
  }

  weights(): Record<string, tf.Variable> {
    return Object.fromEntries(Object.entries(this.own).map(([name, tensor]) => [name, tf.variable(tensor, false)]));
  }

  with(changed: Weights): EagerLlama {
    const shared = Object.entries({ ...this.own, ...changed }).map(([name, tensor]) => [name, tf.keep(tensor.clone())]);
    return new EagerLlama(this.shape, Object.fromEntries(shared) as Weights);
  }

  dispose(): void {
    tf.dispose(this.caches.flatMap(({ keys, values }) => [keys, values]));
    tf.dispose(Object.values(this.own));
    this.caches = [];
  }

  private weight(name: string, layer?: number): tf.Tensor {
    const whole = `${layer === undefined ? '' : `blk.${layer}.`}${name}.weight`;
    const found = this.own[whole];
    if (found === undefined) throw new Error(`The model has no weight ${whole}.`);
    return found;
  }

  /** @returns kept tensors; the caller frees those beside the caches */
  private pass(tokens: readonly number[], isLookedAt: boolean): Pass {
    const needed = this.length + tokens.length;
    if (needed > this.shape.context) throw new Error(`The context has ${this.shape.context} tokens, not ${needed}.`);
    const made = tf.tidy(() => this.through(tokens, isLookedAt) as unknown as tf.TensorContainer) as unknown as Pass;
    const kept = [made.last, ...made.hidden, ...made.attention, ...made.caches.flatMap((c) => [c.keys, c.values])];
    kept.forEach((tensor) => tf.keep(tensor));
    tf.dispose(this.caches.flatMap(({ keys, values }) => [keys, values]));
    this.caches = made.caches;
    this.length = needed;
    return made;
  }

  private through(tokens: readonly number[], isLookedAt: boolean): Pass {
    const rows = tf.gather(this.weight('token_embd'), tf.tensor1d([...tokens], 'int32'));
    const turns = this.turns(tokens.length);
    const ahead = this.ahead(tokens.length);
    let x = tf.transpose(rows);
    const [caches, hidden, attention]: [Cached[], tf.Tensor[], tf.Tensor[]] = [[], [], []];
    if (isLookedAt) hidden.push(rows);
    for (let layer = 0; layer < this.shape.layers; layer++) {
      const done = tf.tidy(() => {
        const attended = this.attention(x, layer, turns, ahead);
        const y = tf.add(x, attended.output);
        const after = tf.add(y, this.feedForward(y, layer));
        const { keys, values, shares } = attended;
        return { keys, values, after, ...(isLookedAt ? { shares, row: tf.transpose(after) } : {}) };
      });
      const { keys, values, after, shares, row } = done as typeof done & { shares?: tf.Tensor; row?: tf.Tensor };
      if (layer > 0) x.dispose();
      x = after;
      caches.push({ keys, values });
      if (row !== undefined) hidden.push(row);
      if (shares !== undefined) attention.push(shares);
    }
    return { caches, last: x, hidden, attention };
  }

  private attention(
    x: tf.Tensor,
    layer: number,
    turns: readonly [cos: tf.Tensor, sin: tf.Tensor],
    ahead: tf.Tensor,
  ): Cached & { readonly output: tf.Tensor; readonly shares: tf.Tensor } {
    const { heads, keyValueHeads, headWidth } = this.shape;
    const n = x.shape[1] ?? 0;
    const group = heads / keyValueHeads;
    const h = this.norm(x, this.weight('attn_norm', layer));
    const times = (name: string, count: number): tf.Tensor =>
      tf.reshape(tf.matMul(this.weight(name, layer), h), [count, headWidth, n]);
    const keys = this.continued(layer, 'keys', rotated(times('attn_k', keyValueHeads), turns));
    const values = this.continued(layer, 'values', times('attn_v', keyValueHeads));
    const positions = keys.shape[2] ?? 0;
    // A key/value head serves several heads that ask: their tokens stand one below the other.
    const asked = tf.reshape(tf.transpose(rotated(times('attn_q', heads), turns), [0, 2, 1]), [
      keyValueHeads,
      group * n,
      headWidth,
    ]);
    const scores = tf.reshape(tf.mul(tf.matMul(asked, keys), headWidth ** -0.5), [heads, n, positions]);
    const shares = tf.softmax(tf.add(scores, ahead));
    const looks = tf.reshape(shares, [keyValueHeads, group * n, positions]);
    const mixed = tf.reshape(tf.matMul(looks, values, false, true), [heads, n, headWidth]);
    const below = tf.reshape(tf.transpose(mixed, [0, 2, 1]), [heads * headWidth, n]);
    return { keys, values, shares, output: tf.matMul(this.weight('attn_output', layer), below) };
  }

  private feedForward(x: tf.Tensor, layer: number): tf.Tensor {
    const h = this.norm(x, this.weight('ffn_norm', layer));
    const times = (name: string, y: tf.Tensor): tf.Tensor => tf.matMul(this.weight(name, layer), y);
    const gate = times('ffn_gate', h);
    return times('ffn_down', tf.mul(tf.mul(gate, tf.sigmoid(gate)), times('ffn_up', h)));
  }

  /** x / √(mean of x² + ε) · gain, of each column */
  private norm(x: tf.Tensor, gain: tf.Tensor): tf.Tensor {
    const mean = tf.mean(tf.square(x), 0, true);
    return tf.mul(tf.mul(x, tf.rsqrt(tf.add(mean, this.shape.epsilon))), tf.reshape(gain, [-1, 1]));
  }

  /** [width, n] → [vocabulary, n] */
  private scores(x: tf.Tensor): tf.Tensor {
    const output = this.weight(this.shape.isTied ? 'token_embd' : 'output');
    return tf.matMul(output, this.norm(x, this.weight('output_norm')));
  }

  /** What the layer has kept of the tokens before, and the new ones. */
  private continued(layer: number, part: keyof Cached, added: tf.Tensor): tf.Tensor {
    const before = this.caches[layer]?.[part];
    // The caller frees what came before, so a pass always hands over a tensor of its own.
    return before === undefined ? added : tf.concat([tf.slice(before, [0, 0, 0], [-1, -1, this.length]), added], 2);
  }

  /** Cosine and sine [headWidth / 2, 1, n] of how far each pair of a head's numbers turns. What is not turned stays at 0. */
  private turns(n: number): readonly [tf.Tensor, tf.Tensor] {
    const { headWidth, ropeWidth, ropeBase } = this.shape;
    const pairs = headWidth / 2;
    const angles = new Float32Array(pairs * n);
    for (let pair = 0; pair < ropeWidth / 2; pair++)
      for (let i = 0; i < n; i++) angles[pair * n + i] = (this.length + i) * ropeBase ** ((-2 * pair) / ropeWidth);
    // In JavaScript: the sines of WebAssembly lose digits at large angles.
    const of = (turn: (angle: number) => number): tf.Tensor => tf.tensor3d(angles.map(turn), [pairs, 1, n]);
    return [of(Math.cos), of(Math.sin)];
  }

  /** [n, positions]: 0, or a very low number where the key lies ahead. */
  private ahead(n: number): tf.Tensor {
    const positions = this.length + n;
    const values = new Float32Array(n * positions);
    for (let i = 0; i < n; i++) values.fill(AHEAD, i * positions + this.length + i + 1, (i + 1) * positions);
    return tf.tensor2d(values, [n, positions]);
  }
}

/** Each pair (a, b) of a head becomes (a·cos − b·sin, b·cos + a·sin). [heads, headWidth, n] */
function rotated(x: tf.Tensor, [cos, sin]: readonly [tf.Tensor, tf.Tensor]): tf.Tensor {
  const [heads = 0, headWidth = 0, n = 0] = x.shape;
  const [a, b] = tf.split(tf.reshape(x, [heads, headWidth / 2, 2, n]), 2, 2) as [tf.Tensor, tf.Tensor];
  const turned = [tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))];
  return tf.reshape(tf.concat(turned, 2), [heads, headWidth, n]);
}

/** The numbers of the tensor that the work gives; all that it made is freed. */
function numbersOf(work: () => tf.Tensor): Float32Array {
  const made = tf.tidy(work);
  try {
    return made.dataSync<'float32'>();
  } finally {
    made.dispose();
  }
}
