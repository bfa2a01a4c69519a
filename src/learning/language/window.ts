/** Text written by a model that was trained on windows of a long text: it answers at each position of a window. */
import * as tf from '@tensorflow/tfjs';
import { PADDING, UNKNOWN, type Tokenizer } from '../../lab/tokenizers/tokenizer';
import type { Author } from './generate';

export interface Windows {
  readonly tokenizer: Tokenizer;
  /** Tokens in a window. */
  readonly length: number;
  /** Whether the answer is scores, not probabilities. */
  readonly isLogits: boolean;
  /** int32 [1, length] → float32 [1, length, vocabulary or more]; the caller disposes it */
  readonly predict: (x: tf.Tensor2D) => tf.Tensor;
}

/**
 * The scores of each token of the vocabulary, float32 [vocabulary], to follow the last of these. Of more than a window has,
 * the last ones count. What stands behind them in the window is not looked at: the model was trained so.
 */
export function scoresAfter(
  tokens: readonly number[],
  { tokenizer, length, isLogits, predict }: Windows,
): Float32Array {
  const seen = tokens.slice(-length);
  const row = new Int32Array(length).fill(PADDING);
  row.set(seen);
  const x = tf.tensor2d(row, [1, length], 'int32');
  const output = predict(x);
  try {
    const each = output.size / length;
    const answers = output.dataSync<'float32'>().subarray((seen.length - 1) * each, seen.length * each);
    const scores = answers.slice(0, tokenizer.vocabulary.length);
    return isLogits ? scores : scores.map(Math.log);
  } finally {
    tf.dispose([x, output]);
  }
}

/** Writes without end: what no longer fits into the window is forgotten. */
export function windowAuthor(windows: Windows): Author {
  const { tokenizer } = windows;
  const isWritten = writtenTokens(tokenizer);
  return {
    room: Number.POSITIVE_INFINITY,
    ends: new Set(),
    scores: (tokens) => {
      const scores = scoresAfter(tokens, windows);
      return Promise.resolve(scores.map((score, id) => (isWritten(id) ? score : Number.NEGATIVE_INFINITY)));
    },
    writer: (prompt) => {
      const ids = [...prompt];
      let told = tokenizer.decode(ids).length;
      return (token) => {
        if (token !== undefined) ids.push(token);
        const text = tokenizer.decode(ids);
        // Half a character is completed by the next tokens, if at all.
        const whole = token === undefined ? text : text.replace(/\u{FFFD}+$/u, '');
        const more = whole.slice(told);
        told = Math.max(told, whole.length);
        return more;
      };
    },
  };
}

/** Neither what pads nor what stands for the unknown is text. */
function writtenTokens({ vocabulary }: Tokenizer): (id: number) => boolean {
  const hasUnknown = vocabulary[UNKNOWN] === '<unk>';
  return (id) => id !== PADDING && !(hasUnknown && id === UNKNOWN);
}
