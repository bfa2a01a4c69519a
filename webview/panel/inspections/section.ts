/** The pictures of a model's inside, each in a section of its own that is there when the run has such a picture. */
import * as l10n from '@vscode/l10n';
import type { Picture, PictureKind } from '../../../src/protocol/run';
import { setHidden } from '../dom';
import type { Choices } from '../state';
import type { Theme } from '../theme';
import { createSection } from '../views/section';
import type { Scene, View } from '../views/view';
import { BoundaryView } from './boundary';
import { MasksView } from './masks';
import { MatrixView } from './matrix';
import { MistakesView } from './mistakes';
import { SizeStudyView } from './sizeStudy';
import { WalkthroughView } from './walkthrough';

type Of<K extends PictureKind> = Extract<Picture, { readonly kind: K }>;

interface Drawing<K extends PictureKind> {
  readonly element: HTMLElement;
  draw(inspection: Of<K>, theme: Theme): void;
}

/** `id` is what the page remembers a folded section by. */
const PICTURES: {
  readonly [K in PictureKind]: { readonly id: string; readonly title: () => string; readonly create: () => Drawing<K> };
} = {
  decisionBoundary: { id: 'boundary', title: () => l10n.t('Decision Boundary'), create: () => new BoundaryView() },
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

/** What is seen to form while it trains; it stands above the curves. */
export const FORMING = 'decisionBoundary';
export const OTHERS = (Object.keys(PICTURES) as PictureKind[]).filter((kind) => kind !== FORMING);

export class InspectionSection<K extends PictureKind> implements View {
  readonly #kind: K;
  readonly #picture: Drawing<K>;
  readonly element: HTMLDetailsElement;
  #drawn: { readonly inspection: Of<K>; readonly theme: Theme } | undefined;

  constructor(kind: K, choices: Choices, opened: () => void) {
    const { id, title, create } = PICTURES[kind];
    this.#kind = kind;
    this.#picture = create();
    this.element = createSection(id, title(), choices, this.#picture.element);
    this.element.addEventListener('toggle', opened);
  }

  draw({ store, theme }: Scene): void {
    const inspection = store.pictures.get(this.#kind) as Of<K> | undefined;
    setHidden(this.element, inspection === undefined);
    // A folded section is drawn when it is opened.
    if (inspection === undefined || !this.element.open) return;
    if (this.#drawn?.inspection === inspection && this.#drawn.theme === theme) return;
    this.#drawn = { inspection, theme };
    this.#picture.draw(inspection, theme);
  }
}
