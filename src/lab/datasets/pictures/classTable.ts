/** Pictures whose classes stand in a table. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { invalid } from '../../check';
import { closest } from '../../didYouMean';
import { dataCorrupt, dataMissing } from '../errors';
import { fileAt } from '../own/place';
import type { Unusable } from '../own/unusable';
import { nameColumns } from '../table/kinds';
import { formOf, recordsOf } from '../table/records';

export interface TableOptions {
  /** A table; a relative path means the folder of the model file. */
  readonly file: string;
  /** The column with the pictures' names: paths within the folder, or names, with or without their endings. */
  readonly image: string;
  /** The column with the classes. */
  readonly label: string;
}

interface Row {
  readonly image: string;
  readonly label: string;
  /** Where that stands in the table. */
  readonly line: number;
}

/**
 * The class of each file that the table names.
 *
 * @param files below the folder, with "/"
 * @param faults receives what cannot be used of the table
 * @throws LabError DATA_MISSING, DATA_CORRUPT, EXPERIMENT_INVALID for a column that is not there
 */
export function classesIn(
  options: TableOptions,
  folder: string,
  files: readonly string[],
  faults: Unusable,
): ReadonlyMap<string, string> {
  const table = path.basename(options.file);
  const names = new Names(files);
  const classes = new Map<string, string>();
  const problem = (line: number, reason: string): void => {
    faults.add(l10n.t('{0}, line {1}: {2}', table, line, reason));
  };
  for (const { image, label, line } of readRows(options, folder, problem)) {
    const file = names.find(image);
    if (file === undefined) problem(line, l10n.t('there is no picture {0}, or there are several', image));
    else if (classes.has(file)) problem(line, l10n.t('{0} has a class already', image));
    else classes.set(file, label);
  }
  return classes;
}

function readRows(options: TableOptions, folder: string, problem: (line: number, reason: string) => void): Row[] {
  const file = tableAt(options.file, folder);
  const rows: Row[] = [];
  let places: readonly [number, number, number] | undefined;
  const name = path.basename(file);
  try {
    for (const piece of recordsOf(file, formOf(file, {}))) {
      piece.rows.forEach((row, at) => {
        const line = piece.lines[at] ?? 0;
        if (places === undefined) {
          const names = nameColumns(row, true);
          const placeOf = (field: 'image' | 'label'): number => columnAt(names, field, options[field]);
          places = [placeOf('image'), placeOf('label'), names.length];
          return;
        }
        const fault = piece.faults.get(at);
        const [image, label] = [(row[places[0]] ?? '').trim(), (row[places[1]] ?? '').trim()];
        if (row.length === 1 && image === '' && label === '') return;
        if (fault !== undefined) problem(line, fault);
        else if (row.length !== places[2]) problem(line, l10n.t('{0} fields in place of {1}', row.length, places[2]));
        else if (image === '') problem(line, l10n.t('no picture'));
        else if (label === '') problem(line, l10n.t('no class'));
        else rows.push({ image, label, line });
      });
    }
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw dataCorrupt(name, 'UTF-8', l10n.t('other bytes'), l10n.t('Save it as UTF-8.'));
  }
  if (places !== undefined) return rows;
  const expected = l10n.t('a row with the names of the columns');
  throw dataCorrupt(name, expected, l10n.t('no row'), l10n.t('Give a table.'));
}

function tableAt(given: string, folder: string): string {
  const inside = path.join(folder, given);
  if (path.isAbsolute(given) || fs.existsSync(given) || !fs.existsSync(inside)) return fileAt(given);
  const meant = path.relative('.', inside).replaceAll(path.sep, '/');
  const remedy = l10n.t("Write file: '{0}': a relative path means the folder of the model file.", meant);
  throw dataMissing(given, given, [path.dirname(path.resolve(given))], remedy);
}

function columnAt(names: readonly string[], field: string, wanted: string): number {
  const at = names.indexOf(wanted);
  if (at >= 0) return at;
  const meant = closest(wanted, names);
  throw invalid({
    field: `datasets.images: table.${field}`,
    expected: l10n.t('a column: {0}', names.map((one) => `'${one}'`).join(', ')),
    found: wanted,
    ...(meant === undefined ? {} : { remedy: l10n.t("Did you mean '{0}' instead of '{1}'?", meant, wanted) }),
  });
}

/** The picture that a table means by a name. */
class Names {
  private readonly paths: ReadonlySet<string>;
  /** By the last part of the path, and by that without its ending; undefined for what several are called. */
  private readonly short = new Map<string, string | undefined>();

  constructor(files: readonly string[]) {
    this.paths = new Set(files);
    for (const file of files) {
      const name = path.posix.basename(file);
      const stem = path.posix.basename(file, path.posix.extname(file));
      const withoutEnding = file.slice(0, file.length - path.posix.extname(file).length);
      for (const key of new Set([name, stem, withoutEnding]))
        this.short.set(key, this.short.has(key) ? undefined : file);
    }
  }

  find(given: string): string | undefined {
    const plain = path.posix.normalize(given.replaceAll('\\', '/'));
    return this.paths.has(plain) ? plain : this.short.get(plain);
  }
}
