/** The pictures of the model's inside, each in a section of its own that is there when the run has such a picture. */
import type { PictureKind } from '../../../src/protocol/run';
import { setHidden } from '../../kit/dom/elements';
import { PICTURES, type PictureOf, type PictureView } from '../../kit/pictures';
import type { Theme } from '../../kit/theme/theme';
import type { Choices } from '../state';
import { createSection } from './section';
import type { Scene, View } from './view';

export class PictureSection<K extends PictureKind> implements View {
  readonly #kind: K;
  readonly #view: PictureView<K>;
  readonly element: HTMLDetailsElement;
  #drawn: { readonly picture: PictureOf<K>; readonly theme: Theme } | undefined;

  constructor(kind: K, choices: Choices, opened: () => void) {
    const { id, title, create } = PICTURES[kind];
    this.#kind = kind;
    this.#view = create();
    this.element = createSection(id, title(), choices, this.#view.element);
    this.element.addEventListener('toggle', opened);
  }

  draw({ store, theme }: Scene): void {
    const picture = store.pictures.get(this.#kind) as PictureOf<K> | undefined;
    setHidden(this.element, picture === undefined);
    // A folded section is drawn when it is opened.
    if (picture === undefined || !this.element.open) return;
    if (this.#drawn?.picture === picture && this.#drawn.theme === theme) return;
    this.#drawn = { picture, theme };
    this.#view.draw(picture, theme);
  }
}
