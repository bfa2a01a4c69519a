/** Grey or RGB bytes as the RGBA that a canvas takes. */
export function toRgba(
  bytes: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3,
): Uint8ClampedArray<ArrayBuffer> {
  const count = width * height;
  if (bytes.length !== count * channels) {
    throw new RangeError(`${bytes.length} bytes of pixels, expected ${height} · ${width} · ${channels}`);
  }
  const pixels = new Uint8ClampedArray(count * 4).fill(255);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) pixels[i * 4 + k] = bytes[i * channels + (channels === 3 ? k : 0)] ?? 0;
  }
  return pixels;
}
