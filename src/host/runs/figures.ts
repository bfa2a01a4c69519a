/** How figures are written. Free of `vscode`. */

const GOOD_SERIES = ['val_accuracy', 'accuracy', 'val_loss', 'loss'];

/** Four significant digits, without an exponent where it can be read without. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return value.toExponential(2);
  return size >= 1000 ? value.toFixed(0) : Number(value.toPrecision(4)).toString();
}

/** The figure that says most about a run: accuracy before loss, validation before training. */
export function headline(latest: Readonly<Record<string, number>>): { series: string; value: number } | undefined {
  for (const series of [...GOOD_SERIES, ...Object.keys(latest)]) {
    const value = latest[series];
    if (value !== undefined) return { series, value };
  }
  return undefined;
}

/** A figure for a narrow column: shares are cut to two digits, so that no 1 is shown that is none. */
export function briefFigure(series: string, value: number): string {
  const share = /(^|_)accuracy$/i.test(series) || series.includes('Accuracy');
  if (share && value >= 0 && value <= 1) return (Math.floor(value * 100 + 1e-9) / 100).toFixed(2);
  return Number.isFinite(value) ? figure(Number(value.toPrecision(3))) : String(value);
}

/** "3 min. ago", in the language of the user; narrow: "3m ago". */
export function ago(iso: string, now: number, locale: string, style: 'short' | 'narrow' = 'short'): string {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ];
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style }).format(-Math.floor(seconds / size), unit);
}

/** "41 s", "3 min 20 s", "1 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 === 0 ? `${minutes} min` : `${minutes} min ${whole % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
