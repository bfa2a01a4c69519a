/** What is known of a folder of pictures without looking into one. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { invalid } from '../../check';
import { createRandom, shuffle } from '../../random';
import { fileAt, folderAt } from '../own/place';
import { splitAtRandom } from '../own/split';
import { nothingUsable, Unusable } from '../own/unusable';
import { readLabels, Names, type LabelOptions } from './labels';
import { entriesOf, filesUnder, isNamedAsPicture, join } from './listing';

export interface Listed {
  readonly file: string;
  /** How the learner is told of it: its path within the folder. */
  readonly shown: string;
  readonly label: number;
}

export interface Described {
  readonly classes: readonly string[];
  readonly train: readonly Listed[];
  readonly test: readonly Listed[];
  readonly unusable: Unusable;
  /** What the learner is told when they are loaded. */
  readonly notices: readonly string[];
}

export interface Source {
  readonly folder: string;
  /** A share of the pictures, or a folder. */
  readonly test: number | string;
  readonly seed: number;
  readonly labels?: LabelOptions;
}

/** A picture, not yet with the number of its class. */
interface Named {
  readonly file: string;
  readonly shown: string;
  readonly label: string;
}

/** @throws LabError DATA_MISSING, DATA_UNUSABLE, EXPERIMENT_INVALID; with labels also DATA_CORRUPT */
export function describeFolder(source: Source): Described {
  const folder = folderAt(source.folder);
  const name = path.basename(folder);
  const testFolder = typeof source.test === 'string' ? folderAt(source.test) : undefined;
  if (testFolder !== undefined) checkApart(folder, testFolder);
  const unusable = new Unusable();
  const folders = [folder, ...(testFolder === undefined ? [] : [testFolder])];
  const notices: string[] = [];
  const [first = [], second = []] =
    source.labels === undefined
      ? folders.map((one) => byFolders(one, one === folder ? source.folder : undefined, unusable, notices))
      : byTable(folders, source.labels, unusable);
  if (first.length === 0) throw nothingUsable(name, 0, 2, unusable);
  const classes = inOrder(new Set(first.map(({ label }) => label)));
  if (classes.length < 2) throw oneClass(source, classes);
  const numbers = new Map(classes.map((one, number) => [one, number]));
  const numbered = (pictures: readonly Named[]): Listed[] =>
    pictures.flatMap(({ label, ...picture }) => {
      const number = numbers.get(label);
      if (number !== undefined) return [{ ...picture, label: number }];
      unusable.add(l10n.t('{0}: no picture for training is of the class {1}', picture.shown, `'${label}'`));
      return [];
    });
  const all = numbered(first);
  if (testFolder !== undefined) {
    const test = shuffled(numbered(second), source.seed);
    if (test.length === 0) throw nothingUsable(path.basename(testFolder), 0, 1, unusable);
    return { classes, train: all, test, unusable, notices };
  }
  if (all.length < 2) throw nothingUsable(name, all.length, 2, unusable);
  const labels = all.map(({ label }) => label);
  const parts = splitAtRandom(all.length, labels, Number(source.test), source.seed);
  const taken = (rows: Int32Array): Listed[] => [...rows].flatMap((row) => all[row] ?? []);
  const [train, test] = [taken(parts.train), taken(parts.test)];
  // Classes of one picture each have none for testing.
  if (test.length === 0) throw nothingUsable(name, all.length, classes.length + 1, unusable);
  return { classes, train, test, unusable, notices };
}

/** Each folder in it is a class, with all that lies below. */
function byFolders(folder: string, given: string | undefined, unusable: Unusable, notices: string[]): Named[] {
  const name = path.basename(folder);
  const { folders, files } = entriesOf(folder, '', unusable);
  if (given !== undefined) checkNoParts(given, folders);
  for (const file of files) if (isNamedAsPicture(file)) unusable.add(l10n.t('{0}: lies in no folder of a class', file));
  const empty: string[] = [];
  const pictures = folders.flatMap((label) => {
    const found = filesUnder(path.join(folder, label), label, unusable);
    if (found.length === 0) empty.push(label);
    return found.map((file) => ({ file: path.join(folder, label, file), shown: join(label, file), label }));
  });
  if (empty.length > 0 && pictures.length > 0)
    notices.push(l10n.t('{0}: empty folders, which are no classes: {1}', name, empty.join(', ')));
  return pictures;
}

const PART = /^(?:train(?:ing)?|test(?:ing)?|val(?:id(?:ation)?)?|dev)$/i;

/** A data set that somebody has divided: its halves are no classes. */
function checkNoParts(given: string, folders: readonly string[]): void {
  if (folders.length < 2 || !folders.every((name) => PART.test(name))) return;
  const train = folders.find((name) => /^train/i.test(name));
  const test = folders.find((name) => /^test/i.test(name)) ?? folders.find((name) => name !== train);
  if (train === undefined || test === undefined) return;
  throw invalid({
    field: 'datasets.images: folder',
    expected: l10n.t('a folder with a folder for each class'),
    found: folders.join(', '),
    remedy: l10n.t("Name the folder '{0}', and add test: '{1}'.", join(given, train), join(given, test)),
  });
}

/** @returns the pictures of each folder that the table names */
function byTable(folders: readonly string[], options: LabelOptions, unusable: Unusable): Named[][] {
  const table = path.basename(options.file);
  const rows = readLabels(options, folders[0] ?? '', unusable);
  const known = folders.map((folder) => {
    const files = filesUnder(folder, '', unusable).filter((file) => path.join(folder, file) !== fileAt(options.file));
    return { folder, files, names: new Names(files), named: new Map<string, string>() };
  });
  for (const { image, label, line } of rows) {
    const place = known.find(({ names }) => names.find(image) !== undefined);
    const file = place?.names.find(image);
    const problem = (reason: string): void => {
      unusable.add(l10n.t('{0}, line {1}: {2}', table, line, reason));
    };
    if (place === undefined || file === undefined)
      problem(l10n.t('there is no picture {0}, or there are several', image));
    else if (place.named.has(file)) problem(l10n.t('{0} has a class already', image));
    else place.named.set(file, label);
  }
  return known.map(({ folder, files, named }) => {
    for (const file of files)
      if (!named.has(file) && isNamedAsPicture(file)) unusable.add(l10n.t('{0}: not named in {1}', file, table));
    return files.flatMap((file) => {
      const label = named.get(file);
      return label === undefined ? [] : [{ file: path.join(folder, file), shown: file, label }];
    });
  });
}

/** Numbers by their size, names by their letters. */
function inOrder(classes: ReadonlySet<string>): string[] {
  const numbers = [...classes].every((name) => /^-?\d+$/.test(name));
  return [...classes].sort(numbers ? (one, other) => Number(one) - Number(other) : undefined);
}

/** So that the first ones are some of all. */
function shuffled<T>(pictures: readonly T[], seed: number): T[] {
  const order = shuffle(
    createRandom(seed),
    Int32Array.from({ length: pictures.length }, (_, place) => place),
  );
  return [...order].flatMap((place) => pictures[place] ?? []);
}

function checkApart(folder: string, test: string): void {
  const between = path.relative(folder, test);
  if (between.startsWith('..') || path.isAbsolute(between)) return;
  throw invalid({
    field: 'datasets.images: test',
    expected: l10n.t('a folder that does not lie in {0}', path.basename(folder)),
    found: test,
    remedy: l10n.t('Pictures for testing may not be among those for training: put them beside.'),
  });
}

function oneClass({ folder, labels }: Source, classes: readonly string[]): Error {
  return invalid({
    field: labels === undefined ? 'datasets.images: folder' : 'datasets.images: labels.label',
    expected: l10n.t('at least two classes'),
    found: classes.map((one) => `'${one}'`).join(', '),
    remedy:
      labels === undefined
        ? l10n.t("Put the pictures of each class into a folder of its own in '{0}'.", folder)
        : l10n.t('Name another column.'),
  });
}
