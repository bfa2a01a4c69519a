import type { LabErrorData } from '../../../src/protocol/errors';
import type { Picture, PictureKind } from '../../../src/protocol/pictures';
import type { PictureSettings } from '../../../src/protocol/textPictures';
import type { Theme } from '../theme/theme';

export type PictureOf<K extends PictureKind> = Extract<Picture, { readonly kind: K }>;

/** Asks whoever has the model to draw a picture with other settings. */
export type Ask = (settings: PictureSettings) => void;

/**
 * A picture on the page. Its element is put where the kit is mounted, then it is drawn whenever there is a newer picture
 * or another theme; focus and scroll positions in it stay.
 */
export interface PictureView<K extends PictureKind> {
  readonly element: HTMLElement;
  /** @param refused why what was asked for since is not drawn */
  draw(picture: PictureOf<K>, theme: Theme, refused?: LabErrorData): void;
  /** For good. */
  dispose?(): void;
}
