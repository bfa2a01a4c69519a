/** Every picture of a model's inside, by its kind. Whoever shows one needs to know no more than this list. */
import * as l10n from '@vscode/l10n';
import type { Picture, PictureKind } from '../../../src/protocol/run';
import type { Theme } from '../theme/theme';
import { BoundaryView } from './boundary/boundary';
import { MasksView } from './masks/masks';
import { MatrixView } from './matrix/matrix';
import { MistakesView } from './mistakes/mistakes';
import { SizeStudyView } from './sizeStudy/sizeStudy';
import { WalkthroughView } from './walkthrough/walkthrough';

export type PictureOf<K extends PictureKind> = Extract<Picture, { readonly kind: K }>;

/** A picture on the page: its element is put somewhere, then drawn whenever there is a newer one or another theme. */
export interface PictureView<K extends PictureKind> {
  readonly element: HTMLElement;
  draw(picture: PictureOf<K>, theme: Theme): void;
}

export interface PictureMaker<K extends PictureKind> {
  /** What a page remembers it by. */
  readonly id: string;
  readonly title: () => string;
  /** It is seen to form while the model trains. */
  readonly forming?: true;
  readonly create: () => PictureView<K>;
}

/** In the order in which they are shown. */
export const PICTURES: { readonly [K in PictureKind]: PictureMaker<K> } = {
  decisionBoundary: {
    id: 'boundary',
    title: () => l10n.t('Decision Boundary'),
    forming: true,
    create: () => new BoundaryView(),
  },
  dropoutMasks: { id: 'masks', title: () => l10n.t('Dropout'), create: () => new MasksView() },
  walkthrough: {
    id: 'walk',
    title: () => l10n.t('One Example, Forward and Back'),
    create: () => new WalkthroughView(),
  },
  confusionMatrix: { id: 'matrix', title: () => l10n.t('Confusion Matrix'), create: () => new MatrixView() },
  worstMistakes: { id: 'mistakes', title: () => l10n.t('Worst Mistakes'), create: () => new MistakesView() },
  sizeStudy: { id: 'sizes', title: () => l10n.t('Number of Examples'), create: () => new SizeStudyView() },
};

export const PICTURE_KINDS = Object.keys(PICTURES) as readonly PictureKind[];
