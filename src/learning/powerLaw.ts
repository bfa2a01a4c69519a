/** Power laws y = factor · x^(−exponent): straight lines where both axes are logarithmic. */
import type { PowerLaw } from '../protocol/pictures';

export interface Measured {
  readonly x: number;
  readonly y: number;
}

/** Through fewer points a line says nothing: two always lie on one. */
const LEAST_POINTS = 3;

/**
 * The line of least squares through (ln x, ln y).
 *
 * @param points x and y above 0; others are left out
 * @returns undefined with fewer than three points, or where all have the same x
 */
export function fitPowerLaw(points: readonly Measured[]): PowerLaw | undefined {
  const logs = points.filter(({ x, y }) => x > 0 && y > 0 && Number.isFinite(x) && Number.isFinite(y));
  if (logs.length < LEAST_POINTS) return undefined;
  const xs = logs.map(({ x }) => Math.log(x));
  const ys = logs.map(({ y }) => Math.log(y));
  const [middleX, middleY] = [mean(xs), mean(ys)];
  const spread = xs.reduce((sum, x) => sum + (x - middleX) ** 2, 0);
  if (spread < 1e-12) return undefined;
  const slope = xs.reduce((sum, x, i) => sum + (x - middleX) * ((ys[i] ?? 0) - middleY), 0) / spread;
  return { exponent: -slope, factor: Math.exp(middleY - slope * middleX) };
}

/** The points than which no cheaper one is as low: what can be had for each price. Rising by x. */
export function frontier<M extends Measured>(points: readonly M[]): M[] {
  const best: M[] = [];
  for (const point of points.toSorted((a, b) => a.x - b.x || a.y - b.y)) {
    if (point.y < (best.at(-1)?.y ?? Infinity)) best.push(point);
  }
  return best;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
