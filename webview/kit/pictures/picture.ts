import type { Picture, PictureKind } from '../../../src/protocol/run';
import type { Theme } from '../theme/theme';

export type PictureOf<K extends PictureKind> = Extract<Picture, { readonly kind: K }>;

/**
 * A picture on the page. Its element is put where the kit is mounted, then it is drawn whenever there is a newer picture
 * or another theme; focus and scroll positions in it stay.
 */
export interface PictureView<K extends PictureKind> {
  readonly element: HTMLElement;
  draw(picture: PictureOf<K>, theme: Theme): void;
  /** For good. */
  dispose?(): void;
}
