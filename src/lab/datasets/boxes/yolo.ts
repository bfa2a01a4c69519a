/**
 * Annotations in the form of YOLO: a text for each picture, a line for each box: the class's number, then middle, width and
 * height as shares of the picture.
 */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { parse } from 'yaml';
import { readSmallFileSync } from '../../../files/read';
import { foundInstead } from '../../unreadable';
import { dataMissing } from '../errors';
import type { ListedFile } from '../own/listing';
import {
  endingOf,
  PicturesByName,
  usableBoxes,
  withoutEnding,
  type Annotations,
  type Box,
  type BoxFolder,
} from './annotations';

const MOST_BYTES = 4 * 1024 * 1024;
const LISTS = /^(classes\.txt|obj\.names|_darknet\.labels|labels\.txt)$/i;

/** Pictures without a text are pictures without a thing. @throws LabError DATA_MISSING where nothing names the classes */
export function readYolo(folder: BoxFolder): Annotations {
  const { files, faults } = folder;
  const classes = folder.classes ?? namesIn(folder);
  const texts = new Map(files.filter(({ name }) => endingOf(name) === 'txt').map((file) => [file.name, file]));
  const pictures = new PicturesByName(files);
  const used = new Set<string>();
  const annotated = pictures.all.map((picture) => {
    const file = labelsOf(picture.name).flatMap((name) => texts.get(name) ?? [])[0];
    if (file === undefined) return { ...picture, boxes: [], relative: true };
    used.add(file.name);
    const boxes = usableBoxes(boxesIn(file, classes, faults), `${file.name}: ${l10n.t('line')}`, [1, 1], {
      faults,
      classes,
    });
    return { ...picture, boxes, relative: true };
  });
  for (const name of texts.keys())
    if (!used.has(name) && !isList(name) && /(^|\/)labels\//.test(name))
      faults.add(l10n.t('{0}: there is no picture {1}', name, withoutEnding(path.posix.basename(name))));
  return { pictures: [...annotated].sort((a, b) => (a.name < b.name ? -1 : 1)), classes };
}

const isList = (name: string): boolean => LISTS.test(path.posix.basename(name));

/** Beside the picture, or in "labels" where that is in "images". */
function labelsOf(picture: string): readonly string[] {
  const name = `${withoutEnding(picture)}.txt`;
  return [name.replace(/(^|\/)images\//, '$1labels/'), name];
}

function boxesIn(file: ListedFile, classes: readonly string[], faults: BoxFolder['faults']): Box[] {
  let text: string;
  try {
    text = readSmallFileSync(file.path, MOST_BYTES);
  } catch (error) {
    faults.add(`${file.name}: ${foundInstead(error)}`);
    return [];
  }
  return text.split(/\r\n?|\n/).flatMap((line) => {
    const [index = '', ...shares] = line.trim().split(/\s+/);
    if (index === '') return [];
    const [x = Number.NaN, y = Number.NaN, width = Number.NaN, height = Number.NaN] = shares.map(Number);
    const label = classes[Number(index)] ?? index;
    return [{ label, left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 }];
  });
}

function namesIn({ files, place }: BoxFolder): readonly string[] {
  for (const { name, path: file } of files) {
    if (/^(ya?ml)$/.test(endingOf(name))) {
      const names = yamlNames(file);
      if (names !== undefined) return names;
    }
    if (isList(name)) {
      const names = readSmallFileSync(file, MOST_BYTES)
        .split(/\r\n?|\n/)
        .map((line) => line.trim());
      return names.filter((line) => line !== '');
    }
  }
  const remedy = l10n.t("Add a file classes.txt with a name in each line, or write classes: ['cat', 'dog'].");
  throw dataMissing(l10n.t('names of the classes'), 'data.yaml, classes.txt', [place], remedy);
}

/** A list, or names by their numbers. */
function yamlNames(file: string): readonly string[] | undefined {
  const content: unknown = parse(readSmallFileSync(file, MOST_BYTES));
  const names: unknown =
    typeof content === 'object' && content !== null && 'names' in content ? content.names : undefined;
  if (typeof names !== 'object' || names === null) return undefined;
  const list: readonly unknown[] = Array.isArray(names)
    ? names
    : Object.entries(names)
        .sort(([a], [b]) => Number(a) - Number(b))
        .map(([, name]: [string, unknown]) => name);
  return list.every((name) => typeof name === 'string' || typeof name === 'number') ? list.map(String) : undefined;
}
