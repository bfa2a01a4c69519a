/** Annotations in the form of Pascal VOC: an XML file for each picture (Everingham and others 2010, "The PASCAL VOC Challenge"). */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { parse, type TNode } from 'txml';
import { readSmallFileSync } from '../../../files/read';
import { foundInstead } from '../../unreadable';
import {
  endingOf,
  PicturesByName,
  usableBoxes,
  type AnnotatedPicture,
  type Annotations,
  type BoxFolder,
} from './annotations';

const MOST_BYTES = 4 * 1024 * 1024;

/** What cannot be used is named in the folder's faults. */
export function readVoc(folder: BoxFolder): Annotations {
  const { files, faults } = folder;
  const pictures = new PicturesByName(files);
  const annotated = new Map<string, AnnotatedPicture>();
  for (const file of files) {
    if (endingOf(file.name) !== 'xml') continue;
    const annotation = annotationIn(file.path);
    if (typeof annotation === 'string') {
      faults.add(`${file.name}: ${annotation}`);
      continue;
    }
    const named = textOf(annotation, 'filename');
    const beside = path.posix.join(path.posix.dirname(file.name), named);
    const picture = pictures.find(beside) ?? pictures.find(file.name) ?? pictures.find(named);
    if (picture === undefined) {
      faults.add(l10n.t('{0}: there is no picture {1}', file.name, named));
      continue;
    }
    const [width, height] = ['width', 'height'].map((side) => numberOf(childOf(annotation, 'size'), side));
    const size = [width ?? Number.NaN, height ?? Number.NaN] as const;
    const isKnown = size.every((side) => side > 0);
    const objects = childrenOf(annotation, 'object').map((object) => {
      const sides = childOf(object, 'bndbox');
      const side = (name: string): number => numberOf(sides, name);
      const label = textOf(object, 'name');
      return { label, left: side('xmin'), top: side('ymin'), right: side('xmax'), bottom: side('ymax') };
    });
    const boxes = usableBoxes(objects, `${file.name}: ${l10n.t('object')}`, isKnown ? size : undefined, folder);
    annotated.set(picture.name, { ...picture, boxes, relative: false, ...(isKnown ? { size } : {}) });
  }
  for (const { name } of pictures.all)
    if (!annotated.has(name)) faults.add(l10n.t('{0}: there are no annotations of it', name));
  return { pictures: [...annotated.values()].sort((a, b) => (a.name < b.name ? -1 : 1)) };
}

/** Or why there is none. */
function annotationIn(file: string): TNode | string {
  try {
    const nodes = parse(readSmallFileSync(file, MOST_BYTES).replace(/^\uFEFF/, ''), { decodeEntities: true });
    const root = [nodes]
      .flat()
      .find((node): node is TNode => typeof node === 'object' && node.tagName === 'annotation');
    return root ?? l10n.t('no annotation in the form of Pascal VOC');
  } catch (error) {
    return foundInstead(error);
  }
}

const childrenOf = (node: TNode | undefined, name: string): TNode[] =>
  (node?.children ?? []).filter((child): child is TNode => typeof child === 'object' && child.tagName === name);

const childOf = (node: TNode | undefined, name: string): TNode | undefined => childrenOf(node, name)[0];

const textOf = (node: TNode | undefined, name: string): string =>
  (childOf(node, name)?.children ?? [])
    .filter((child) => typeof child === 'string')
    .join('')
    .trim();

function numberOf(node: TNode | undefined, name: string): number {
  const text = textOf(node, name);
  return text === '' ? Number.NaN : Number(text);
}
