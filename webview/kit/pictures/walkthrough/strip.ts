/** Numbers as cells whose colour runs from one hue (negative) over the background (zero) to another (positive). */
import * as l10n from '@vscode/l10n';
import { html, type TemplateResult } from 'lit-html';
import type { TensorSample } from '../../../../src/protocol/pictures';
import { context2d, decodeBase64 } from '../../dom/canvas';
import { cssVariables, painted } from '../../dom/directives';
import type { Theme } from '../../theme/theme';
import { digits } from './digits';
import { coloursText, diverging } from './stripColours';

/** Cells in a row at most; fewer where the tensor's last axis asks for it. */
const COLUMNS = 64;

export function strip(sample: TensorSample, shape: readonly number[], name: string, theme: Theme): TemplateResult {
  const values = toFloats(sample.strip);
  const size = shape.reduce((product, side) => product * side, 1);
  const columns = columnsFor(values.length, shape);
  const rows = Math.max(1, Math.ceil(values.length / columns));
  const largest = values.reduce((most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most), 0);
  const paint = (canvas: HTMLCanvasElement): void => {
    canvas.width = columns;
    canvas.height = rows;
    const pixels = new Uint8ClampedArray(columns * rows * 4);
    values.forEach((value, i) => {
      const { r, g, b } = diverging(value === 0 ? 0 : value / largest, theme);
      pixels.set([r, g, b, 255], i * 4);
    });
    context2d(canvas).putImageData(new ImageData(pixels, columns, rows), 0, 0);
  };
  const range = l10n.t('from {0} to {1}', digits(sample.min), digits(sample.max));
  return html`<figure class="strip-figure">
    <canvas
      class="strip"
      role="img"
      aria-label="${name}: ${range}"
      ${painted(paint, sample.strip, columns, theme)}
      ${cssVariables({ '--columns': String(columns), '--rows': String(rows) })}
    ></canvas>
    <figcaption class="quiet number">${coloursText(values, largest, size)}</figcaption>
  </figure>`;
}

function columnsFor(length: number, shape: readonly number[]): number {
  const size = shape.reduce((product, side) => product * side, 1);
  const last = shape.filter((side) => side > 1).at(-1) ?? 1;
  const isWhole = length === size && last > 1 && last <= COLUMNS;
  return isWhole ? last : Math.max(1, Math.min(length, COLUMNS));
}

/** float32, little-endian. */
function toFloats(base64: string): Float32Array {
  const bytes = decodeBase64(base64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
