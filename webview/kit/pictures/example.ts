/** The example that a picture is about: the image, what it is, and what the model says. */
import * as l10n from '@vscode/l10n';
import type { PicturedExample } from '../../../src/protocol/run';
import { context2d, decodeBase64, h, setHidden, setText } from '../dom/elements';
import { toRgba } from './pixels';

export class ExamplePicture {
  readonly #canvas = h('canvas', { class: 'example-image', role: 'img' });
  readonly #truth = h('span', { class: 'truth' });
  readonly #said = h('span', { class: 'said' });
  readonly element = h(
    'figure',
    { class: 'example' },
    this.#canvas,
    h('figcaption', { class: 'mistake-text' }, this.#truth, this.#said),
  );

  draw({ index, label, predicted, image }: PicturedExample, classes: readonly string[]): void {
    const truth = classes[label] ?? String(label);
    const said = predicted === null ? '' : (classes[predicted] ?? String(predicted));
    setText(this.#truth, l10n.t('label: {0}', truth));
    setText(this.#said, said === '' ? '' : l10n.t('model: {0}', said));
    setHidden(this.#canvas, image === undefined);
    if (image === undefined) return;
    const { width, height, channels, pixels } = image;
    this.#canvas.setAttribute('aria-label', l10n.t('Test image {0}, {1}', index, truth));
    this.#canvas.width = width;
    this.#canvas.height = height;
    const rgba = toRgba(decodeBase64(pixels), width, height, channels);
    context2d(this.#canvas).putImageData(new ImageData(rgba, width, height), 0, 0);
  }
}
