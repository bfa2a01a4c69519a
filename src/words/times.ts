/** Durations and moments. */
import * as l10n from '@vscode/l10n';
import { currentLocale, decimal } from './numbers';

/** "0.3 s", "41 s", "2 min 05 s", "1 h 02 min". */
export function duration(seconds: number): string {
  const known = Math.max(0, seconds);
  if (known < 10) return l10n.t('{0} s', decimal(known, 0, 1));
  const whole = Math.round(known);
  if (whole < 60) return l10n.t('{0} s', whole);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return l10n.t('{0} min {1} s', minutes, twoDigits(whole % 60));
  return l10n.t('{0} h {1} min', Math.floor(minutes / 60), twoDigits(minutes % 60));
}

/** Seconds left: coarse on purpose, since it is an estimate that should not flicker. */
export function timeLeft(seconds: number): string {
  return l10n.t('{0} left', duration(Math.max(1, Math.round(seconds))));
}

/** "14:32:05" today, else "24 Nov, 14:32:05": a short lesson is run twice a minute. */
export function moment(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const today = date.toDateString() === now.toDateString();
  return new Intl.DateTimeFormat(currentLocale(), {
    ...(today ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    // Not hour12: false, with which English calls midnight 24.
    hourCycle: 'h23',
  }).format(date);
}

/** "Nov 24, 2026", where the user is. */
export function day(iso: string): string {
  return new Intl.DateTimeFormat(currentLocale(), { dateStyle: 'medium' }).format(new Date(iso));
}

/** Day and time, where the user is. */
export function dayAndTime(iso: string): string {
  return new Date(iso).toLocaleString(currentLocale());
}

/** "3 min. ago"; narrow: "3m ago". */
export function ago(iso: string, now: number, style: 'short' | 'narrow' = 'short'): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ];
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
  const format = new Intl.RelativeTimeFormat(currentLocale(), { numeric: 'auto', style });
  return format.format(-Math.floor(seconds / size), unit);
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
