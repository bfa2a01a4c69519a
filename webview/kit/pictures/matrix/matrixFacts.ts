/** What a confusion matrix says of each class; NaN where a class never occurs or is never predicted. */
export interface MatrixFacts {
  /** Of the examples of a class, the share that was recognised. */
  readonly recall: readonly number[];
  /** Of the predictions of a class, the share that was right. */
  readonly precision: readonly number[];
  /** Each cell as a share of its row. */
  readonly share: readonly (readonly number[])[];
}

export function matrixFacts(counts: readonly (readonly number[])[]): MatrixFacts {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    recall: counts.map((row, index) => (row[index] ?? 0) / sum(row)),
    precision: counts.map((row, index) => (row[index] ?? 0) / sum(counts.map((other) => other[index] ?? 0))),
    share: counts.map((row) => row.map((value) => value / (sum(row) || 1))),
  };
}
