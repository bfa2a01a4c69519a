/** Points as columns of float64: what travels to the panel and what its chart keeps. */
import type { Columns } from './panel';
import type { Point } from './run';

/**
 * Step and epoch points apart, each in the order they came; a kind without points is left out. A value that a point
 * does not have is NaN, and `learningRate` is one of the values.
 */
export function toColumns(points: readonly Point[]): Columns[] {
  return (['step', 'epoch'] as const).flatMap((kind) => {
    const chosen = points.filter((point) => point.kind === kind);
    return chosen.length === 0 ? [] : [columnsOf(kind, chosen)];
  });
}

function columnsOf(kind: Columns['kind'], points: readonly Point[]): Columns {
  const length = points.length;
  const step = new Float64Array(length);
  const epoch = new Float64Array(length);
  const time = new Float64Array(length);
  const learningRate = new Float64Array(length);
  const values: Record<string, Float64Array> = { learningRate };
  points.forEach((point, index) => {
    step[index] = point.step;
    epoch[index] = point.epoch;
    time[index] = point.time;
    learningRate[index] = point.learningRate;
    for (const [name, value] of Object.entries(point.values)) {
      (values[name] ??= new Float64Array(length).fill(Number.NaN))[index] = value;
    }
  });
  return { kind, length, step, epoch, time, values };
}
