/** What the tokens of a text attend to, in every layer and head of a transformer. */
import * as tf from '@tensorflow/tfjs';
import type { Attention } from '../../protocol/textPictures';
import type { Learner } from '../training/learner';
import { undisturbed } from './undisturbed';

/**
 * Undefined where the model does not say, or pools: then it has one share a token and no pairs.
 *
 * @param row token numbers, padded to as many as the model takes
 * @param shown how many of them, from the first on
 * @throws LearningError ATTENTION_SHAPE, what the learner's function throws
 */
export function attentionLayers(learner: Learner, row: Int32Array, shown: number): Attention['layers'] | undefined {
  if (learner.attention === undefined) return undefined;
  const attention = learner.attention;
  return undisturbed(0, () => {
    const layers = attention(tf.tensor2d(row, [1, row.length], 'int32'));
    if (layers[0]?.rank !== 4) return undefined;
    return layers.map((shares) => {
      const heads = shares.shape[1] ?? 0;
      const cut = tf.slice(shares, [0, 0, 0, 0], [1, heads, shown, shown]).dataSync<'float32'>();
      return packedHeads(heads, cut);
    });
  });
}

/** @param shares [heads, tokens, tokens], 0 … 1 */
export function packedHeads(heads: number, shares: ArrayLike<number>): Attention['layers'][number] {
  const bytes = Uint8ClampedArray.from(shares, (share) => share * 255);
  return { heads, weights: Buffer.from(bytes).toString('base64') };
}
