/** A picture in the size of the data set: shrunk by averaging areas, enlarged between its pixels. */
import type { Picture } from './formats';

/**
 * What becomes of a picture of other proportions: 'cover' cuts off what stands out at two sides, the same at both;
 * 'contain' keeps all of it, with black bars; 'stretch' changes its proportions.
 */
export type Fit = 'cover' | 'contain' | 'stretch';

export interface Frame {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly fit: Fit;
}

/** Where a picture lies in the frame, and which part of it. In pixels, each from the left or the top. */
export interface Placed {
  /** x, y, width, height of the part of the picture that is seen. */
  readonly source: readonly [number, number, number, number];
  /** x, y, width, height of where that lies in the frame, whole numbers. */
  readonly target: readonly [number, number, number, number];
}

export function place(width: number, height: number, frame: { width: number; height: number; fit: Fit }): Placed {
  const whole = [0, 0, frame.width, frame.height] as const;
  if (frame.fit === 'stretch') return { source: [0, 0, width, height], target: whole };
  const scales = [frame.width / width, frame.height / height] as const;
  if (frame.fit === 'cover') {
    const scale = Math.max(...scales);
    const [w, h] = [Math.min(width, frame.width / scale), Math.min(height, frame.height / scale)];
    return { source: [(width - w) / 2, (height - h) / 2, w, h], target: whole };
  }
  const scale = Math.min(...scales);
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const [x, y] = [Math.floor((frame.width - w) / 2), Math.floor((frame.height - h) / 2)];
  return { source: [0, 0, width, height], target: [x, y, w, h] };
}

/**
 * @param orientation of EXIF, 1 to 8: how the picture has to be turned
 * @param out receives [height, width, channels] from `at` on; zeros before. Transparent parts lie on white.
 */
export function fitInto(picture: Picture, orientation: number, frame: Frame, out: Uint8Array, at: number): void {
  const onSide = orientation >= 5;
  const { width, height, channels } = frame;
  // Turned when it is small: the frame is turned the other way before.
  const turned = onSide ? { ...frame, width: height, height: width } : frame;
  const { source, target } = place(picture.width, picture.height, turned);
  const [left, top, columns, rows] = target;
  const small = resample(picture, source, columns, rows);
  const from = turner(orientation, turned.width, turned.height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = from(x, y);
      if (u < left || v < top || u >= left + columns || v >= top + rows) continue;
      const pixel = 3 * ((v - top) * columns + (u - left));
      const [red = 0, green = 0, blue = 0] = [small[pixel], small[pixel + 1], small[pixel + 2]];
      const to = at + channels * (y * width + x);
      if (channels === 1) {
        out[to] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue); // ITU-R BT.601
      } else {
        out[to] = Math.round(red);
        out[to + 1] = Math.round(green);
        out[to + 2] = Math.round(blue);
      }
    }
  }
}

/** From a place in the picture as it is seen to that as it is stored, [width, height] of what is stored. */
function turner(orientation: number, width: number, height: number): (x: number, y: number) => [number, number] {
  const [right, bottom] = [width - 1, height - 1];
  switch (orientation) {
    case 2:
      return (x, y) => [right - x, y];
    case 3:
      return (x, y) => [right - x, bottom - y];
    case 4:
      return (x, y) => [x, bottom - y];
    case 5:
      return (x, y) => [y, x];
    case 6:
      return (x, y) => [y, bottom - x];
    case 7:
      return (x, y) => [right - y, bottom - x];
    case 8:
      return (x, y) => [right - y, x];
    default:
      return (x, y) => [x, y];
  }
}

/** float32 [rows, columns, 3], 0 … 255. */
function resample(picture: Picture, source: Placed['source'], columns: number, rows: number): Float32Array {
  const { width, pixels, opaque } = picture;
  const across = weights(source[0], source[2], picture.width, columns);
  const down = weights(source[1], source[3], picture.height, rows);
  const [first, last] = [across.from[0] ?? 0, (across.from[columns - 1] ?? 0) + (across.count[columns - 1] ?? 0)];
  const out = new Float32Array(rows * columns * 3);
  const sums = new Float32Array(width * 3);
  for (let row = 0; row < rows; row++) {
    sums.fill(0, 3 * first, 3 * last);
    for (let k = 0; k < (down.count[row] ?? 0); k++) {
      const weight = down.values[row * down.most + k] ?? 0;
      const start = 4 * ((down.from[row] ?? 0) + k) * width;
      for (let x = first; x < last; x++) {
        const pixel = start + 4 * x;
        const alpha = opaque ? 255 : (pixels[pixel + 3] ?? 255);
        const scale = alpha === 255 ? weight : (weight * alpha) / 255;
        const white = weight * (255 - alpha);
        const to = 3 * x;
        sums[to] = (sums[to] ?? 0) + scale * (pixels[pixel] ?? 0) + white;
        sums[to + 1] = (sums[to + 1] ?? 0) + scale * (pixels[pixel + 1] ?? 0) + white;
        sums[to + 2] = (sums[to + 2] ?? 0) + scale * (pixels[pixel + 2] ?? 0) + white;
      }
    }
    for (let column = 0; column < columns; column++) {
      const to = 3 * (row * columns + column);
      for (let k = 0; k < (across.count[column] ?? 0); k++) {
        const weight = across.values[column * across.most + k] ?? 0;
        const from = 3 * ((across.from[column] ?? 0) + k);
        for (let colour = 0; colour < 3; colour++)
          out[to + colour] = (out[to + colour] ?? 0) + weight * (sums[from + colour] ?? 0);
      }
    }
  }
  return out;
}

interface Weights {
  /** For each pixel that is made, the first one that goes into it, and how many. */
  readonly from: Int32Array;
  readonly count: Int32Array;
  /** [pixels, most]: how much each of them counts; the sum is 1. */
  readonly values: Float32Array;
  readonly most: number;
}

/** For `length` pixels from `from` on, of `size` that there are, made into `wanted`. */
function weights(from: number, length: number, size: number, wanted: number): Weights {
  const scale = length / wanted;
  const most = Math.max(2, Math.ceil(scale) + 1);
  const made: Weights = {
    from: new Int32Array(wanted),
    count: new Int32Array(wanted),
    values: new Float32Array(wanted * most),
    most,
  };
  for (let i = 0; i < wanted; i++) {
    if (scale >= 1) {
      const [begin, end] = [from + i * scale, Math.min(size, from + (i + 1) * scale)];
      const first = Math.min(size - 1, Math.floor(begin + 1e-9));
      const last = Math.max(first + 1, Math.ceil(end - 1e-9));
      made.from[i] = first;
      made.count[i] = last - first;
      for (let k = first; k < last; k++)
        made.values[i * most + k - first] = (Math.min(end, k + 1) - Math.max(begin, k)) / (end - begin);
    } else {
      const middle = Math.min(size - 1, Math.max(0, from + (i + 0.5) * scale - 0.5));
      const first = Math.min(size - 1, Math.floor(middle));
      made.from[i] = first;
      made.count[i] = first + 1 < size ? 2 : 1;
      made.values[i * most] = first + 1 < size ? 1 - (middle - first) : 1;
      made.values[i * most + 1] = middle - first;
    }
  }
  return made;
}
