/** The files of a learner's folder as examples: the class of each, and which are for testing. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../../protocol/errors';
import { checkInteger, invalid } from '../../check';
import { listFiles, type ListedFile } from './listing';
import type { Naming } from './naming';
import { checkPath, folderAt } from './place';
import { splitAtRandom, splitByGroup } from './split';
import { nothingUsable, Unusable } from './unusable';

export interface LabelledFile extends ListedFile {
  /** A place in the list of classes. */
  readonly label: number;
}

export interface LabelledFolder {
  /** In the order of their names; whole numbers in their own. */
  readonly classes: readonly string[];
  /** Each in its order: that of names, to train; that of chance, to test. */
  readonly train: readonly LabelledFile[];
  readonly test: readonly LabelledFile[];
  /** Files that are no example already by their names. A new one at each call, to which a loader can add. */
  readonly unusable: Unusable;
}

export interface LabelledOptions {
  /** As the learner would write it, e.g. "datasets.audio". */
  readonly owner: string;
  /** Of files that are examples, without a dot, in small letters; undefined where names say nothing of what is in them. */
  readonly extensions: readonly string[] | undefined;
  /** Of files of the same sort that cannot be read: they are named, while others are nobody's business. */
  readonly unreadable: readonly string[];
  /** Files that are nobody's business, by their names below the folder. */
  readonly ignored?: (name: string) => boolean;
  readonly naming: Naming;
  readonly test: TestFiles;
  readonly seed: number;
}

/** A share of the files, another folder, or the groups whose files are for testing. */
export type TestFiles = number | string | readonly string[];

/** @throws LabError EXPERIMENT_INVALID */
export function checkTestFiles(owner: string, value: unknown, { group }: Naming): TestFiles {
  const field = `${owner}: test`;
  if (typeof value === 'string') return checkPath(field, value);
  if (typeof value === 'number' && value > 0 && value < 1) return value;
  const groups: readonly unknown[] = Array.isArray(value) ? value : [];
  if (group !== undefined && groups.length > 0 && groups.every((one): one is string => typeof one === 'string'))
    return groups;
  const expected =
    group === undefined
      ? l10n.t('a share above 0 and below 1, or a folder')
      : l10n.t('a share above 0 and below 1, a folder, or a list of groups');
  throw invalid({ field, expected, found: value });
}

export const checkSeed = (owner: string, value: unknown): number =>
  checkInteger(`${owner}: seed`, value ?? 1, { min: 0, max: 2 ** 31 - 1 });

/**
 * Looks at names alone.
 *
 * @throws LabError DATA_MISSING; DATA_UNUSABLE where there are no two examples; EXPERIMENT_INVALID for one class, one group,
 *   or groups that are not there
 */
export function labelledFolder(folder: string, options: LabelledOptions): LabelledFolder {
  const place = folderAt(folder);
  const { owner, naming, test, seed } = options;
  const name = path.basename(place);
  const unusable = new Unusable();
  const testPlace = typeof test === 'string' ? folderAt(test) : undefined;
  if (testPlace !== undefined && fs.realpathSync(testPlace) === fs.realpathSync(place))
    throw invalid({ field: `${owner}: test`, expected: l10n.t('another folder than that for training'), found: test });
  // One may lie in the other: no file is in both halves.
  const listed = listLabelled(place, testPlace, options, unusable);
  if (listed.length < 2) throw nothingUsable(name, listed.length, 2, unusable);
  const classes = sortClasses(new Set(listed.map(({ label }) => label)));
  checkClasses(owner, folder, classes);
  const places = new Map(classes.map((one, label) => [one, label]));
  const numbered = (files: readonly Named[]): LabelledFile[] =>
    files.map((file) => ({ name: file.name, path: file.path, label: places.get(file.label) ?? 0 }));
  const all = numbered(listed);
  const take = (rows: Int32Array): LabelledFile[] => [...rows].flatMap((row) => all[row] ?? []);
  if (testPlace !== undefined) {
    const tested = listLabelled(testPlace, place, options, unusable).filter((file) => {
      if (places.has(file.label)) return true;
      unusable.add(
        l10n.t('{0}: the class {1} is not in {2}', `${path.basename(testPlace)}/${file.name}`, file.label, name),
      );
      return false;
    });
    if (tested.length === 0) throw nothingUsable(path.basename(testPlace), 0, 1, unusable);
    return { classes, train: all, test: numbered(tested), unusable };
  }
  const { group } = naming;
  const labels = all.map(({ label }) => label);
  const parts =
    group === undefined
      ? splitAtRandom(all.length, labels, Number(test), seed)
      : groupsOf(owner, listed, group, typeof test === 'string' ? [test] : test, seed);
  return { classes, train: take(parts.train), test: take(parts.test), unusable };
}

interface Named extends ListedFile {
  readonly label: string;
}

function listLabelled(
  place: string,
  without: string | undefined,
  options: LabelledOptions,
  unusable: Unusable,
): Named[] {
  const { wanted, others } = listFiles(place, options.extensions, without);
  const refused = new Set(options.unreadable);
  for (const { name } of others) {
    const ending = path.posix.extname(name).slice(1).toLowerCase();
    if (refused.has(ending))
      unusable.add(l10n.t('{0}: .{1} is not read, only {2}', name, ending, options.extensions?.join(', ') ?? ''));
  }
  return wanted.flatMap((file) => {
    if (options.ignored?.(file.name) === true) return [];
    try {
      // Both are asked here: a file whose group nobody knows is no example either.
      options.naming.group?.(file.name);
      return [{ ...file, label: options.naming.label(file.name) }];
    } catch (error) {
      if (error instanceof LabError) throw error;
      unusable.add(`${file.name}: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    }
  });
}

function groupsOf(
  owner: string,
  files: readonly ListedFile[],
  group: (name: string) => string,
  test: number | readonly string[],
  seed: number,
): { readonly train: Int32Array; readonly test: Int32Array } {
  const groups = files.map(({ name }) => group(name));
  const known = new Set(groups);
  const shown = [...known]
    .slice(0, 20)
    .map((one) => `'${one}'`)
    .join(', ');
  const parts = splitByGroup(groups, typeof test === 'number' ? test : new Set(test), seed);
  if (parts === undefined)
    throw invalid({ field: `${owner}: group`, expected: l10n.t('at least two groups'), found: shown });
  const strange = typeof test === 'number' ? undefined : test.find((one) => !known.has(one));
  if (strange !== undefined || parts.train.length === 0)
    throw invalid({
      field: `${owner}: test`,
      expected: l10n.t('some of the groups {0}, not all', shown),
      found: strange ?? test,
    });
  return parts;
}

function checkClasses(owner: string, folder: string, classes: readonly string[]): void {
  if (classes.length === 1)
    throw invalid({
      field: `${owner}: label`,
      expected: l10n.t('at least two classes'),
      found: l10n.t('{0} in {1}', `'${classes[0] ?? ''}'`, path.basename(folder)),
      remedy: l10n.t(
        'Lay the files of each class into a subfolder of its name, or say in "label" what their class is.',
      ),
    });
  if (!classes.every((one) => /^(train|training|test|testing|val|valid|validation)$/iu.test(one))) return;
  const [train, tested] = ['train', 'test'].map((start) => classes.find((one) => one.toLowerCase().startsWith(start)));
  const test = tested ?? classes.find((one) => one !== train);
  throw invalid({
    field: `${owner}: ${folder}`,
    expected: l10n.t('a subfolder for each class'),
    found: classes.join(', '),
    remedy: l10n.t(
      'Name the folder for training, and the one for testing as an option: {0}',
      `${owner}('${folder}/${train ?? 'train'}', { test: '${folder}/${test ?? 'test'}', … })`,
    ),
  });
}

/** By name; whole numbers by their size. */
export function sortClasses(classes: ReadonlySet<string>): string[] {
  const names = [...classes];
  if (names.every((name) => /^\d{1,9}$/u.test(name)))
    return names.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  return names.sort();
}
