import type { Metrics } from '../../protocol/run';

/** What a batch adds to a series, and the figure that the sums of all batches make. */
interface Sums {
  readonly sums: readonly number[];
  readonly result: (sums: readonly number[]) => number;
}

const mean = ([sum = 0, count = 0]: readonly number[]): number => sum / count;

/**
 * Loss and metrics of one batch or of many, as sums in float64: a smaller last batch counts for what it is, and a metric
 * that is no mean (precision, AUC) is that of all batches together.
 */
export class Means {
  private readonly series = new Map<string, Sums>();

  /**
   * @param outputs a number is a mean over the batch, an array the sums of a metric
   * @param sizeOf by name, over how many targets that mean is
   * @param results by metric, what its sums make
   */
  static ofBatch(
    outputs: Readonly<Record<string, number | readonly number[]>>,
    sizeOf: (name: string) => number,
    results: Readonly<Record<string, Sums['result']>> = {},
  ): Means {
    const batch = new Means();
    for (const [name, value] of Object.entries(outputs)) {
      const entry =
        typeof value === 'number'
          ? { sums: [value * sizeOf(name), sizeOf(name)], result: mean }
          : { sums: value, result: results[name] ?? mean };
      batch.series.set(name, entry);
    }
    return batch;
  }

  add({ series }: Means): void {
    for (const [name, { sums, result }] of series) {
      const before = this.series.get(name)?.sums;
      this.series.set(name, { result, sums: sums.map((sum, index) => sum + (before?.[index] ?? 0)) });
    }
  }

  /**
   * A metric that has no finite value, such as the precision of a batch in which nothing was called positive, is left
   * out; a loss is told as it is.
   */
  values(): Metrics {
    const values = [...this.series].map(([name, { sums, result }]) => [name, result(sums)] as const);
    return Object.fromEntries(values.filter(([name, value]) => name === 'loss' || Number.isFinite(value)));
  }
}
