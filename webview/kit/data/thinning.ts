/**
 * Which points stand for a long run. All of its points are cut into groups of equally many; of each group those are kept
 * that have the smallest or the largest value of some series: what is kept was really measured, where it stands, and no
 * peak is lost. The first and the last value of each series are kept as well, hence where it starts and how it is now.
 */
import type { Column } from './column';

export interface ThinnedSeries {
  readonly values: Column;
  /** Rows of the first and of the newest finite value, -1 where there is none. */
  readonly first: number;
  readonly last: number;
}

/**
 * @param counted how many points of the run there are up to each row and with it
 * @param span points in a group at least: that of the last time, since what was thinned stays so. It is doubled until no
 *   more than `most` rows are left; of one group there are at most four for each series and two.
 */
export function thin(
  counted: Column,
  series: readonly ThinnedSeries[],
  span: number,
  most: number,
): {
  /** Those to keep, rising. */
  readonly rows: Uint32Array;
  /** Points in a group. */
  readonly span: number;
} {
  const rows = counted.length;
  const points = counted.at(rows - 1);
  const numbers = counted.flat();
  const flat = series.map(({ values, first, last }) => ({ values: values.flat(), first, last }));
  for (; ; span *= 2) {
    const kept = new Uint8Array(rows);
    kept[0] = kept[rows - 1] = 1;
    for (const one of flat) if (one.last >= 0) keepExtremes(numbers, one, span, kept);
    let count = 0;
    for (let row = 0; row < rows; row++) count += kept[row] ?? 0;
    if (count > most && span < points) continue;
    return { rows: indicesOf(kept, count), span };
  }
}

interface FlatSeries {
  readonly values: Float64Array;
  readonly first: number;
  readonly last: number;
}

function keepExtremes(
  numbers: Float64Array,
  { values, first, last }: FlatSeries,
  span: number,
  kept: Uint8Array,
): void {
  kept[first] = kept[last] = 1;
  for (let row = first; row <= last;) {
    // The group that this row is in ends with this point.
    const end = Math.ceil((numbers[row] ?? NaN) / span) * span;
    let minimumAt = -1;
    let maximumAt = -1;
    let minimum = Infinity;
    let maximum = -Infinity;
    for (; row <= last && (numbers[row] ?? NaN) <= end; row++) {
      const value = values[row] ?? NaN;
      if (!Number.isFinite(value)) continue;
      if (value < minimum) {
        minimum = value;
        minimumAt = row;
      }
      if (value > maximum) {
        maximum = value;
        maximumAt = row;
      }
    }
    if (minimumAt >= 0) kept[minimumAt] = kept[maximumAt] = 1;
  }
}

function indicesOf(marks: Uint8Array, count: number): Uint32Array {
  const indices = new Uint32Array(count);
  let next = 0;
  for (let i = 0; i < marks.length; i++) if (marks[i] === 1) indices[next++] = i;
  return indices;
}
