import { context2d, decodeBase64 } from '../dom/canvas';
import { toRgba } from './pixels';

export interface Image {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** height·width·channels bytes, base64. */
  readonly pixels: string;
}

/** An image of the data on a canvas of its size. */
export function paintPixels(canvas: HTMLCanvasElement, { width, height, channels, pixels }: Image): void {
  canvas.width = width;
  canvas.height = height;
  const rgba = toRgba(decodeBase64(pixels), width, height, channels);
  context2d(canvas).putImageData(new ImageData(rgba, width, height), 0, 0);
}
