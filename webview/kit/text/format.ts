/** Numbers and durations as the panel writes them: fixed decimals, so that changing figures do not dance. */
import * as l10n from '@vscode/l10n';

let locale = 'en';
/** Making a formatter costs more than using it. */
const formats = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

export function setLocale(language: string): void {
  locale = Intl.NumberFormat.supportedLocalesOf(language)[0] ?? 'en';
  formats.clear();
  dates.clear();
}

function number(value: number, fewest: number, most: number, more: Intl.NumberFormatOptions = {}): string {
  const key = `${fewest} ${most} ${more.style ?? ''} ${more.useGrouping ?? ''}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: fewest, maximumFractionDigits: most, ...more });
    formats.set(key, format);
  }
  return format.format(value);
}

export function count(value: number): string {
  return number(value, 0, 0);
}

/** A metric's value: four decimals below 10, fewer above, powers of ten where decimals would hide it. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(2);
  if (size >= 1e6) return value.toExponential(3);
  const decimals = size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : 1;
  return number(value, decimals, decimals, { useGrouping: false });
}

/** Three significant digits without trailing zeros: 0.001, 0.00025, 2.5e-5. */
export function learningRateText(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 1e-4) return value.toExponential(2).replace(/\.?0+e/, 'e');
  return String(Number(value.toPrecision(3)));
}

export function percent(share: number, decimals = 0): string {
  return number(share, decimals, decimals, { style: 'percent' });
}

/** Position in epochs, e.g. "2.4". */
export function epochText(value: number): string {
  return number(value, 0, 2);
}

/** "41 s", "2 min 05 s", "1 h 02 min". */
export function duration(seconds: number): string {
  if (seconds < 10) return l10n.t('{0} s', number(seconds, 0, 1));
  const whole = Math.round(seconds);
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
  const day: Intl.DateTimeFormatOptions = today ? {} : { day: 'numeric', month: 'short' };
  return dateFormat(today ? 'time' : 'day and time', {
    ...day,
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    // Not hour12: false, with which English calls midnight 24.
    hourCycle: 'h23',
  }).format(date);
}

/** "Nov 24, 2026", where the user is. */
export function day(iso: string): string {
  return dateFormat('day', { dateStyle: 'medium' }).format(new Date(iso));
}

function dateFormat(key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const format = dates.get(key) ?? new Intl.DateTimeFormat(locale, options);
  dates.set(key, format);
  return format;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
