/** One number of a benchmark. Goals inform; they fail nothing. */
export interface Row {
  readonly bench: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string;
  readonly met?: boolean;
  readonly note?: string;
}

export type Log = (text: string) => void;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return NaN;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function atMost(limit: number, unit: string, value: number): Pick<Row, 'goal' | 'met'> {
  return { goal: `at most ${String(limit)} ${unit}`.trimEnd(), met: value <= limit };
}

/** "median of 5: 31.2, 29.9, …" */
export function rounds(values: readonly number[], digits = 1): string {
  return `median of ${String(values.length)}: ${values.map((value) => value.toFixed(digits)).join(', ')}`;
}

/** The environment variable with the file in which code in the extension host leaves its numbers. */
export const NUMBERS_VARIABLE = 'DEEP_LEARNING_LAB_BENCH_NUMBERS';

/** Milliseconds of cells in VS Code: with our kernel, and with one that does nothing. */
export interface RoundTrips {
  readonly lab: readonly number[];
  readonly bare: readonly number[];
}
