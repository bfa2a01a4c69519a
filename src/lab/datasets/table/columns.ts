/** The columns of a table as they are read: numbers, or categories. */
import * as l10n from '@vscode/l10n';

export interface NumberColumn {
  readonly kind: 'number';
  readonly name: string;
  /** float32 [rows]; NaN where nothing stands. */
  readonly values: Float32Array;
}

export interface CategoryColumn {
  readonly kind: 'category';
  readonly name: string;
  /** int32 [rows], places in `categories`; -1 where nothing stands. */
  readonly values: Int32Array;
  /** In order: numbers by size, texts by their characters. */
  readonly categories: readonly string[];
}

export type Column = NumberColumn | CategoryColumn;

/** What stands in files where nothing is known. */
export const MISSING_TEXTS = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'NULL', 'null', 'None', '?', '-'];

/** A cell that is read as a number: NaN where nothing stands, undefined for what is neither. */
export type ReadNumber = (text: string) => number | undefined;

export type Decimal = '.' | ',';

const THOUSANDS = { '.': /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/, ',': /^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$/ } as const;

/** Numbers as spreadsheets write them: 1234.5, 1,234.5, 1.2e3; with a decimal comma 1234,5 and 1.234,5. */
export function numberReader(missing: ReadonlySet<string>, decimal: Decimal): ReadNumber {
  const slow = (text: string): number | undefined => {
    const bare = text.trim();
    if (missing.has(bare)) return Number.NaN;
    if (decimal === ',' && bare.includes(',')) return finite(plain(bare, ','));
    if (decimal === ',' && THOUSANDS[','].test(bare)) return finite(bare.replaceAll('.', ''));
    if (decimal === '.' && THOUSANDS['.'].test(bare)) return finite(bare.replaceAll(',', ''));
    return decimal === '.' || !bare.includes(',') ? finite(bare) : undefined;
  };
  return (text) => {
    const value = Number(text);
    // Number('') and Number(' ') are 0; 1.234 is a thousand where the comma is the decimal sign.
    if (decimal === '.' && value - value === 0 && (value !== 0 || text.trim() !== '')) return value;
    return slow(text);
  };
}

function plain(text: string, decimal: ','): string {
  const whole = THOUSANDS[decimal].test(text) ? text.replaceAll('.', '') : text;
  return whole.replace(decimal, '.');
}

function finite(text: string): number | undefined {
  const value = text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Says of a row, by its place, why it cannot be used. */
export type Reject = (row: number, reason: string) => void;

/** Takes the cells of one column, piece by piece. */
export interface ColumnReader {
  readonly name: string;
  append(rows: readonly (readonly string[])[], reject: Reject): void;
  /** Takes rows out of what was appended last. @param from the first of them @param kept 1 for each that stays */
  keep(from: number, kept: Uint8Array): void;
  finish(): Column;
}

/** An array that grows. */
abstract class Growing<A extends Float32Array | Int32Array> {
  protected length = 0;

  constructor(protected values: A) {}

  protected abstract larger(length: number): A;

  protected reserve(more: number): void {
    if (this.length + more <= this.values.length) return;
    const larger = this.larger(Math.max(2 * this.values.length, this.length + more));
    larger.set(this.values);
    this.values = larger;
  }

  keep(from: number, kept: Uint8Array): void {
    let to = from;
    kept.forEach((stays, place) => {
      if (stays === 1) this.values[to++] = this.values[from + place] ?? 0;
    });
    this.length = to;
  }
}

interface Place {
  readonly name: string;
  /** Which field of a row. */
  readonly index: number;
  /** A row without it cannot be used: the target. */
  readonly required: boolean;
}

const START = 1024;

export class NumberReader extends Growing<Float32Array> implements ColumnReader {
  readonly name: string;

  constructor(
    private readonly place: Place,
    private readonly read: ReadNumber,
  ) {
    super(new Float32Array(START));
    this.name = place.name;
  }

  protected larger(length: number): Float32Array {
    return new Float32Array(length);
  }

  append(rows: readonly (readonly string[])[], reject: Reject): void {
    this.reserve(rows.length);
    const { values, read } = this;
    const { index, required, name } = this.place;
    let to = this.length;
    for (let row = 0; row < rows.length; row++) {
      const text = rows[row]?.[index] ?? '';
      const value = read(text);
      if (value === undefined) reject(row, l10n.t('{0}: {1} is no number', name, quoted(text)));
      else if (required && Number.isNaN(value)) reject(row, l10n.t('{0}: nothing stands there', name));
      values[to++] = value ?? Number.NaN;
    }
    this.length = to;
  }

  finish(): NumberColumn {
    return { kind: 'number', name: this.name, values: this.values.slice(0, this.length) };
  }
}

export interface Categories {
  readonly missing: ReadonlySet<string>;
  /** More than so many are too many. */
  readonly most: number;
  /** What is known of them already: others are told, and have no place. */
  readonly known?: readonly string[];
  /** For columns that look like numbers: 1 and 1.0 are the same category. */
  readonly read?: ReadNumber;
}

export class CategoryReader extends Growing<Int32Array> implements ColumnReader {
  readonly name: string;
  private readonly codes = new Map<string, number>();
  private readonly texts: string[] = [];
  /** Categories in rows that could be used after all. */
  private overflowed = false;

  constructor(
    private readonly place: Place,
    private readonly categories: Categories,
  ) {
    super(new Int32Array(START));
    this.name = place.name;
    for (const text of categories.known ?? []) this.codeOf(text);
  }

  protected larger(length: number): Int32Array {
    return new Int32Array(length);
  }

  /** Whether there are more than `most`. From then on nothing is kept. */
  get tooMany(): boolean {
    return this.overflowed;
  }

  append(rows: readonly (readonly string[])[], reject: Reject): void {
    if (this.overflowed) return;
    this.reserve(rows.length);
    const { index, required, name } = this.place;
    let to = this.length;
    rows.forEach((row, place) => {
      const code = this.read(row[index] ?? '');
      if (code === undefined) reject(place, l10n.t('{0}: {1} is none of the classes', name, quoted(row[index] ?? '')));
      else if (required && code < 0) reject(place, l10n.t('{0}: nothing stands there', name));
      this.values[to++] = code ?? -1;
    });
    this.length = to;
    if (this.texts.length > this.categories.most) this.overflowed = true;
  }

  /** -1 where nothing stands; undefined for a class that nobody knows. */
  private read(text: string): number | undefined {
    const known = this.codes.get(text);
    if (known !== undefined) return known;
    const bare = text.trim();
    if (this.categories.missing.has(bare)) return -1;
    const number = this.categories.read?.(bare);
    const name = number === undefined ? bare : String(number);
    const code = this.codes.get(name);
    if (code !== undefined) return code;
    if (this.categories.known === undefined) return this.codeOf(name);
    // A category of a feature that the training has not seen is as good as none.
    return this.place.required ? undefined : -1;
  }

  private codeOf(text: string): number {
    const code = this.texts.push(text) - 1;
    this.codes.set(text, code);
    return code;
  }

  finish(): CategoryColumn {
    const { name, texts } = this;
    const values = this.values.slice(0, this.length);
    if (this.categories.known !== undefined) return { kind: 'category', name, values, categories: [...texts] };
    // Only those of rows that stay count.
    const used = new Set(values);
    const categories = inOrder(texts.filter((_, code) => used.has(code)));
    const place = new Map(categories.map((text, at) => [text, at]));
    const moved = texts.map((text) => place.get(text) ?? -1);
    for (let row = 0; row < values.length; row++) values[row] = moved[values[row] ?? -1] ?? -1;
    return { kind: 'category', name, values, categories };
  }
}

/** Numbers by size, and before all else; texts by their characters. */
function inOrder(texts: readonly string[]): string[] {
  const numbers = texts.every((text) => Number.isFinite(Number(text)));
  if (numbers) return [...texts].sort((a, b) => Number(a) - Number(b));
  return [...texts].sort((a, b) => (a < b ? -1 : 1));
}

export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
