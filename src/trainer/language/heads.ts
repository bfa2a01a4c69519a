/** The attention of a text that a language model has read, as a picture: every head of every layer, the tokens beside it. */
import * as tf from '@tensorflow/tfjs';
import type { Inside, LlamaShape } from '../../lab/models';
import { packedHeads } from '../../learning/pictures/attention';
import type { PictureData } from '../../protocol/pictures';
import { withSummary } from '../../words/pictures';
import { Made } from '../kernel/display';

/** Tokens of a picture under a cell, the first ones: what these look at is all among them. */
const MOST_SHOWN = 64;

type Attended = Extract<PictureData, { readonly kind: 'attention' }>;

/** @param shown how many of its tokens, from the first on */
export function headsOf(
  inside: Inside,
  { layers: count, heads }: LlamaShape,
  shown = inside.fragments.length,
): Pick<Attended, 'tokens' | 'layers'> {
  const layers = tf.tidy(() =>
    Array.from({ length: count }, (_, layer) => {
      const shares = tf.slice(inside.attention(layer), [0, 0, 0], [heads, shown, shown]);
      return packedHeads(heads, shares.dataSync<'float32'>());
    }),
  );
  return { tokens: inside.fragments.slice(0, shown).map(({ text }) => text), layers };
}

/** What a cell shows in place of `inside`. */
export function headsDisplay(inside: Inside, shape: LlamaShape): Made {
  const { length } = inside.fragments;
  const shown = Math.min(length, MOST_SHOWN);
  const more = length > shown ? { more: length - shown } : {};
  const picture = withSummary({ kind: 'attention', step: 0, epoch: 0, ...headsOf(inside, shape, shown), ...more });
  return new Made({ kind: 'picture', picture }, picture.summary);
}
