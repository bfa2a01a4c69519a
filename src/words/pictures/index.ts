/** One or two sentences that say what a picture shows, in the user's language. */
import type { Picture, PictureData } from '../../protocol/pictures';
import { describeAttention } from './attention';
import { describeBoundary } from './decisionBoundary';
import { describeConfusion } from './confusionMatrix';
import { describeConversation } from './conversation';
import { describeDeciding } from './decidingWords';
import { describeMasks } from './dropoutMasks';
import { describeMistakes } from './worstMistakes';
import { describeModelSizes } from './modelSizes';
import { describeSampled } from './sampledText';
import { describeSizes } from './sizeStudy';
import { describeWalk } from './walkthrough';
import { describeEmbedding } from './wordEmbedding';

export function withSummary<D extends PictureData>(picture: D): Extract<Picture, { readonly kind: D['kind'] }> {
  return { ...picture, summary: summaryOf(picture) } as unknown as Extract<Picture, { readonly kind: D['kind'] }>;
}

function summaryOf(picture: PictureData): string {
  switch (picture.kind) {
    case 'decisionBoundary':
      return describeBoundary(picture);
    case 'confusionMatrix':
      return describeConfusion(picture);
    case 'worstMistakes':
      return describeMistakes(picture);
    case 'walkthrough':
      return describeWalk(picture);
    case 'dropoutMasks':
      return describeMasks(picture);
    case 'sizeStudy':
      return describeSizes(picture);
    case 'modelSizes':
      return describeModelSizes(picture);
    case 'sampledText':
      return describeSampled(picture);
    case 'decidingWords':
      return describeDeciding(picture);
    case 'wordEmbedding':
      return describeEmbedding(picture);
    case 'attention':
      return describeAttention(picture);
    case 'conversation':
      return describeConversation(picture);
  }
}
