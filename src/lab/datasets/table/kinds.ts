/** Which columns of a table are used, and as what. */
import * as l10n from '@vscode/l10n';
import type { ColumnLook } from '../../../protocol/dataLook';
import { invalid } from '../../check';
import { closest } from '../../didYouMean';
import { numberReader, type Decimal } from './columns';

export interface Wanted {
  readonly target: string;
  /** Left out, all columns but the target that can be used. */
  readonly features?: readonly string[];
  /** Columns whose numbers are names. */
  readonly categorical: readonly string[];
  readonly task?: 'classification' | 'regression';
  /** How another file of the same table was read: the same columns in the same way. */
  readonly like?: Kinds;
}

export interface ColumnKind {
  readonly name: string;
  /** numbered: categories that are written as numbers. */
  readonly kind: 'number' | 'category' | 'numbered';
  /** A row without it cannot be used. */
  readonly required: boolean;
  /** Most categories. */
  readonly most: number;
  readonly known?: readonly string[];
}

/** A column that is not used although nobody said so, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface Kinds {
  readonly target: ColumnKind;
  readonly features: readonly ColumnKind[];
  readonly leftOut: readonly LeftOut[];
  readonly decimal: Decimal;
}

interface Sampled extends Wanted {
  readonly decimal?: Decimal;
  readonly separator: string;
  readonly missing: ReadonlySet<string>;
}

/** Of the cells in which something stands, so many have to be numbers for a column to be one of numbers. */
const NUMBERS = 0.9;
/** A target of whole numbers is a class as long as there are no more of them. */
const MOST_NUMBERED_CLASSES = 20;
/** Texts of a column that nobody asked for: more are names of rows rather than kinds of them. */
const MOST_CATEGORIES = 50;
export const MOST_ASKED = 1_000;
/** A number of the row says nothing of what is in it. */
const ROW_NUMBER = /^(?:id|index|row|)$|_id$|[a-z](?:Id|ID)$/;

/** The names of the columns, each another one. */
export function nameColumns(first: readonly string[], header: boolean): string[] {
  const names: string[] = [];
  first.forEach((field, place) => {
    const given = header ? field.trim() : '';
    const name = given === '' ? `column${place + 1}` : given;
    let unique = name;
    for (let count = 2; names.includes(unique); count++) unique = `${name}_${count}`;
    names.push(unique);
  });
  return names;
}

/** @throws LabError EXPERIMENT_INVALID for a column that is not there, with the one that was probably meant */
export function kindsOf(names: readonly string[], rows: readonly (readonly string[])[], wanted: Sampled): Kinds {
  const decimal = wanted.decimal ?? decimalOf(rows, wanted);
  const read = numberReader(wanted.missing, decimal);
  const checked = (field: string, name: string): string => checkColumn(`datasets.csv: ${field}`, name, names);
  const target = checked('target', wanted.target);
  const categorical = wanted.categorical.map((name) => checked('categorical', name));
  if (wanted.like !== undefined) {
    for (const { name } of wanted.like.features) checked('test', name);
    return wanted.like;
  }
  const sampleOf = (name: string): Sample => sample(rows, names.indexOf(name), read, wanted.missing);
  const kindOf = (name: string, most: number): ColumnKind => {
    const { numbers } = sampleOf(name);
    const kind = !numbers ? 'category' : categorical.includes(name) ? 'numbered' : 'number';
    return { name, kind, required: false, most };
  };
  const asked = wanted.features?.map((name) => kindOf(checked('features', name), MOST_ASKED));
  const self = asked?.find(({ name }) => name === target);
  if (self !== undefined) {
    throw invalid({ field: 'datasets.csv: features', expected: l10n.t('columns beside the target'), found: target });
  }
  const leftOut: LeftOut[] = [];
  const rest = names.filter((name) => {
    const reason = name === target ? '' : reasonAgainst(name, sampleOf(name), categorical);
    if (asked === undefined && reason !== undefined && reason !== '') leftOut.push({ name, reason });
    return reason === undefined;
  });
  const features = asked ?? rest.map((name) => kindOf(name, MOST_CATEGORIES));
  return { target: targetKind(target, sampleOf(target), wanted), features, leftOut, decimal };
}

function targetKind(name: string, { numbers, whole, distinct }: Sample, { task, categorical }: Wanted): ColumnKind {
  const classes =
    task === undefined
      ? !numbers || categorical.includes(name) || (whole && distinct <= MOST_NUMBERED_CLASSES)
      : task === 'classification';
  const kind = !classes ? 'number' : numbers ? 'numbered' : 'category';
  return { name, kind, required: true, most: MOST_ASKED };
}

/** Why a column that nobody asked for is no feature; undefined where it is one. */
function reasonAgainst(
  name: string,
  { numbers, distinct, filled }: Sample,
  categorical: readonly string[],
): string | undefined {
  if (filled === 0) return l10n.t('it is empty');
  if (categorical.includes(name)) return undefined;
  if (numbers) return ROW_NUMBER.test(name) && distinct === filled ? l10n.t('it numbers the rows') : undefined;
  return distinct > MOST_CATEGORIES ? l10n.t('{0} different texts', distinct) : undefined;
}

interface Sample {
  /** Cells in which something stands. */
  readonly filled: number;
  readonly numbers: boolean;
  readonly whole: boolean;
  readonly distinct: number;
}

function sample(
  rows: readonly (readonly string[])[],
  index: number,
  read: (text: string) => number | undefined,
  missing: ReadonlySet<string>,
): Sample {
  const texts = rows.map((row) => (row[index] ?? '').trim()).filter((text) => !missing.has(text));
  const values = texts.map(read).filter((value) => value !== undefined);
  return {
    filled: texts.length,
    numbers: texts.length > 0 && values.length >= NUMBERS * texts.length,
    whole: values.every((value) => Number.isInteger(value)),
    distinct: new Set(texts).size,
  };
}

/** @param rows as many fields each as there are names */
export function lookAtColumns(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  separator: string,
  missing: ReadonlySet<string>,
): readonly ColumnLook[] {
  const read = numberReader(missing, decimalOf(rows, { separator }));
  return names.map((name, index) => {
    const seen = sample(rows, index, read, missing);
    const examples = new Set<string>();
    for (const row of rows) {
      const text = (row[index] ?? '').trim();
      if (!missing.has(text)) examples.add(text);
      if (examples.size === 5) break;
    }
    return { name, ...seen, examples: [...examples], idle: reasonAgainst(name, seen, []) !== undefined };
  });
}

/** A comma, where most of what looks like a number has one and the comma does not separate the fields. */
function decimalOf(rows: readonly (readonly string[])[], { separator }: Pick<Sampled, 'separator'>): Decimal {
  if (separator === ',') return '.';
  let [commas, points] = [0, 0];
  for (const row of rows)
    for (const field of row) {
      if (/^\s*[+-]?[\d.]*\d,\d+\s*$/.test(field)) commas += 1;
      else if (/^\s*[+-]?[\d,]*\d\.\d+\s*$/.test(field)) points += 1;
    }
  return commas > points ? ',' : '.';
}

function checkColumn(field: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  const meant = closest(name, names);
  const shown = names.length > 20 ? [...names.slice(0, 20), '…'] : names;
  throw invalid({
    field,
    expected: l10n.t('one of the columns {0}', shown.join(', ')),
    found: name,
    ...(meant === undefined ? {} : { remedy: l10n.t("Did you mean '{0}' instead of '{1}'?", meant, name) }),
  });
}
