/**
 * The forward pass of a language model of the LLaMA family as one TensorFlow graph, for any number of new tokens: weights and
 * the key/value cache are variables of it. Source: Touvron et al., "LLaMA", arXiv:2302.13971; grouped queries: Ainslie et al.,
 * arXiv:2305.13245; rotary positions: Su et al., arXiv:2104.09864.
 *
 *   tokens [n] ─ embedding ─► x [width, n] ─┬─ norm ─ q, k, v ─ turn q, k ─ write k, v into the cache ─ attention ─ + ─┐
 *                                           └──────────────────────────── each layer ──────────────────────────── ─┘
 *                                           ┌─ norm ─ silu(gate) · up ─ down ─ + ─► …  ─ norm ─ output ─► logits
 *
 * A token is a column: then a matrix of the file, which has a row for each output, is the left side of its product as it
 * lies there, a tenth faster than transposed on the right (oneDNN), and heads are rows, which no transpose has to gather.
 */
import type { LlamaShape } from '../../lab/gguf/shape';
import { after, attribute, fetchName, Graph, type Edge } from '../compile/graph/graph';
import { DataType } from '../engine/tfjs';

const FLOAT = attribute.type(DataType.float32);
const INT = attribute.type(DataType.int32);
/** Added to the score of a key that lies ahead. */
const AHEAD = -1e30;
/** Positions by which the cache should grow: attention looks at so many, twice as many, …, since each other number has kernels of its own. */
export const GROWTH = 256;

/** A weight of the graph: the matrices of the file that lie in it, one below the other. */
export interface GraphWeight {
  /** As GGUF names them. */
  readonly parts: readonly string[];
  readonly shape: readonly number[];
  /** Feed the value here. */
  readonly input: Edge;
  /** Fetch it: it shares the memory of the variable. */
  readonly read: Edge;
}

export interface LlamaGraph {
  readonly savedModel: Uint8Array;
  readonly weights: readonly GraphWeight[];
  /** Fetch this with all weights fed: they are set. TensorFlow prepares a graph anew for each other choice of feeds. */
  readonly weightsSet: Edge;
  /** Feed `more`, a number of positions; fetch `done`: the cache has room for so many more. The first time it is made. */
  readonly grow: { readonly more: Edge; readonly first: Edge; readonly next: Edge };
  /** int32 [n], the new tokens, and int32 [], how many came before. */
  readonly feeds: { readonly tokens: Edge; readonly start: Edge };
  readonly fetches: {
    /** float32 [vocabulary, 1]: of the token that follows the last one. */
    readonly next: Edge;
    /** float32 [n, width]: x before the first layer and after each. */
    readonly hidden: readonly Edge[];
    /** Of each layer, float32 [heads, n, positions]: how much each new token looks at each position, those after it included. */
    readonly attention: readonly Edge[];
  };
  /** Feed `hidden`, float32 [n, width], x after any layer; fetch `scores`, float32 [n, vocabulary], if it were the last. */
  readonly lens: { readonly hidden: Edge; readonly scores: Edge };
}

export function llamaGraph(shape: LlamaShape): LlamaGraph {
  return new Builder(shape).build();
}

interface Run {
  /** [headWidth, n] */
  readonly cos: Edge;
  readonly sin: Edge;
  /** [n, looked]: 0, or a very low number where the key lies ahead. */
  readonly ahead: Edge;
  /** Of the columns of a cache that are written. */
  readonly begin: Edge;
  readonly end: Edge;
  /** [keyValueHeads, headWidth, looked]: of a cache, the part that is looked at. */
  readonly looked: Edge;
  /** [heads, n, looked] */
  readonly byHead: Edge;
  /** [0, n - 1] */
  readonly last: Edge;
}

class Builder {
  private readonly graph = new Graph();
  private readonly weights: GraphWeight[] = [];
  /** The nodes that set them. */
  private readonly settings: Edge[] = [];
  private readonly caches: Edge[] = [];
  /** How many of the caches have been written. */
  private written = 0;

  constructor(private readonly shape: LlamaShape) {}

  build(): LlamaGraph {
    const { graph, shape } = this;
    const { width, vocabulary } = shape;
    const tokens = graph.placeholder('tokens', DataType.int32, [-1]);
    const start = graph.placeholder('start', DataType.int32, []);
    const embedding = this.weight(['token_embd.weight'], [vocabulary, width]);
    const run = this.positions(tokens, start);
    const rows = this.node('GatherV2', [embedding, tokens, this.int(0)], {
      Tparams: FLOAT,
      Tindices: INT,
      Taxis: INT,
      batch_dims: attribute.int(0),
    });
    let x = this.turned(rows);
    const hidden: Edge[] = [this.named('embedded', rows)];
    const attention: Edge[] = [];
    for (let layer = 0; layer < shape.layers; layer++) {
      const attended = this.attention(x, layer, run);
      attention.push(this.named(`attention${layer}`, attended.weights));
      x = this.add(x, attended.output);
      x = this.add(x, this.feedForward(x, layer));
      hidden.push(this.named(`hidden${layer}`, this.turned(x)));
    }
    const output = shape.isTied ? embedding : this.weight(['output.weight'], [vocabulary, width]);
    const gain = this.weight(['output_norm.weight'], [width]);
    const last = this.slice(x, run.last, this.ints([-1, -1]));
    const next = this.named('next', this.product(output, this.norm(last, gain)));
    const looked = this.graph.placeholder('looked', DataType.float32, [-1, width]);
    const lens = this.named('lens', this.turned(this.product(output, this.norm(this.turned(looked), gain))));
    return {
      weights: this.weights,
      weightsSet: this.doneAfter(this.settings),
      grow: this.growth(),
      feeds: { tokens: fetchName(tokens), start: fetchName(start) },
      fetches: { next, hidden, attention },
      lens: { hidden: fetchName(looked), scores: lens },
      // Written last: everything above adds to it.
      savedModel: graph.savedModel(),
    };
  }

  /** What all layers share: the turns of the rotary positions, which keys lie ahead, and shapes that depend on the run. */
  private positions(tokens: Edge, start: Edge): Run {
    const { heads, keyValueHeads, headWidth } = this.shape;
    const count = this.reshape(this.node('Shape', [tokens], { T: INT, out_type: INT }), [], INT);
    const end = this.intBinary('AddV2', start, count);
    const positions = this.node('Range', [start, end, this.int(1)], { Tidx: INT });
    const angles = this.node(
      'Mul',
      [
        this.reshape(
          this.node('Cast', [positions], { SrcT: INT, DstT: FLOAT, Truncate: attribute.bool(false) }),
          [1, -1],
        ),
        this.floats([headWidth, 1], this.frequencies()),
      ],
      { T: FLOAT },
    );
    const turn = (op: 'Cos' | 'Sin'): Edge => this.node(op, [angles], { T: FLOAT });
    const looked = this.lookedAt(end, this.capacity());
    const columns = this.node('Range', [this.int(0), looked, this.int(1)], { Tidx: INT });
    const isSeen = this.node(
      'LessEqual',
      [this.reshape(columns, [1, -1], INT), this.reshape(positions, [-1, 1], INT)],
      { T: INT },
    );
    const ahead = this.node('SelectV2', [isSeen, this.graph.scalar(0), this.graph.scalar(AHEAD)], { T: FLOAT });
    const from = (at: Edge): Edge => this.pack([this.int(0), this.int(0), at]);
    return {
      cos: turn('Cos'),
      sin: turn('Sin'),
      ahead,
      begin: from(start),
      end: from(end),
      looked: this.pack([this.int(keyValueHeads), this.int(headWidth), looked]),
      byHead: this.pack([this.int(heads), count, looked]),
      last: this.pack([this.int(0), this.intBinary('Sub', count, this.int(1))]),
    };
  }

  /** As many positions as have been read, rounded up, of those that there is room for. */
  private lookedAt(end: Edge, capacity: Edge): Edge {
    const each = this.int(GROWTH);
    const rounded = this.intBinary('AddV2', end, this.int(GROWTH - 1));
    const whole = this.intBinary('Mul', this.intBinary('FloorDiv', rounded, each), each);
    return this.intBinary('Minimum', whole, capacity);
  }

  /** Of each number of a head: how far its pair turns from one position to the next. What is not turned stays at 0. */
  private frequencies(): readonly number[] {
    const { headWidth, ropeWidth, ropeBase } = this.shape;
    return Array.from({ length: headWidth }, (_, i) => (i < ropeWidth ? ropeBase ** ((-2 * (i >> 1)) / ropeWidth) : 0));
  }

  private attention(x: Edge, layer: number, run: Run): { readonly output: Edge; readonly weights: Edge } {
    const { width, heads, keyValueHeads, headWidth } = this.shape;
    const name = (part: string): string => `blk.${layer}.${part}.weight`;
    const allHeads = heads + 2 * keyValueHeads;
    const matrix = this.weight(['attn_q', 'attn_k', 'attn_v'].map(name), [allHeads * headWidth, width]);
    const h = this.norm(x, this.weight([name('attn_norm')], [width]));
    // [all heads, headWidth, n]: first those that ask, then the keys, then the values.
    const all = this.reshape(this.product(matrix, h), [allHeads, headWidth, -1]);
    const turned = this.rotated(this.heads(all, 0, heads + keyValueHeads), run);
    const keys = this.cached(this.heads(turned, heads, heads + keyValueHeads), run);
    const values = this.cached(this.heads(all, heads + keyValueHeads, allHeads), run);
    // A key/value head serves several heads that ask: products repeat it.
    const group = heads / keyValueHeads;
    const asked = this.reshape(this.scaled(this.heads(turned, 0, heads)), [keyValueHeads, group, headWidth, -1]);
    const scores = this.batched(asked, this.served(keys), { a: true });
    const weights = this.node('Softmax', [this.add(scores, run.ahead)], { T: FLOAT });
    const mixed = this.batched(this.served(values), weights, { b: true });
    const below = this.reshape(mixed, [heads * headWidth, -1]);
    const output = this.product(this.weight([name('attn_output')], [width, heads * headWidth]), below);
    return { output, weights: this.reshapeTo(weights, run.byHead) };
  }

  private feedForward(x: Edge, layer: number): Edge {
    const { width, hidden } = this.shape;
    const name = (part: string): string => `blk.${layer}.${part}.weight`;
    const h = this.norm(x, this.weight([name('ffn_norm')], [width]));
    const gate = this.product(this.weight([name('ffn_gate')], [hidden, width]), h);
    const up = this.product(this.weight([name('ffn_up')], [hidden, width]), h);
    const open = this.times(gate, this.node('Sigmoid', [gate], { T: FLOAT }));
    return this.product(this.weight([name('ffn_down')], [width, hidden]), this.times(open, up));
  }

  /** x / √(mean of x² + ε) · gain */
  private norm(x: Edge, gain: Edge): Edge {
    const square = this.graph.unary('Square', x);
    const mean = this.node('Mean', [square, this.ints([0])], { T: FLOAT, Tidx: INT, keep_dims: attribute.bool(true) });
    const root = this.node('Rsqrt', [this.add(mean, this.graph.scalar(this.shape.epsilon))], { T: FLOAT });
    return this.times(this.times(x, root), this.reshape(gain, [-1, 1]));
  }

  /** Each pair (a, b) of a head becomes (a·cos − b·sin, b·cos + a·sin): its other halves are fetched by a product. */
  private rotated(x: Edge, { cos, sin }: Run): Edge {
    const { headWidth } = this.shape;
    const swap = new Float32Array(headWidth * headWidth);
    for (let i = 0; i < headWidth; i += 2) {
      swap[i * headWidth + i + 1] = -1;
      swap[(i + 1) * headWidth + i] = 1;
    }
    const swapped = this.batched(this.floats([headWidth, headWidth], swap), x);
    return this.add(this.times(x, cos), this.times(swapped, sin));
  }

  /** Writes keys or values [keyValueHeads, headWidth, n] where they belong. @returns those looked at, [keyValueHeads, headWidth, looked] */
  private cached(x: Edge, { begin, end, looked }: Run): Edge {
    const cache = this.caches[this.written++];
    if (cache === undefined) throw new Error('More is cached than there are layers.');
    // The sides 0 and 1 are taken whole.
    const write = this.node('ResourceStridedSliceAssign', [cache, begin, end, this.ints([1, 1, 1]), x], {
      T: FLOAT,
      Index: INT,
      begin_mask: attribute.int(0b011),
      end_mask: attribute.int(0b011),
      ellipsis_mask: attribute.int(0),
      new_axis_mask: attribute.int(0),
      shrink_axis_mask: attribute.int(0),
    });
    const whole = this.node('ReadVariableOp', [cache, after(write)], { dtype: FLOAT });
    return this.slice(whole, this.ints([0, 0, 0]), looked);
  }

  /** [keyValueHeads, headWidth, looked] → [keyValueHeads, 1, headWidth, looked] */
  private served(x: Edge): Edge {
    return this.node('ExpandDims', [x, this.int(1)], { T: FLOAT, Tdim: INT });
  }

  /** Makes the variables of the cache, which grow together. @returns how many positions they have room for */
  private capacity(): Edge {
    const { layers, keyValueHeads, headWidth } = this.shape;
    for (let i = 0; i < 2 * layers; i++) this.caches.push(this.variable(`cache${i}`, [keyValueHeads, headWidth, -1]));
    const [first = ''] = this.caches;
    const shape = this.node('VariableShape', [first], { out_type: INT });
    return this.reshape(this.slice(shape, this.ints([2]), this.ints([1]), INT), [], INT);
  }

  private growth(): LlamaGraph['grow'] {
    const { keyValueHeads, headWidth } = this.shape;
    const more = this.graph.placeholder('more', DataType.int32, []);
    const zero = this.int(0);
    const empty = this.node(
      'Fill',
      [this.pack([this.int(keyValueHeads), this.int(headWidth), more]), this.graph.scalar(0)],
      { T: FLOAT, index_type: INT },
    );
    const ends = this.reshape(this.pack([zero, zero, zero, zero, zero, more]), [3, 2], INT);
    const assigned = (value: (cache: Edge) => Edge): Edge[] =>
      this.caches.map((cache) => this.assign(cache, value(cache)));
    // Each has a copy of its own: variables that share memory are copied at the first write.
    const first = assigned(() => this.node('DeepCopy', [empty], { T: FLOAT }));
    const next = assigned((cache) =>
      this.node('Pad', [this.node('ReadVariableOp', [cache], { dtype: FLOAT }), ends], { T: FLOAT, Tpaddings: INT }),
    );
    return { more: fetchName(more), first: this.doneAfter(first), next: this.doneAfter(next) };
  }

  private weight(parts: readonly string[], shape: readonly number[]): Edge {
    const index = this.weights.length;
    const handle = this.variable(`weight${index}`, shape);
    const input = this.graph.placeholder(`set${index}`, DataType.float32, shape);
    this.settings.push(this.assign(handle, input));
    const read = this.node('ReadVariableOp', [handle], { dtype: FLOAT });
    this.weights.push({ parts, shape, input: fetchName(input), read: fetchName(read) });
    return read;
  }

  private variable(name: string, shape: readonly number[]): Edge {
    return this.graph.node(
      'VarHandleOp',
      [],
      { dtype: FLOAT, shape: attribute.shape(shape), shared_name: attribute.string(name) },
      name,
    );
  }

  private assign(handle: Edge, value: Edge): Edge {
    return this.node('AssignVariableOp', [handle, value], { dtype: FLOAT });
  }

  /** Something to fetch that is there once the nodes have run. */
  private doneAfter(nodes: readonly Edge[]): Edge {
    const value = attribute.tensor(DataType.int32, [], new Uint8Array(4));
    return fetchName(this.node('Const', nodes.map(after), { dtype: INT, value }));
  }

  private named(name: string, edge: Edge): Edge {
    return fetchName(this.graph.identity(DataType.float32, edge, [], name));
  }

  /** matrix · x. Not as a batched product of one: that has one thread for a single token, and packs slower for many. */
  private product(matrix: Edge, x: Edge): Edge {
    const flags = { transpose_a: attribute.bool(false), transpose_b: attribute.bool(false) };
    return this.node('MatMul', [matrix, x], { T: FLOAT, ...flags });
  }

  private batched(a: Edge, b: Edge, isTransposed: { readonly a?: boolean; readonly b?: boolean } = {}): Edge {
    const flags = { adj_x: attribute.bool(isTransposed.a === true), adj_y: attribute.bool(isTransposed.b === true) };
    return this.node('BatchMatMulV2', [a, b], { T: FLOAT, ...flags });
  }

  private scaled(x: Edge): Edge {
    return this.times(x, this.graph.scalar(this.shape.headWidth ** -0.5));
  }

  private heads(x: Edge, from: number, to: number): Edge {
    return this.slice(x, this.ints([from, 0, 0]), this.ints([to - from, -1, -1]));
  }

  private slice(x: Edge, begin: Edge, size: Edge, type = FLOAT): Edge {
    return this.node('Slice', [x, begin, size], { T: type, Index: INT });
  }

  /** [a, b] → [b, a] */
  private turned(x: Edge): Edge {
    return this.node('Transpose', [x, this.ints([1, 0])], { T: FLOAT, Tperm: INT });
  }

  private reshape(x: Edge, sides: readonly number[], type = FLOAT): Edge {
    return this.reshapeTo(x, this.ints(sides), type);
  }

  private reshapeTo(x: Edge, sides: Edge, type = FLOAT): Edge {
    return this.node('Reshape', [x, sides], { T: type, Tshape: INT });
  }

  private node(op: string, inputs: readonly Edge[], attributes: Parameters<Graph['node']>[2]): Edge {
    return this.graph.node(op, inputs, attributes);
  }

  private pack(sides: readonly Edge[]): Edge {
    return this.node('Pack', sides, { T: INT, N: attribute.int(sides.length), axis: attribute.int(0) });
  }

  private int(value: number): Edge {
    return this.graph.constant(DataType.int32, [], Int32Array.of(value));
  }

  private ints(values: readonly number[]): Edge {
    return this.graph.constant(DataType.int32, [values.length], Int32Array.from(values));
  }

  private floats(shape: readonly number[], values: Iterable<number>): Edge {
    return this.graph.constant(DataType.float32, shape, Float32Array.from(values));
  }

  private intBinary(op: 'AddV2' | 'Sub' | 'Mul' | 'FloorDiv' | 'Minimum', a: Edge, b: Edge): Edge {
    return this.node(op, [a, b], { T: INT });
  }

  private add(a: Edge, b: Edge): Edge {
    return this.graph.binary('AddV2', a, b);
  }

  private times(a: Edge, b: Edge): Edge {
    return this.graph.binary('Mul', a, b);
  }
}
