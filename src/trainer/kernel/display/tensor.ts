/** A tensor as it is shown: what is known of all of it, and its first page. */
import * as tf from '@tensorflow/tfjs';
import type { TensorDisplay, TensorPage } from '../../../protocol/display';
import { float32s, summaryOf, type Values } from './numbers';
import type { Pages } from './pages';

/** Numbers of a page. */
const MOST_NUMBERS = 16_384;
const MOST_ROWS = 100;
const MOST_PICTURES = 64;
/** A text of a tensor of strings is cut here. */
const MOST_CHARACTERS = 200;
/** Sides of what is taken for a picture. */
const SIDES = { least: 5, most: 1024 };
/** A matrix whose sides are not larger is seen at once as a heat map. */
const HEAT = { least: 4, most: 128 };

export interface Numbered {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Row-major; empty where there are `texts`. */
  readonly values: Values;
  readonly texts?: readonly string[];
}

/** The numbers of a tensor. Complex ones are seen as [..., real part and imaginary part]. */
export function numbered(tensor: tf.Tensor): Numbered {
  const { shape, dtype } = tensor;
  if (dtype === 'string') {
    const texts = tensor.dataSync<'string'>().map((text) => text.slice(0, MOST_CHARACTERS));
    return { shape, dtype, values: new Float32Array(), texts };
  }
  if (dtype === 'complex64') {
    const parts = tf.tidy(() => tf.stack([tf.real(tensor), tf.imag(tensor)], -1));
    const values = parts.dataSync<'float32'>();
    parts.dispose();
    return { shape: [...shape, 2], dtype, values };
  }
  return { shape, dtype, values: tensor.dataSync<'float32' | 'int32' | 'bool'>() };
}

export function tensorDisplay(numbers: Numbered, pages: Pages, name?: string): TensorDisplay {
  const { shape, dtype, values, texts } = numbers;
  const { rows, columns, image, view } = layoutOf(numbers);
  const shown = Math.min(columns, MOST_NUMBERS);
  const read = (from: number, count: number): TensorPage => {
    const place = (row: number): [number, number] => [row * columns, row * columns + shown];
    const own = Array.from({ length: count }, (_, row) => place(from + row));
    if (texts !== undefined) {
      const found = own.flatMap(([start, end]) => texts.slice(start, end));
      return { kind: 'tensor', from, rows: count, values: '', texts: found };
    }
    const page = new Float32Array(count * shown);
    own.forEach(([start, end], row) => {
      page.set(values.subarray(start, end), row * shown);
    });
    return { kind: 'tensor', from, rows: count, values: float32s(page) };
  };
  const most = image === undefined ? (columns === 1 ? MOST_NUMBERS : MOST_ROWS) : MOST_PICTURES;
  const first = Math.min(rows, most, Math.max(1, Math.floor(MOST_NUMBERS / Math.max(1, shown))));
  const handle = first < rows ? pages.keep({ bytes: values.byteLength, rows, read }) : undefined;
  return {
    kind: 'tensor',
    ...(name === undefined ? {} : { name }),
    shape,
    dtype,
    summary: summaryOf(values),
    view,
    rows,
    columns: shown,
    columnsInAll: columns,
    ...(image === undefined ? {} : { image }),
    page: read(0, first),
    ...(handle === undefined ? {} : { handle }),
  };
}

type Layout = Pick<TensorDisplay, 'rows' | 'columns' | 'image' | 'view'>;

function layoutOf({ shape, texts }: Numbered): Layout {
  const [first = 1, ...rest] = shape;
  if (shape.length === 0) return { rows: 1, columns: 1, view: 'scalar' };
  if (shape.length === 1) return { rows: first, columns: 1, view: texts === undefined && first > 1 ? 'line' : 'table' };
  const image = texts === undefined ? imageOf(shape) : undefined;
  if (image !== undefined) {
    const columns = image.height * image.width * image.channels;
    return { rows: shape.length === 4 || image.batch ? first : 1, columns, image: image.size, view: 'images' };
  }
  const columns = rest.reduce((product, side) => product * side, 1);
  const isSmall = (side: number): boolean => side >= HEAT.least && side <= HEAT.most;
  const heat = texts === undefined && isSmall(first) && isSmall(columns);
  return { rows: first, columns, view: heat ? 'heatMap' : 'table' };
}

interface Image {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Of three sizes, the first is how many there are. */
  readonly batch: boolean;
  readonly size: NonNullable<TensorDisplay['image']>;
}

/** [n, height, width, 1 or 3], [height, width, 1 or 3], or [n, height, width]. */
function imageOf(shape: readonly number[]): Image | undefined {
  const isSide = (side: number | undefined): side is number =>
    side !== undefined && side >= SIDES.least && side <= SIDES.most;
  const of = (
    height: number | undefined,
    width: number | undefined,
    depth: number | undefined,
    batch: boolean,
  ): Image | undefined => {
    if (!isSide(height) || !isSide(width) || (depth !== 1 && depth !== 3)) return undefined;
    return { height, width, channels: depth, batch, size: { height, width, channels: depth } };
  };
  if (shape.length === 4) return of(shape[1], shape[2], shape[3], true);
  if (shape.length === 3) return of(shape[0], shape[1], shape[2], false) ?? of(shape[1], shape[2], 1, true);
  return undefined;
}

/** "Tensor [2, 3] float32, from 0 to 5, mean 2.5", and the first numbers. */
export function tensorText({ shape, dtype, values, texts }: Numbered): string {
  const few = texts ?? Array.from(values.subarray(0, 12), (value) => String(Number(value.toPrecision(4))));
  const size = texts?.length ?? values.length;
  return `Tensor [${shape.join(', ')}] ${dtype}\n[${few.slice(0, 12).join(', ')}${size > 12 ? ', …' : ''}]`;
}
