/** What is known of a folder of pictures without looking into one. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { invalid } from '../../check';
import { labelledFolder, type LabelledFolder, type TestFiles } from '../own/labelled';
import { extensionOf, listFiles } from '../own/listing';
import type { Naming } from '../own/naming';
import { folderAt } from '../own/place';
import { nothingUsable, Unusable } from '../own/unusable';
import { classesIn, type TableOptions } from './classTable';

export interface Source {
  readonly folder: string;
  readonly test: TestFiles;
  readonly seed: number;
  readonly naming: Naming;
  /** In place of the names of files or folders. */
  readonly table?: TableOptions;
}

export const OWNER = 'datasets.images';

/** What lies beside pictures and is none. */
const TEXTS = new Set(['txt', 'md', 'csv', 'tsv', 'json', 'xml', 'yaml', 'yml', 'html', 'ts', 'js', 'py']);

/** @throws LabError DATA_MISSING, DATA_UNUSABLE, EXPERIMENT_INVALID; with a table also DATA_CORRUPT */
export function describeFolder({ folder, test, seed, naming, table }: Source): LabelledFolder {
  const place = folderAt(folder);
  const folders = [place, ...(typeof test === 'string' ? [folderAt(test)] : [])];
  const [, testFolder] = folders;
  if (testFolder !== undefined) checkApart(place, testFolder);
  const faults = new Unusable();
  const named = table === undefined ? naming : { ...naming, label: byTable(folders, table, faults) };
  const described = labelledFolder(folder, {
    owner: OWNER,
    extensions: undefined,
    unreadable: [],
    // Wherever a table says what counts, and beside the folders of classes.
    ignored: (name) => TEXTS.has(extensionOf(name)) && (table !== undefined || !name.includes('/')),
    naming: named,
    test,
    seed,
  });
  described.unusable.addAll(faults);
  const { classes, train, test: tested } = described;
  // Of classes with a single picture each there is none for testing.
  if (tested.length === 0)
    throw nothingUsable(path.basename(place), train.length, classes.length + 1, described.unusable);
  return described;
}

/** The class of each file that the table names. */
function byTable(folders: readonly string[], table: TableOptions, faults: Unusable): Naming['label'] {
  const files = folders.flatMap((folder) => listFiles(folder, undefined).wanted.map(({ name }) => name));
  const classes = classesIn(table, folders[0] ?? '', files, faults);
  return (name) => {
    const label = classes.get(name);
    if (label !== undefined) return label;
    throw new Error(l10n.t('not named in {0}', path.basename(table.file)));
  };
}

function checkApart(folder: string, test: string): void {
  const between = path.relative(folder, test);
  if (between.startsWith('..') || path.isAbsolute(between)) return;
  throw invalid({
    field: `${OWNER}: test`,
    expected: l10n.t('a folder that does not lie in {0}', path.basename(folder)),
    found: test,
    remedy: l10n.t('Pictures for testing may not be among those for training: put them beside.'),
  });
}
