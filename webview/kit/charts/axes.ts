/** Ticks of the x axes: whole steps, epochs, and seconds that turn into minutes and hours. */
import * as l10n from '@vscode/l10n';
import { assertNever } from '../../../src/protocol/errors';
import type { Axis } from '../data/series';

/** Seconds between ticks that people read easily. */
const TIMES = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400];

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Where the ticks are: at multiples of a round distance, never more than `most` of them. */
export function ticksOf(axis: Axis, range: Range, most: number): number[] {
  const step = tickStep(axis, range, most);
  const first = Math.ceil(range.from / step);
  const last = Math.floor(range.to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/** Distance between ticks so that at most `most` fit into the range. */
export function tickStep(axis: Axis, range: Range, most: number): number {
  const least = (range.to - range.from) / Math.max(1, most);
  if (axis === 'time') {
    const fitting = TIMES.find((time) => time >= least);
    if (fitting !== undefined) return fitting;
  }
  const power = 10 ** Math.floor(Math.log10(Math.max(least, 1e-9)));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least) ?? least;
  return axis === 'time' ? step : Math.max(1, step);
}

export function tickText(axis: Axis, value: number): string {
  switch (axis) {
    case 'step':
      if (value >= 1e6) return `${trimmed(value / 1e6)}M`;
      return value >= 10_000 ? `${trimmed(value / 1000)}k` : String(value);
    case 'epoch':
      return trimmed(value);
    case 'time':
      return clock(value);
    default:
      return assertNever(axis);
  }
}

/** "0.5 s", "45 s", "1:30", "1:02:00" */
function clock(seconds: number): string {
  if (seconds < 60) return `${trimmed(seconds)} s`;
  const two = (value: number): string => String(value).padStart(2, '0');
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${two(whole % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(whole % 60)}`;
}

function trimmed(value: number): string {
  return String(Number(value.toFixed(2)));
}

export function axisText(axis: Axis): string {
  switch (axis) {
    case 'step':
      return l10n.t('step');
    case 'epoch':
      return l10n.t('epoch');
    case 'time':
      return l10n.t('time');
    default:
      return assertNever(axis);
  }
}

/** From zero, unless a resumed run begins far from it. */
export function xRange(first: number, last: number): Range {
  const from = first < 0.1 * last ? 0 : first;
  return { from, to: last > from ? last : from + 1 };
}
