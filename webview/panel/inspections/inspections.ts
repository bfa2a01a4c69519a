/** The pictures of a model's inside that a lesson has, each in a section of its own. */
import * as l10n from '@vscode/l10n';
import { assertNever } from '../../../src/protocol/errors';
import type { Inspection, InspectionKind } from '../../../src/protocol/run';
import { h, setHidden } from '../dom';
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

export class Inspections implements View {
  readonly #boundary = new BoundaryView();
  readonly #masks = new MasksView();
  readonly #walkthrough = new WalkthroughView();
  readonly #matrix = new MatrixView();
  readonly #mistakes = new MistakesView();
  readonly #sizes = new SizeStudyView();
  readonly #sections: Readonly<Record<InspectionKind, HTMLDetailsElement>>;
  readonly element: HTMLElement;
  readonly #drawn = new Map<InspectionKind, { readonly inspection: Inspection; readonly theme: Theme }>();

  constructor(choices: Choices, opened: () => void) {
    this.#sections = {
      decisionBoundary: createSection('boundary', l10n.t('Decision Boundary'), choices, this.#boundary.element),
      dropoutMasks: createSection('masks', l10n.t('Dropout'), choices, this.#masks.element),
      walkthrough: createSection('walk', l10n.t('One Example, Forward and Back'), choices, this.#walkthrough.element),
      confusionMatrix: createSection('matrix', l10n.t('Confusion Matrix'), choices, this.#matrix.element),
      worstMistakes: createSection('mistakes', l10n.t('Worst Mistakes'), choices, this.#mistakes.element),
      sizeStudy: createSection('sizes', l10n.t('Number of Examples'), choices, this.#sizes.element),
    };
    for (const section of Object.values(this.#sections)) section.addEventListener('toggle', opened);
    this.element = h('div', { class: 'inspections' }, ...Object.values(this.#sections));
  }

  draw({ store, theme }: Scene): void {
    for (const kind of Object.keys(this.#sections) as InspectionKind[]) {
      const section = this.#sections[kind];
      const inspection = store.inspections.get(kind);
      setHidden(section, inspection === undefined);
      const drawn = this.#drawn.get(kind);
      // A folded section is drawn when it is opened.
      if (inspection === undefined || !section.open) continue;
      if (drawn?.inspection === inspection && drawn.theme === theme) continue;
      this.#drawn.set(kind, { inspection, theme });
      this.#draw(inspection, theme);
    }
  }

  #draw(inspection: Inspection, theme: Theme): void {
    switch (inspection.kind) {
      case 'decisionBoundary':
        this.#boundary.draw(inspection, theme);
        return;
      case 'dropoutMasks':
        this.#masks.draw(inspection, theme);
        return;
      case 'walkthrough':
        this.#walkthrough.draw(inspection, theme);
        return;
      case 'confusionMatrix':
        this.#matrix.draw(inspection);
        return;
      case 'worstMistakes':
        this.#mistakes.draw(inspection);
        return;
      case 'sizeStudy':
        this.#sizes.draw(inspection, theme);
        return;
      default:
        assertNever(inspection);
    }
  }
}
