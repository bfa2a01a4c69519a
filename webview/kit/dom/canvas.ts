/** What drawing on canvases needs. */

/** 2-D context of a canvas; a browser without it cannot show the lab's pictures at all. */
export function context2d(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('This browser gives no 2-D canvas.');
  return context;
}

/** Sizes a canvas for a drawing of `width` by `height` CSS pixels, and returns a context in which they are the unit. */
export function sized(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const scale = Math.max(1, window.devicePixelRatio);
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = context2d(canvas);
  context.scale(scale, scale);
  return context;
}

export function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
