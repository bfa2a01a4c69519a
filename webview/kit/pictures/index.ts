/** Every picture of a model's inside, by its kind. Whoever shows one needs to know no more than this list. */
import * as l10n from '@vscode/l10n';
import type { PictureKind } from '../../../src/protocol/pictures';
import { AttentionView } from './attention/attention';
import { BoundaryView } from './boundary/boundary';
import { EmbeddingView } from './embedding/embedding';
import { MasksView } from './masks/masks';
import { MatrixView } from './matrix/matrix';
import { MistakesView } from './mistakes/mistakes';
import { ConversationView } from './conversation/conversation';
import type { Ask, PictureView } from './picture';
import { ModelSizesView } from './modelSizes/modelSizes';
import { SizeStudyView } from './sizeStudy/sizeStudy';
import { WalkthroughView } from './walkthrough/walkthrough';
import { WordsView } from './words/words';
import { WritingView } from './writing/writing';

export type { Ask, PictureOf, PictureView } from './picture';

export interface PictureMaker<K extends PictureKind> {
  /** What a page remembers it by. */
  readonly id: string;
  readonly title: () => string;
  /** It is seen to form while the model trains. */
  readonly forming?: true;
  /** @param ask left out where nobody answers */
  readonly create: (ask?: Ask) => PictureView<K>;
}

/** In the order in which they are shown. */
export const PICTURES: { readonly [K in PictureKind]: PictureMaker<K> } = {
  decisionBoundary: {
    id: 'boundary',
    title: () => l10n.t('Decision Boundary'),
    forming: true,
    create: () => new BoundaryView(),
  },
  sampledText: {
    id: 'writing',
    title: () => l10n.t('Text That It Writes'),
    forming: true,
    create: (ask) => new WritingView(ask),
  },
  conversation: { id: 'chat', title: () => l10n.t('Chat'), forming: true, create: (ask) => new ConversationView(ask) },
  attention: { id: 'attention', title: () => l10n.t('Attention'), create: () => new AttentionView() },
  decidingWords: { id: 'words', title: () => l10n.t('Words That Decided'), create: () => new WordsView() },
  wordEmbedding: { id: 'embedding', title: () => l10n.t('Embedding'), create: (ask) => new EmbeddingView(ask) },
  dropoutMasks: { id: 'masks', title: () => l10n.t('Dropout'), create: () => new MasksView() },
  walkthrough: {
    id: 'walk',
    title: () => l10n.t('One Example, Forward and Back'),
    create: () => new WalkthroughView(),
  },
  confusionMatrix: { id: 'matrix', title: () => l10n.t('Confusion Matrix'), create: () => new MatrixView() },
  worstMistakes: { id: 'mistakes', title: () => l10n.t('Worst Mistakes'), create: () => new MistakesView() },
  sizeStudy: { id: 'sizes', title: () => l10n.t('Number of Examples'), create: () => new SizeStudyView() },
  modelSizes: { id: 'modelSizes', title: () => l10n.t('What Size Buys'), create: () => new ModelSizesView() },
};

export const PICTURE_KINDS = Object.keys(PICTURES) as readonly PictureKind[];
