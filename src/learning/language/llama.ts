/**
 * A language model of the LLaMA family that runs: tokens in, scores of the next token out. What it has read is kept as keys
 * and values, so that a further token costs one pass of one token.
 */
import type { LlamaShape } from '../../lab/gguf/shape';
import { DataType, nativeBackend, sizeOf, type NativeBackend } from '../engine/native/internals';
import { Session } from '../engine/native/session';
import { llamaGraph, type GraphWeight, type LlamaGraph } from './llamaGraph';

/** Positions by which the cache grows. */
const GROWTH = 256;
/** Tokens that are read in one pass: between two others have their turn. */
const PIECE = 256;

/** A weight's numbers by its name in GGUF; called once for each. */
export type ReadWeight = (name: string) => Promise<Float32Array>;

export class Llama {
  private capacity = 0;
  private length = 0;

  private constructor(
    readonly shape: LlamaShape,
    private readonly backend: NativeBackend,
    private readonly graph: LlamaGraph,
    private readonly session: Session,
  ) {}

  /**
   * Hands the weights to TensorFlow, which holds the one copy of them.
   * @param progress how many of all were read
   */
  static async load(
    shape: LlamaShape,
    read: ReadWeight,
    progress: (fraction: number) => void = () => undefined,
  ): Promise<Llama> {
    const backend = nativeBackend();
    if (backend === undefined) throw new Error('Language models need the native engine.');
    const graph = llamaGraph(shape);
    const ids: number[] = [];
    try {
      for (const [index, weight] of graph.weights.entries()) {
        progress(index / graph.weights.length);
        ids.push(backend.binding.createTensor(weight.shape, DataType.float32, await numbersOf(weight, read)));
      }
      const session = new Session(backend, graph.savedModel);
      const inputs = graph.weights.map(({ input }) => input).join();
      for (const { id } of session.run(ids, inputs, graph.weightsSet)) backend.binding.deleteTensor(id);
      return new Llama(shape, backend, graph, session);
    } finally {
      // The variables share their memory.
      for (const id of ids) backend.binding.deleteTensor(id);
    }
  }

  /** How many tokens it has read. */
  get position(): number {
    return this.length;
  }

  /** Forgets what comes after the first `length` tokens. */
  rewind(length: number): void {
    if (length < 0 || length > this.length) throw new Error(`${this.length} tokens were read, not ${length}.`);
    this.length = length;
  }

  /**
   * Reads further tokens.
   * @param tokens at least one; no more than the context has room for
   * @returns float32 [vocabulary]: the scores (logits) of the token that follows
   * @throws the signal's reason; what was read until then is kept
   */
  async read(tokens: readonly number[], signal?: AbortSignal): Promise<Float32Array> {
    let scores: Float32Array | undefined;
    for (let at = 0; at < tokens.length; at += PIECE) {
      signal?.throwIfAborted();
      [scores] = this.pass(tokens.slice(at, at + PIECE), [this.graph.fetches.next]);
      await new Promise(setImmediate);
    }
    if (scores === undefined) throw new Error('There was no token to read.');
    return scores;
  }

  /**
   * Reads tokens in one pass and says more of it.
   * @returns `logits` [n, vocabulary] of the token after each; `hidden` of each layer [n, width]; `attention` of each layer
   * [heads, n, capacity], of which the positions that were read count
   */
  inspect(tokens: readonly number[]): {
    readonly logits: Float32Array;
    readonly hidden: readonly Float32Array[];
    readonly attention: readonly Float32Array[];
    readonly capacity: number;
  } {
    const { all, hidden, attention } = this.graph.fetches;
    const [logits = new Float32Array(), ...rest] = this.pass(tokens, [all, ...hidden, ...attention]);
    return {
      logits,
      hidden: rest.slice(0, hidden.length),
      attention: rest.slice(hidden.length),
      capacity: this.capacity,
    };
  }

  dispose(): void {
    this.session.dispose();
  }

  private pass(tokens: readonly number[], fetches: readonly string[]): Float32Array[] {
    const { backend, graph, session, length } = this;
    const { binding } = backend;
    this.makeRoom(length + tokens.length);
    const ids = [
      binding.createTensor([tokens.length], DataType.int32, Int32Array.from(tokens)),
      binding.createTensor([], DataType.int32, Int32Array.of(length)),
    ];
    try {
      const made = session.run(ids, `${graph.feeds.tokens},${graph.feeds.start}`, fetches.join());
      this.length = length + tokens.length;
      return made.map(({ id }) => {
        try {
          return binding.tensorDataSync(id) as Float32Array;
        } finally {
          binding.deleteTensor(id);
        }
      });
    } finally {
      for (const id of ids) binding.deleteTensor(id);
    }
  }

  private makeRoom(needed: number): void {
    const { backend, graph, session, capacity } = this;
    if (needed > this.shape.context) throw new Error(`The context has ${this.shape.context} tokens, not ${needed}.`);
    if (needed <= capacity) return;
    const target = Math.min(this.shape.context, Math.ceil(needed / GROWTH) * GROWTH);
    const { more, first, next } = graph.grow;
    const id = backend.binding.createTensor([], DataType.int32, Int32Array.of(target - capacity));
    try {
      for (const done of session.run([id], more, capacity === 0 ? first : next)) backend.binding.deleteTensor(done.id);
    } finally {
      backend.binding.deleteTensor(id);
    }
    this.capacity = target;
  }
}

/** The parts of a weight one below the other. */
async function numbersOf({ parts, shape }: GraphWeight, read: ReadWeight): Promise<Float32Array> {
  const [only = '', ...others] = parts;
  if (others.length === 0) return await read(only);
  const numbers = new Float32Array(sizeOf(shape));
  let at = 0;
  for (const part of parts) {
    const own = await read(part);
    numbers.set(own, at);
    at += own.length;
  }
  return numbers;
}
