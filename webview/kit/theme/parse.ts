import type { Rgb } from './color';

let canvas: OffscreenCanvasRenderingContext2D | null | undefined;

/**
 * Reads a colour in any form that CSS has. The browser does it: it is asked for the colour's channels as shares of sRGB,
 * which it writes in one form, "color(srgb 0.5 0.25 0 / 0.4)". Undefined for what is no colour.
 */
export function parseColor(text: string): Rgb | undefined {
  canvas ??= new OffscreenCanvas(1, 1).getContext('2d');
  if (canvas === null) throw new Error('This browser gives no 2-D canvas.');
  // What is no colour leaves the one before, which is written in another form.
  canvas.fillStyle = '#000';
  canvas.fillStyle = `color(from ${text.trim()} srgb r g b / alpha)`;
  const channels = /^color\(srgb (\S+) (\S+) (\S+?)(?: \/ (\S+))?\)$/.exec(canvas.fillStyle)?.slice(1);
  if (channels === undefined) return undefined;
  // Colours outside of sRGB are brought to its edge; a channel that is "none" is 0.
  const [r = 0, g = 0, b = 0, a = 1] = channels.map((channel?: string) =>
    channel === undefined ? undefined : Math.min(1, Math.max(0, Number(channel) || 0)),
  );
  return { r: r * 255, g: g * 255, b: b * 255, a };
}
