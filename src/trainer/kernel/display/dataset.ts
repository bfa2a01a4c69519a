/** A data set as it is shown: how much of what, and the first training examples. */
import type { Dataset, Split } from '../../../lab/dataset';
import { isPlain } from '../../../lab/dataset';
import { fixedSizes, inputsOf, isNumbers, isPlainSplit, targetsOf } from '../../../lab/fields';
import type { Splits } from '../../../lab/dataset';
import { layoutOf, pixels } from '../../../learning/pictures/example';
import type { DatasetDisplay } from '../../../protocol/display';

const SAMPLES = 20;
const POINTS = 500;
const TABLE_ROWS = 8;
const TABLE_COLUMNS = 20;

export function isDataset(value: unknown): value is Dataset {
  if (typeof value !== 'object' || value === null) return false;
  const { name, load, kind, licence } = value as Partial<Record<keyof Dataset, unknown>>;
  const known = typeof kind === 'string' && ['points', 'images', 'table'].includes(kind);
  return known && typeof name === 'string' && typeof load === 'function' && typeof licence === 'string';
}

export function datasetDisplay(data: Dataset, { train, test }: Splits): DatasetDisplay {
  const classes = data.classes ?? [];
  const shapeText = (shape: readonly (number | null)[]): string => `[${shape.map((side) => side ?? '·').join(', ')}]`;
  const named = (parts: readonly { readonly name: string; readonly text: string }[]): Record<string, string> =>
    Object.fromEntries(parts.map(({ name, text }) => [name, text]));
  return {
    kind: 'dataset',
    name: data.name,
    licence: data.licence,
    train: train.length,
    test: test.length,
    inputs: named(inputsOf(data).map(({ name, shape, type }) => ({ name, text: `${shapeText(shape)} ${type}` }))),
    targets: named(
      targetsOf(data).map(({ name, shape, classes: own }) => ({
        name,
        text: own.length > 0 ? own.join(', ') : shapeText(shape),
      })),
    ),
    classes,
    ...balanceOf(data, train, test),
    ...examplesOf(data, train),
  };
}

function balanceOf(data: Dataset, train: Split, test: Split): Pick<DatasetDisplay, 'balance'> {
  const { classes } = data;
  if (classes === undefined || classes.length < 2 || data.targetShape.length !== 0) return {};
  const counts = ({ y }: Split): number[] => {
    const found = classes.map(() => 0);
    if (isNumbers(y)) for (const label of y) found[label] = (found[label] ?? 0) + 1;
    return found;
  };
  return { balance: { train: counts(train), test: counts(test) } };
}

function examplesOf(data: Dataset, train: Split): Pick<DatasetDisplay, 'samples' | 'points' | 'table'> {
  if (!isPlain(data) || !isPlainSplit(train)) return {};
  const { x, y } = train;
  const label = (row: number): number => y[row * (y.length / train.length)] ?? 0;
  if (data.kind === 'images') {
    const layout = layoutOf(data);
    const { width, height, channels } = layout;
    return {
      samples: Array.from({ length: Math.min(SAMPLES, train.length) }, (_, index) => ({
        index,
        label: label(index),
        predicted: null,
        image: { width, height, channels, pixels: pixels(train, layout, index) },
      })),
    };
  }
  if (data.kind === 'points' && data.classes.length > 0)
    return {
      points: Array.from({ length: Math.min(POINTS, train.length) }, (_, row) => ({
        x: x[2 * row] ?? 0,
        y: x[2 * row + 1] ?? 0,
        label: label(row),
      })),
    };
  const width = fixedSizes(data.inputShape).reduce((product, side) => product * side, 1);
  const shown = Math.min(width, TABLE_COLUMNS);
  const columns = Array.from({ length: shown }, (_, column) => data.columns?.[column] ?? `x${column}`);
  const rows = Array.from({ length: Math.min(TABLE_ROWS, train.length) }, (_, row) => {
    const target = data.classes[label(row)] ?? label(row);
    return [...Array.from({ length: shown }, (__, column) => x[row * width + column] ?? null), target];
  });
  return { table: { kind: 'table', from: 0, columns: [...columns, 'y'], rows } };
}

export function datasetText({ name, train, test, classes, inputs }: DatasetDisplay): string {
  const shapes = Object.entries(inputs).map(([input, text]) => (input === '' ? text : `${input} ${text}`));
  return `${name}: ${train} + ${test} examples, ${shapes.join(', ')}${classes.length === 0 ? '' : `, classes ${classes.join(', ')}`}`;
}
