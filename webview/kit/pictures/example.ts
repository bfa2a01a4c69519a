/** The example that a picture is about: the image, what it is, and what the model says. */
import * as l10n from '@vscode/l10n';
import { html, nothing, type TemplateResult } from 'lit-html';
import type { PicturedExample } from '../../../src/protocol/pictures';
import { painted } from '../dom/directives';
import { paintPixels } from './paint';

export function examplePicture(
  { index, label, predicted, image }: PicturedExample,
  classes: readonly string[],
): TemplateResult {
  const truth = classes[label] ?? String(label);
  const said = predicted === null ? undefined : (classes[predicted] ?? String(predicted));
  return html`<figure class="example">
    ${
      image === undefined
        ? nothing
        : html`<canvas
            class="example-image"
            role="img"
            aria-label=${l10n.t('Test image {0}, {1}', index, truth)}
            ${painted((canvas) => {
              paintPixels(canvas, image);
            }, image.pixels)}
          ></canvas>`
    }
    <figcaption class="mistake-text">
      <span class="truth">${l10n.t('label: {0}', truth)}</span>
      ${said === undefined ? nothing : html`<span class="said">${l10n.t('model: {0}', said)}</span>`}
    </figcaption>
  </figure>`;
}
