/**
 * Numbers as every part of the lab writes them: metrics with fixed decimals, so that changing figures do not dance.
 * The language is that of whoever runs here: each program says it once.
 */

let locale = 'en';
/** Making a formatter costs more than using it. */
const formats = new Map<string, Intl.NumberFormat>();

export function setLocale(language: string): void {
  const [supported = 'en'] = Intl.NumberFormat.supportedLocalesOf(language);
  if (supported === locale) return;
  locale = supported;
  formats.clear();
}

/** What the user's numbers and dates are written in. */
export function currentLocale(): string {
  return locale;
}

export function decimal(value: number, fewest: number, most: number, more: Intl.NumberFormatOptions = {}): string {
  const key = `${fewest} ${most} ${more.style ?? ''} ${more.useGrouping ?? ''}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { minimumFractionDigits: fewest, maximumFractionDigits: most, ...more });
    formats.set(key, format);
  }
  return format.format(value);
}

/** "60,000" */
export function count(value: number): string {
  return decimal(value, 0, 0);
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** "392 B", "31.4 MB": powers of 1000, as disks are measured. */
export function bytes(value: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3));
  const scaled = value / 1000 ** power;
  return `${decimal(scaled, 0, scaled < 100 && power > 0 ? 1 : 0)} ${UNITS[power] ?? ''}`;
}

/**
 * A metric's value: four decimals below 10, fewer above, powers of ten where decimals would hide it; a dash for what is no
 * number.
 */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(2);
  if (size >= 1e6) return value.toExponential(3);
  const decimals = size < 10 ? 4 : size < 100 ? 3 : size < 1000 ? 2 : 1;
  return decimal(value, decimals, decimals, { useGrouping: false });
}

/** A metric's value for a narrow column: shares are cut to two digits, so that no 1 is shown that is none. */
export function briefFigure(series: string, value: number): string {
  const share = /(^|_)accuracy$/i.test(series) || series.includes('Accuracy');
  if (share && value >= 0 && value <= 1) return decimal(Math.floor(value * 100 + 1e-9) / 100, 2, 2);
  return Number.isFinite(value) ? short(value) : '–';
}

/** Three significant digits without trailing zeros: a learning rate, a scale. 0.001, 0.00025, 2.5e-5. */
export function short(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 1e-4) return value.toExponential(2).replace(/\.?0+e/, 'e');
  return String(Number(value.toPrecision(3)));
}

const SUPERSCRIPT = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** "4.8 · 10¹²": what is far too large to be written out. Above 0. */
export function powerOfTen(value: number): string {
  const power = Math.floor(Math.log10(value));
  if (!Number.isFinite(power) || power < 4) return count(value);
  const raised = String(power).replaceAll(/\d/g, (digit) => SUPERSCRIPT[Number(digit)] ?? '');
  return `${decimal(value / 10 ** power, 1, 1)} · 10${raised}`;
}

export function percent(share: number, decimals = 0): string {
  return decimal(share, decimals, decimals, { style: 'percent' });
}

/** Position in epochs, e.g. "2.4". */
export function epochPosition(value: number): string {
  return decimal(value, 0, 2);
}
