/** Which rows are for training and which for testing. */
import type { Numbers } from '../../dataset';
import { createRandom, shuffle, type Random } from '../../random';

export interface Parts {
  /** Places of rows in their order: a training draws its own. */
  readonly train: Int32Array;
  /** In random order, so that the first ones are some of all. */
  readonly test: Int32Array;
}

/**
 * A share of the rows for testing, drawn at random. With labels, the same share of each class, to within one row; a class
 * with two rows or more has one in each part.
 *
 * @param labels a class index of each row; undefined for targets that are no classes
 * @param share of the rows that are for testing, above 0 and below 1
 * @param seed The same seed gives the same parts on every machine.
 */
export function splitAtRandom(
  length: number,
  labels: ArrayLike<number> | undefined,
  share: number,
  seed: number,
): Parts {
  const random = createRandom(seed);
  const groups = labels === undefined ? [Int32Array.from({ length }, (_, row) => row)] : rowsOfClasses(length, labels);
  const [train, test]: [number[], number[]] = [[], []];
  for (const rows of groups) {
    shuffle(random, rows);
    const wanted = Math.round(rows.length * share);
    const tested = rows.length < 2 ? wanted : Math.min(Math.max(wanted, 1), rows.length - 1);
    rows.forEach((row, place) => (place < tested ? test : train).push(row));
  }
  return { train: Int32Array.from(train).sort(), test: shuffle(random, Int32Array.from(test)) };
}

/**
 * Groups that are never divided: rows of one are all for training or all for testing.
 *
 * @param groups of each row
 * @param test The groups for testing; or the share of the rows, which groups drawn at random come as near to as they can,
 *   with at least one group in each part.
 * @returns undefined for fewer than two groups
 */
export function splitByGroup(
  groups: readonly string[],
  test: number | ReadonlySet<string>,
  seed: number,
): Parts | undefined {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  if (sizes.size < 2) return undefined;
  const random = createRandom(seed);
  const tested = typeof test === 'number' ? drawGroups(sizes, groups.length * test, random) : test;
  const [train, kept]: [number[], number[]] = [[], []];
  groups.forEach((group, row) => (tested.has(group) ? kept : train).push(row));
  return { train: Int32Array.from(train), test: shuffle(random, Int32Array.from(kept)) };
}

/** In random order, each that brings their number of rows nearer to the one wanted. */
function drawGroups(sizes: ReadonlyMap<string, number>, wanted: number, random: Random): Set<string> {
  // In the order of their names first, so that the order of the rows says nothing.
  const order = shuffle(
    random,
    [...sizes].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  const drawn = new Set<string>();
  let rows = 0;
  for (const [group, size] of order) {
    if (drawn.size === sizes.size - 1) break;
    if (Math.abs(rows + size - wanted) >= Math.abs(rows - wanted)) continue;
    drawn.add(group);
    rows += size;
  }
  if (drawn.size === 0) drawn.add([...order].sort(([, a], [, b]) => a - b)[0]?.[0] ?? '');
  return drawn;
}

function rowsOfClasses(length: number, labels: ArrayLike<number>): Int32Array[] {
  const classes = new Map<number, number[]>();
  for (let row = 0; row < length; row++) {
    const label = labels[row] ?? 0;
    const rows = classes.get(label);
    if (rows === undefined) classes.set(label, [row]);
    else rows.push(row);
  }
  // In the order of the labels, so that the order of the rows says nothing.
  return [...classes].sort(([a], [b]) => a - b).map(([, rows]) => Int32Array.from(rows));
}

/** Some of the rows behind one another. @param width numbers of a row */
export function take<A extends Numbers>(values: A, width: number, rows: Int32Array): A {
  const taken = values.slice(0, rows.length * width) as A;
  rows.forEach((row, place) => {
    taken.set(values.subarray(row * width, (row + 1) * width), place * width);
  });
  return taken;
}
