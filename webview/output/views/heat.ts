/** Numbers as colours. */
import type { Summary, TensorDisplay } from '../../../src/protocol/display';
import { context2d } from '../../kit/dom/canvas';
import { mix, type Rgb } from '../../kit/theme/color';
import type { Theme } from '../../kit/theme/theme';

/**
 * A cell a number. Where there are numbers on both sides of 0, each side has its own colour, and 0 is the background; else
 * they go from the background to one colour. What is not finite is the theme's foreground.
 */
export function paintHeat(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  rows: number,
  columns: number,
  { min, max }: Summary,
  theme: Theme,
): void {
  canvas.width = columns;
  canvas.height = rows;
  const low = min ?? 0;
  const high = max ?? 1;
  const both = low < 0 && high > 0;
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const [above = theme.foreground, below = theme.foreground] = [theme.series[0], theme.series[1]];
  const colorOf = (value: number): Rgb => {
    if (!Number.isFinite(value)) return theme.foreground;
    if (both) return mix(value < 0 ? below : above, theme.background, Math.abs(value) / most);
    return mix(above, theme.background, high === low ? 0.5 : (value - low) / (high - low));
  };
  paint(canvas, (index) => colorOf(values[index] ?? NaN));
}

/** As pictures are: 0 is black and 1 white, or, where there are other numbers, the smallest and the largest of all. */
export function paintPicture(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  { height, width, channels }: NonNullable<TensorDisplay['image']>,
  { min, max }: Summary,
): void {
  canvas.width = width;
  canvas.height = height;
  const plain = (min ?? 0) >= 0 && (max ?? 1) <= 1;
  const low = plain ? 0 : (min ?? 0);
  const high = plain ? 1 : (max ?? 1);
  const byte = (index: number): number => (((values[index] ?? 0) - low) / (high - low || 1)) * 255;
  paint(canvas, (index) => {
    if (channels === 1) return { r: byte(index), g: byte(index), b: byte(index), a: 1 };
    return { r: byte(3 * index), g: byte(3 * index + 1), b: byte(3 * index + 2), a: 1 };
  });
}

function paint(canvas: HTMLCanvasElement, colorOf: (index: number) => Rgb): void {
  const { width, height } = canvas;
  if (width === 0 || height === 0) return;
  const image = new ImageData(width, height);
  for (let index = 0; index < width * height; index++) {
    const { r, g, b } = colorOf(index);
    image.data.set([r, g, b, 255], index * 4);
  }
  context2d(canvas).putImageData(image, 0, 0);
}
