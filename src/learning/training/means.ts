import type { Metrics } from '../../protocol/run';

/** Means of metrics over batches, weighted by batch size, so that a smaller last batch counts for what it is. */
export class Means {
  private readonly sums = new Map<string, number>();
  private count = 0;

  add(values: Metrics, size: number): void {
    for (const [name, value] of Object.entries(values)) this.sums.set(name, (this.sums.get(name) ?? 0) + value * size);
    this.count += size;
  }

  values(): Metrics {
    return Object.fromEntries([...this.sums].map(([name, sum]) => [name, sum / this.count]));
  }
}
