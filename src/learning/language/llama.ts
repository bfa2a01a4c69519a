/**
 * A language model of the LLaMA family that runs: tokens in, scores of the next token out. What it has read is kept as keys
 * and values, so that a further token costs one pass of one token.
 */
import * as tf from '@tensorflow/tfjs';
import { llamaWeights } from '../../lab/gguf/llama';
import type { LlamaShape } from '../../lab/gguf/shape';
import { nativeBackend, tensorId, type NativeBackend } from '../engine/native/internals';
import { DataType, sizeOf } from '../engine/tfjs';
import { Session } from '../engine/native/session';
import { scoped } from '../training/scope';
import type { LanguageModel, ReadWeight } from './model';
import { GROWTH, llamaGraph, type GraphWeight, type LlamaGraph } from './llamaGraph';

/** Tokens that are read in one pass: between two others have their turn. */
const PIECE = 256;

export class Llama implements LanguageModel {
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
   * @param progress told the share of the bytes that were read
   */
  static async load(
    shape: LlamaShape,
    read: ReadWeight,
    progress: (fraction: number) => void = () => undefined,
  ): Promise<Llama> {
    const backend = nativeBackend();
    if (backend === undefined) throw new Error('The graph of a language model needs the native engine.');
    const graph = llamaGraph(shape);
    const total = graph.weights.reduce((sum, weight) => sum + sizeOf(weight.shape), 0);
    const ids: number[] = [];
    let done = 0;
    try {
      for (const weight of graph.weights) {
        progress(done / total);
        ids.push(backend.binding.createTensor(weight.shape, DataType.float32, await numbersOf(weight, read)));
        done += sizeOf(weight.shape);
      }
      return Llama.of(shape, backend, graph, ids);
    } finally {
      // The variables share their memory.
      for (const id of ids) backend.binding.deleteTensor(id);
    }
  }

  /** @param ids the tensors of its weights, which stay the caller's */
  private static of(shape: LlamaShape, backend: NativeBackend, graph: LlamaGraph, ids: readonly number[]): Llama {
    const session = new Session(backend, graph.savedModel);
    try {
      const inputs = graph.weights.map(({ input }) => input).join();
      for (const { id } of session.run(ids, inputs, graph.weightsSet)) backend.binding.deleteTensor(id);
      return new Llama(shape, backend, graph, session);
    } catch (error) {
      session.dispose();
      throw error;
    }
  }

  weights(): Record<string, tf.Variable> {
    const shapes = llamaWeights(this.shape);
    const variables: Record<string, tf.Variable> = {};
    tf.tidy(() => {
      this.wholes().forEach((whole, index) => {
        let from = 0;
        for (const part of this.graph.weights[index]?.parts ?? []) {
          const rows = shapes.get(part)?.[0] ?? 0;
          // Whole rows of a matrix are no copy either.
          const own = rows === whole.shape[0] ? whole : tf.slice(whole, from, rows);
          variables[part] = tf.variable(own, false);
          from += rows;
        }
      });
    });
    return variables;
  }

  with(changed: Readonly<Record<string, tf.Tensor>>): Llama {
    const { backend, graph, shape } = this;
    return scoped(() => {
      const shapes = llamaWeights(shape);
      const values = this.wholes().map((whole, index) => {
        const parts = graph.weights[index]?.parts ?? [];
        if (!parts.some((part) => changed[part] !== undefined)) return whole;
        const sizes = parts.map((part) => shapes.get(part)?.[0] ?? 0);
        return tf.concat(tf.split(whole, sizes).map((own, i) => changed[parts[i] ?? ''] ?? own));
      });
      return Llama.of(
        shape,
        backend,
        graph,
        values.map((value) => tensorId(backend, value)),
      );
    });
  }

  /** The weights as the graph has them. */
  private wholes(): tf.Tensor[] {
    const { backend, graph, session } = this;
    const made = session.run([], '', graph.weights.map(({ read }) => read).join());
    return made.map((metadata) => backend.createOutputTensor(metadata));
  }

  get position(): number {
    return this.length;
  }

  rewind(length: number): void {
    if (length < 0 || length > this.length) throw new Error(`${this.length} tokens were read, not ${length}.`);
    this.length = length;
  }

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

  inspect(tokens: readonly number[]): {
    readonly hidden: readonly Float32Array[];
    readonly attention: readonly Float32Array[];
    readonly positions: number;
  } {
    const { hidden, attention } = this.graph.fetches;
    const made = this.pass(tokens, [...hidden, ...attention]);
    const looks = made.slice(hidden.length);
    const positions = (looks[0]?.length ?? 0) / (this.shape.heads * tokens.length);
    return { hidden: made.slice(0, hidden.length), attention: looks, positions };
  }

  lens(hidden: Float32Array): Float32Array {
    const { graph, backend } = this;
    const { width } = this.shape;
    const id = backend.binding.createTensor([hidden.length / width, width], DataType.float32, hidden);
    try {
      const [scores = new Float32Array()] = this.fetch([id], graph.lens.hidden, [graph.lens.scores]);
      return scores;
    } finally {
      backend.binding.deleteTensor(id);
    }
  }

  get cache(): { readonly capacity: number; readonly bytesEach: number } {
    const { layers, keyValueHeads, headWidth } = this.shape;
    return {
      capacity: this.capacity,
      bytesEach: 2 * layers * keyValueHeads * headWidth * Float32Array.BYTES_PER_ELEMENT,
    };
  }

  dispose(): void {
    this.session.dispose();
  }

  private pass(tokens: readonly number[], fetches: readonly string[]): Float32Array[] {
    const { graph, length } = this;
    const { binding } = this.backend;
    this.makeRoom(length + tokens.length);
    const ids = [
      binding.createTensor([tokens.length], DataType.int32, Int32Array.from(tokens)),
      binding.createTensor([], DataType.int32, Int32Array.of(length)),
    ];
    try {
      const made = this.fetch(ids, `${graph.feeds.tokens},${graph.feeds.start}`, fetches);
      this.length = length + tokens.length;
      return made;
    } finally {
      for (const id of ids) binding.deleteTensor(id);
    }
  }

  private fetch(ids: readonly number[], feeds: string, fetches: readonly string[]): Float32Array[] {
    const { binding } = this.backend;
    return this.session.run(ids, feeds, fetches.join()).map(({ id }) => {
      try {
        return binding.tensorDataSync(id) as Float32Array;
      } finally {
        binding.deleteTensor(id);
      }
    });
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
