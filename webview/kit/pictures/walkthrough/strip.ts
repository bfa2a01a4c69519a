/** Numbers as cells whose colour runs from one hue (negative) over the background (zero) to another (positive). */
import * as l10n from '@vscode/l10n';
import type { TensorSample } from '../../../../src/protocol/run';
import { context2d, decodeBase64, h, setText } from '../../dom/elements';
import type { Theme } from '../../theme/theme';
import { digits } from './digits';
import { coloursText, diverging } from './stripColours';

/** Cells in a row at most; fewer where the tensor's last axis asks for it. */
const COLUMNS = 64;

export class Strip {
  readonly #canvas = h('canvas', { class: 'strip', role: 'img' });
  readonly #text = h('figcaption', { class: 'quiet number' });
  readonly element = h('figure', { class: 'strip-figure' }, this.#canvas, this.#text);

  draw(sample: TensorSample, shape: readonly number[], name: string, theme: Theme): void {
    const values = toFloats(sample.strip);
    const size = shape.reduce((product, side) => product * side, 1);
    const columns = columnsFor(values.length, shape);
    const rows = Math.max(1, Math.ceil(values.length / columns));
    const largest = values.reduce(
      (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
      0,
    );
    this.#canvas.width = columns;
    this.#canvas.height = rows;
    this.#canvas.style.setProperty('--columns', String(columns));
    this.#canvas.style.setProperty('--rows', String(rows));
    const pixels = new Uint8ClampedArray(columns * rows * 4);
    values.forEach((value, i) => {
      const { r, g, b } = diverging(value === 0 ? 0 : value / largest, theme);
      pixels.set([r, g, b, 255], i * 4);
    });
    context2d(this.#canvas).putImageData(new ImageData(pixels, columns, rows), 0, 0);
    const range = l10n.t('from {0} to {1}', digits(sample.min), digits(sample.max));
    this.#canvas.setAttribute('aria-label', `${name}: ${range}`);
    setText(this.#text, coloursText(values, largest, size));
  }
}

function columnsFor(length: number, shape: readonly number[]): number {
  const size = shape.reduce((product, side) => product * side, 1);
  const last = shape.filter((side) => side > 1).at(-1) ?? 1;
  const isWhole = length === size && last > 1 && last <= COLUMNS;
  return isWhole ? last : Math.max(1, Math.min(length, COLUMNS));
}

/** float32, little-endian. */
export function toFloats(base64: string): Float32Array {
  const bytes = decodeBase64(base64);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: bytes.byteLength / 4 }, (_, i) => view.getFloat32(4 * i, true));
}
