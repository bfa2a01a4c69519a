/** The colours of a decision boundary: at each grid point the classes' colours, mixed by their probabilities. */
import { mix, type Rgb } from '../../theme/color';

/** How far the colours of the classes come forward from the background where the model is certain. */
const STRENGTH = 0.55;

/**
 * RGBA of a picture of size x size pixels, first row on top. `probabilities` are 0..255, row-major from the lowest y,
 * classes last. They are weighted by what they are above chance, so that the background shows where the model doubts.
 */
export function blend(
  probabilities: Uint8Array,
  size: number,
  colors: readonly Rgb[],
  background: Rgb,
): Uint8ClampedArray<ArrayBuffer> {
  const classes = colors.length;
  if (probabilities.length !== size * size * classes) {
    throw new RangeError(`${probabilities.length} probabilities, expected ${size} · ${size} · ${classes}`);
  }
  const pixels = new Uint8ClampedArray(size * size * 4);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const at = (row * size + column) * classes;
      const total = probabilities.subarray(at, at + classes).reduce((sum, value) => sum + value, 0) || 1;
      let r = 0;
      let g = 0;
      let b = 0;
      let highest = 0;
      for (let k = 0; k < classes; k++) {
        const share = (probabilities[at + k] ?? 0) / total;
        const color = colors[k] ?? background;
        r += share * color.r;
        g += share * color.g;
        b += share * color.b;
        highest = Math.max(highest, share);
      }
      const certainty = classes < 2 ? 1 : (highest - 1 / classes) / (1 - 1 / classes);
      const seen = mix({ r, g, b, a: 1 }, background, STRENGTH * Math.max(0, certainty));
      const pixel = ((size - 1 - row) * size + column) * 4;
      pixels.set([seen.r, seen.g, seen.b, 255], pixel);
    }
  }
  return pixels;
}
