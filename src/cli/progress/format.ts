/** How far a run is, as a terminal shows it. */
import type { Point } from '../../protocol/run';

/** After `point`, at the pace so far; null where nobody knows how many steps there are. */
export function secondsLeft({ step, time }: Point, totalSteps: number): number | null {
  return totalSteps === 0 ? null : Math.max(0, totalSteps - step) * (time / step);
}

/** `fraction` in 0..1. */
export function bar(fraction: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}
