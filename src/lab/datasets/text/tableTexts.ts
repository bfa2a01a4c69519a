/** Texts in the rows of a table, with the class of each. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { invalid } from '../../check';
import { closest } from '../../didYouMean';
import { dataCorrupt } from '../errors';
import { notice } from '../notice';
import { sortClasses } from '../own/labelled';
import { checkPath, fileAt } from '../own/place';
import { splitAtRandom } from '../own/split';
import { nothingUsable, Unusable } from '../own/unusable';
import type { Encoding } from '../table/encoding';
import { nameColumns } from '../table/kinds';
import { formOf, recordsOf } from '../table/records';
import type { OwnTexts } from './texts';
import type { Labelled, TextSplits } from './texts';

interface TableOptions {
  readonly test: unknown;
  readonly seed: number;
  readonly encoding: Encoding | undefined;
}

interface Wanted {
  readonly owner: string;
  readonly text: string;
  readonly label: string;
  readonly encoding: Encoding | undefined;
  readonly separator: string | undefined;
}

/** @throws LabError EXPERIMENT_INVALID, DATA_MISSING, DATA_CORRUPT, DATA_UNUSABLE */
export function tableTexts(
  owner: string,
  from: Readonly<Record<string, unknown>>,
  { test, seed, encoding }: TableOptions,
): OwnTexts {
  const file = checkPath(`${owner}: from.csv`, from['csv']);
  const column = (name: 'text' | 'label'): string => {
    const value = from[name];
    if (typeof value === 'string' && value !== '') return value;
    throw invalid({ field: `${owner}: from.${name}`, expected: l10n.t('the name of a column'), found: value });
  };
  const separator = from['separator'];
  if (separator !== undefined && (typeof separator !== 'string' || !/^[^\r\n"]$/u.test(separator)))
    throw invalid({ field: `${owner}: from.separator`, expected: l10n.t("one character, e.g. ';'"), found: separator });
  const wanted = { owner, text: column('text'), label: column('label'), encoding, separator };
  const share = typeof test === 'number' && test > 0 && test < 1;
  if (!share && typeof test !== 'string')
    throw invalid({ field: `${owner}: test`, expected: l10n.t('a share above 0 and below 1, or a file'), found: test });
  const look = (): Divided => divide(file, share ? test : checkPath(`${owner}: test`, test), seed, wanted);
  const { classes, splits } = look();
  const name = path.basename(file);
  return {
    name,
    classes,
    train: splits.train.texts.length,
    test: splits.test.texts.length,
    read: (context) => {
      // A file may have changed since the model file was read.
      const now = look();
      if (now.unusable.count > 0) notice(context, now.unusable.warning(name));
      return now.splits;
    },
  };
}

interface Divided {
  readonly classes: readonly string[];
  readonly splits: TextSplits;
  readonly unusable: Unusable;
}

function divide(file: string, test: number | string, seed: number, wanted: Wanted): Divided {
  const unusable = new Unusable();
  const name = path.basename(file);
  const rows = readRows(fileAt(file), wanted, unusable);
  if (rows.length < 2) throw nothingUsable(name, rows.length, 2, unusable);
  const classes = sortClasses(new Set(rows.map(({ label }) => label)));
  if (classes.length < 2) {
    const found = l10n.t('{0} in the column {1}', `'${classes.join()}'`, wanted.label);
    throw invalid({ field: `${wanted.owner}: from.label`, expected: l10n.t('at least two classes'), found });
  }
  const places = new Map(classes.map((one, place) => [one, place]));
  const labelled = (some: readonly Row[]): Labelled => ({
    texts: some.map(({ text }) => text),
    labels: some.map(({ label }) => places.get(label) ?? 0),
  });
  if (typeof test === 'string') {
    const tested = readRows(fileAt(test), wanted, unusable).filter(({ label, line }) => {
      if (places.has(label)) return true;
      unusable.add(l10n.t('{0}, line {1}: the class {2} is not in {3}', test, line, label, name));
      return false;
    });
    if (tested.length === 0) throw nothingUsable(path.basename(test), 0, 1, unusable);
    return { classes, splits: { train: labelled(rows), test: labelled(tested) }, unusable };
  }
  const parts = splitAtRandom(rows.length, labelled(rows).labels, test, seed);
  const take = (which: Int32Array): Labelled => labelled([...which].flatMap((row) => rows[row] ?? []));
  return { classes, splits: { train: take(parts.train), test: take(parts.test) }, unusable };
}

interface Row {
  readonly text: string;
  readonly label: string;
  readonly line: number;
}

function readRows(file: string, wanted: Wanted, unusable: Unusable): Row[] {
  const { encoding, separator } = wanted;
  const form = formOf(file, {
    ...(encoding === undefined ? {} : { encoding }),
    ...(separator === undefined ? {} : { separator }),
  });
  try {
    return rowsOf(file, form, wanted, unusable);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const remedy = l10n.t("Say how the file is written, for example encoding: 'gbk', or save it as UTF-8.");
    throw dataCorrupt(path.basename(file), form.encoding, l10n.t('other bytes'), remedy);
  }
}

function rowsOf(file: string, form: ReturnType<typeof formOf>, wanted: Wanted, unusable: Unusable): Row[] {
  let names: readonly string[] | undefined;
  let [text, label] = [-1, -1];
  const found: Row[] = [];
  for (const { rows, lines, faults } of recordsOf(file, form)) {
    rows.forEach((row, place) => {
      if (names === undefined) {
        names = nameColumns(row, true);
        [text, label] = [placeOf('text', wanted, names), placeOf('label', wanted, names)];
        return;
      }
      const line = lines[place] ?? 0;
      const reject = (reason: string): void => {
        unusable.add(l10n.t('line {0}: {1}', line, reason));
      };
      const [own, kind] = [row[text]?.trim() ?? '', row[label]?.trim() ?? ''];
      const fault = faults.get(place);
      if (fault !== undefined) reject(fault);
      else if (row.length === 1 && own === '' && kind === '') return;
      else if (row.length !== names.length) reject(l10n.t('{0} fields in place of {1}', row.length, names.length));
      else if (own === '') reject(l10n.t('no text'));
      else if (kind === '') reject(l10n.t('no class'));
      else found.push({ text: own, label: kind, line });
    });
  }
  if (names !== undefined) return found;
  const expected = l10n.t('a row with the names of the columns');
  throw dataCorrupt(path.basename(file), expected, l10n.t('an empty file'), l10n.t('Give a table.'));
}

function placeOf(which: 'text' | 'label', wanted: Wanted, names: readonly string[]): number {
  const place = names.indexOf(wanted[which]);
  if (place >= 0) return place;
  const meant = closest(wanted[which], names);
  throw invalid({
    field: `${wanted.owner}: from.${which}`,
    expected: l10n.t('one of the columns {0}', names.map((one) => `'${one}'`).join(', ')),
    found: wanted[which],
    ...(meant === undefined ? {} : { remedy: l10n.t("Did you mean '{0}' instead of '{1}'?", meant, wanted[which]) }),
  });
}
