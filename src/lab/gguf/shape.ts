/** The sizes of a language model of the LLaMA family. */
export interface LlamaShape {
  readonly layers: number;
  /** Numbers that stand for a token between two layers. */
  readonly width: number;
  /** Heads that ask. */
  readonly heads: number;
  /** Heads that are asked: each serves `heads / keyValueHeads` of the others. */
  readonly keyValueHeads: number;
  readonly headWidth: number;
  /** Units inside the feed-forward network. */
  readonly hidden: number;
  readonly vocabulary: number;
  /** The longest text in tokens. */
  readonly context: number;
  /** How far the rotary positions turn at the slowest: angle i of a head is position · base^(−2i / ropeWidth). */
  readonly ropeBase: number;
  /** Of a head's numbers, how many are turned; they are turned in neighbouring pairs. */
  readonly ropeWidth: number;
  /** Under the root of each RMS normalisation. */
  readonly epsilon: number;
  /** The embedding is the output's matrix, too. */
  readonly isTied: boolean;
}
