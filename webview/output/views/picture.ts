/** One of the panel's pictures of a model's inside, and a picture of pixels. */
import { html, render } from 'lit-html';
import type { ImageDisplay, PictureDisplay } from '../../../src/protocol/display';
import type { PictureKind } from '../../../src/protocol/pictures';
import { block } from '../../kit/dom/block';
import { painted } from '../../kit/dom/directives';
import { PICTURES, type PictureView } from '../../kit/pictures';
import { paintPixels } from '../../kit/pictures/paint';
import type { Theme } from '../../kit/theme/theme';
import type { OutputView } from '../view';

export class InsideView implements OutputView<'picture'> {
  readonly element = block('stack');
  #kind: PictureKind | undefined;
  #view: PictureView<PictureKind> | undefined;

  draw({ picture }: PictureDisplay, theme: Theme): void {
    if (picture.kind !== this.#kind) {
      this.#view?.dispose?.();
      this.#kind = picture.kind;
      // The list ties each kind to its view; a kind that is only known at run time cannot express it.
      this.#view = PICTURES[picture.kind].create() as PictureView<PictureKind>;
      this.element.replaceChildren(this.#view.element);
    }
    this.#view?.draw(picture, theme);
  }

  dispose(): void {
    this.#view?.dispose?.();
  }
}

export class ImageView implements OutputView<'image'> {
  readonly element = block('stack');

  draw(image: ImageDisplay): void {
    const paint = (canvas: HTMLCanvasElement): void => {
      paintPixels(canvas, image);
    };
    render(
      html`<figure class="stack">
        <canvas class="picture large" role="img" aria-label=${image.label} ${painted(paint, image.pixels)}></canvas>
        <figcaption class="quiet">${image.label}</figcaption>
      </figure>`,
      this.element,
    );
  }
}
