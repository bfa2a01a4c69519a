/** The pictures of the model's inside, each in a section of its own that is there when the run has such a picture. */
import { nothing, type TemplateResult } from 'lit-html';
import type { PictureKind } from '../../../src/protocol/pictures';
import { PICTURES, type PictureMaker, type PictureOf, type PictureView } from '../../kit/pictures';
import type { Theme } from '../../kit/theme/theme';
import type { Post } from '../vscodeApi';
import { section } from './section';
import type { Scene, View } from './view';

export class PictureSection<K extends PictureKind> implements View {
  readonly #kind: K;
  readonly #maker: PictureMaker<K>;
  readonly #view: PictureView<K>;
  #drawn: { readonly picture: PictureOf<K>; readonly theme: Theme; readonly refused: unknown } | undefined;
  /** Of the run whose picture is shown. */
  #key = '';

  constructor(kind: K, post: Post) {
    this.#kind = kind;
    this.#maker = PICTURES[kind];
    this.#view = this.#maker.create((settings) => {
      post({ type: 'setPicture', key: this.#key, settings });
    });
  }

  render({ store, choices }: Scene): TemplateResult | typeof nothing {
    const { id, title } = this.#maker;
    return store.pictures.has(this.#kind) ? section(id, title(), choices, this.#view.element) : nothing;
  }

  drawn({ store, choices, theme }: Scene): void {
    const picture = store.pictures.get(this.#kind) as PictureOf<K> | undefined;
    // A folded section is drawn when it is opened.
    if (picture === undefined || choices.isCollapsed(this.#maker.id)) return;
    const refused = store.refusals.get(this.#kind);
    if (this.#drawn?.picture === picture && this.#drawn.theme === theme && this.#drawn.refused === refused) return;
    this.#key = store.foreground?.run.key ?? '';
    this.#drawn = { picture, theme, refused };
    this.#view.draw(picture, theme, refused);
  }
}
