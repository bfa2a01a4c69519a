/** How far a run is, as a terminal shows it. */
import type { Point, RunProgress } from '../../protocol/run';

/** After `point`, at the pace that `progress` knows; a point may come before the record that counts it. */
export function secondsLeft(point: Point, { step, totalSteps, secondsLeft }: RunProgress): number | null {
  if (secondsLeft === null || totalSteps <= step) return secondsLeft;
  return (Math.max(0, totalSteps - point.step) * secondsLeft) / (totalSteps - step);
}

/** `fraction` in 0..1. */
export function bar(fraction: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
