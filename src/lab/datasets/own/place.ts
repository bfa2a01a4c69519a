/** Where a learner's own file or folder lies. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import path from 'node:path';
import { describe, invalid } from '../../check';
import { closest } from '../../didYouMean';
import { dataMissing } from '../errors';

/** @param field as the learner would write it, e.g. "datasets.csv: file" @throws LabError EXPERIMENT_INVALID */
export function checkPath(field: string, value: unknown): string {
  if (typeof value === 'string' && value.trim() !== '') return value;
  const found = value === '' ? describe(value) : value;
  throw invalid({ field, expected: l10n.t("a path, e.g. 'data.csv'"), found });
}

/**
 * The whole path of a file; a relative one means the folder of the model file, in which the trainer works.
 * @throws LabError DATA_MISSING, with the name that was probably meant
 */
export function fileAt(given: string): string {
  return placeAt(given, 'file');
}

/** The same of a folder. @throws LabError DATA_MISSING */
export function folderAt(given: string): string {
  return placeAt(given, 'folder');
}

function placeAt(given: string, kind: 'file' | 'folder'): string {
  const place = path.resolve(given);
  const stats = fs.statSync(place, { throwIfNoEntry: false });
  if (kind === 'file' ? stats?.isFile() === true : stats?.isDirectory() === true) return place;
  throw dataMissing(path.basename(given), given, [path.dirname(place)], remedyFor(place, stats, kind));
}

function remedyFor(place: string, stats: fs.Stats | undefined, kind: 'file' | 'folder'): string {
  if (stats?.isDirectory() === true) return l10n.t('{0} is a folder: name a file in it.', path.basename(place));
  if (stats?.isFile() === true) return l10n.t('{0} is a file: name the folder that it lies in.', path.basename(place));
  const neighbours = namesIn(path.dirname(place), kind);
  const meant = closest(path.basename(place), neighbours);
  if (meant !== undefined) return l10n.t("Did you mean '{0}' instead of '{1}'?", meant, path.basename(place));
  return l10n.t('Put it there, or write its whole path. A relative path means the folder of the model file.');
}

function namesIn(folder: string, kind: 'file' | 'folder'): string[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() === (kind === 'folder')).map(({ name }) => name);
  } catch {
    return []; // There is no such folder: nothing can have been meant in it.
  }
}
