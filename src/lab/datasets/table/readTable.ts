/** Reads the columns that are wanted of a file of separated values. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { invalid } from '../../check';
import { dataCorrupt } from '../errors';
import { Unusable } from '../own/unusable';
import {
  CategoryReader,
  numberReader,
  NumberReader,
  type Column,
  type ColumnReader,
  type Decimal,
  type ReadNumber,
} from './columns';
import type { Encoding } from './encoding';
import { formOf, recordsOf, type Form, type Records } from './records';
import { kindsOf, MOST_ASKED, nameColumns, type ColumnKind, type Kinds, type LeftOut, type Wanted } from './kinds';

export interface TableOptions {
  readonly encoding?: Encoding;
  readonly separator?: string;
  readonly decimal?: Decimal;
  readonly header: boolean;
  readonly missing: ReadonlySet<string>;
}

export interface Table {
  readonly form: Form & { readonly decimal: Decimal };
  /** Rows that can be used. */
  readonly rows: number;
  readonly target: Column;
  readonly features: readonly Column[];
  readonly leftOut: readonly LeftOut[];
  readonly unusable: Unusable;
  /** How another file of the same table is read. */
  readonly kinds: Kinds;
}

/** So many rows say what kind a column is. */
const SAMPLE = 5_000;

/**
 * @returns While it reads, the bytes that are behind it; then the table.
 * @throws LabError EXPERIMENT_INVALID for columns that are not there; DATA_CORRUPT for bytes of another encoding
 */
export function* readTable(file: string, wanted: Wanted, options: TableOptions): Generator<number, Table> {
  const form = formOf(file, options);
  try {
    return yield* readAs(file, form, wanted, options);
  } catch (error) {
    if (!(error instanceof TypeError) || (error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw error;
    const remedy = l10n.t("Say how the file is written, for example encoding: 'gbk', or save it as UTF-8.");
    throw dataCorrupt(path.basename(file), form.encoding, l10n.t('other bytes'), remedy);
  }
}

/** The first rows, in which every kind of column shows. @throws TypeError as `recordsOf` */
export function sampleOf(
  file: string,
  form: Form,
): { readonly pieces: readonly Records[]; readonly rest: Generator<Records>; readonly ended: boolean } {
  const rest = recordsOf(file, form);
  const pieces: Records[] = [];
  for (let count = 0; count < SAMPLE;) {
    const next = rest.next();
    if (next.done === true) return { pieces, rest, ended: true };
    pieces.push(next.value);
    count += next.value.rows.length;
  }
  return { pieces, rest, ended: false };
}

export function emptyTable(file: string): Error {
  const found = fs.statSync(file).size === 0 ? l10n.t('an empty file') : l10n.t('no row');
  const expected = l10n.t('a row with the names of the columns');
  return dataCorrupt(path.basename(file), expected, found, l10n.t('Give a table.'));
}

function* readAs(file: string, form: Form, wanted: Wanted, options: TableOptions): Generator<number, Table> {
  const { pieces: sample, rest: records } = sampleOf(file, form);
  const first = sample[0]?.rows[0];
  if (first === undefined) throw emptyTable(file);
  const names = nameColumns(first, options.header);
  const rows = sample.flatMap((piece) => piece.rows).slice(options.header ? 1 : 0);
  const kinds = kindsOf(names, rows, { ...wanted, ...options, ...form });
  const reader = new TableReader(names, kinds, options);
  let skip = options.header ? 1 : 0;
  for (const piece of sample) {
    reader.append(piece, skip);
    skip = 0;
  }
  for (const piece of records) {
    reader.append(piece, 0);
    yield piece.bytes;
  }
  return reader.finish({ ...form, decimal: kinds.decimal });
}

class TableReader {
  private readonly unusable = new Unusable();
  private readonly target: ColumnReader;
  private readonly features: readonly ColumnReader[];
  private readonly leftOut: LeftOut[];
  private rows = 0;

  constructor(
    private readonly names: readonly string[],
    private readonly kinds: Kinds,
    options: TableOptions,
  ) {
    const read = numberReader(options.missing, kinds.decimal);
    this.target = readerOf(kinds.target, names, read, options.missing);
    this.features = kinds.features.map((feature) => readerOf(feature, names, read, options.missing));
    this.leftOut = [...kinds.leftOut];
  }

  append({ rows, lines, faults }: Records, skip: number): void {
    const kept = new Uint8Array(rows.length).fill(1);
    const reject = (row: number, reason: string): void => {
      if (kept[row] === 1) this.unusable.add(l10n.t('line {0}: {1}', lines[row] ?? 0, reason));
      kept[row] = 0;
    };
    kept.fill(0, 0, skip);
    rows.forEach((row, place) => {
      if (place < skip) return;
      const fault = faults.get(place);
      if (row.length === 1 && (row[0] ?? '').trim() === '' && this.names.length > 1) kept[place] = 0;
      else if (fault !== undefined) reject(place, fault);
      else if (row.length !== this.names.length)
        reject(place, l10n.t('{0} fields in place of {1}', row.length, this.names.length));
    });
    const from = this.rows;
    for (const column of [this.target, ...this.features]) column.append(rows, reject);
    const stay = kept.reduce((sum, one) => sum + one, 0);
    if (stay < rows.length) for (const column of [this.target, ...this.features]) column.keep(from, kept);
    this.rows += stay;
  }

  finish(form: Table['form']): Table {
    const features: Column[] = [];
    for (const reader of this.features) {
      const column = reader instanceof CategoryReader && reader.tooMany ? undefined : reader.finish();
      if (column === undefined) this.leftOut.push({ name: reader.name, reason: l10n.t('too many different texts') });
      else features.push(column);
    }
    if (this.target instanceof CategoryReader && this.target.tooMany) throw tooManyClasses(this.target.name);
    const { rows, leftOut, unusable } = this;
    const target = this.target.finish();
    return { form, rows, target, features, leftOut, unusable, kinds: kindsAsRead(this.kinds, target, features) };
  }
}

function readerOf(
  { name, kind, required, most, known }: ColumnKind,
  names: readonly string[],
  read: ReadNumber,
  missing: ReadonlySet<string>,
): ColumnReader {
  const place = { name, index: names.indexOf(name), required };
  if (kind === 'number') return new NumberReader(place, read);
  const numbers = kind === 'numbered' ? { read } : {};
  return new CategoryReader(place, { missing, most, ...(known === undefined ? {} : { known }), ...numbers });
}

/** The kinds of columns that were read, with the categories that there are. */
function kindsAsRead(kinds: Kinds, target: Column, features: readonly Column[]): Kinds {
  const known = (kind: ColumnKind, column: Column): ColumnKind =>
    column.kind === 'category' ? { ...kind, known: column.categories } : kind;
  const used = kinds.features.flatMap((kind) => {
    const column = features.find(({ name }) => name === kind.name);
    return column === undefined ? [] : [known(kind, column)];
  });
  return { ...kinds, target: known(kinds.target, target), features: used };
}

function tooManyClasses(target: string): Error {
  return invalid({
    field: 'datasets.csv: target',
    expected: l10n.t('at most {0} classes', MOST_ASKED),
    found: l10n.t('more in the column {0}', target),
    remedy: l10n.t("Name another column, or write task: 'regression' where its numbers are no classes."),
  });
}
