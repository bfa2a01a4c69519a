/** What is drawn around things in pictures, whatever program has written it. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { closest } from '../../didYouMean';
import { listFiles, type ListedFile } from '../own/listing';
import type { Unusable } from '../own/unusable';

export type BoxFormat = 'voc' | 'coco' | 'yolo';
export const BOX_FORMATS: readonly BoxFormat[] = ['voc', 'coco', 'yolo'];

/** A rectangle around a thing. */
export interface Box {
  /** The class by its name. */
  readonly label: string;
  /** In pixels of the picture as it is seen, or shares of its sides, from the left and the top. */
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface AnnotatedPicture extends ListedFile {
  readonly boxes: readonly Box[];
  /** [width, height] of the picture that the boxes were drawn in, where the annotations say so. */
  readonly size?: readonly [number, number];
  /** Whether sides are shares of the picture, 0 … 1, and not pixels. */
  readonly relative: boolean;
}

export interface Annotations {
  readonly pictures: readonly AnnotatedPicture[];
  /** In label order, where the annotations have one. */
  readonly classes?: readonly string[];
}

/** A folder with pictures and what is said of them. */
export interface BoxFolder {
  readonly place: string;
  readonly files: readonly ListedFile[];
  readonly faults: Unusable;
  /** Names that the learner gave, in label order. */
  readonly classes?: readonly string[];
}

/** By their endings: what else lies in such folders is lists, labels and scripts. */
const PICTURES = ['jpg', 'jpeg', 'png', 'gif', 'webp', 'bmp'];

export function boxFolder(place: string, faults: Unusable, classes: readonly string[] | undefined): BoxFolder {
  const files = listFiles(place, undefined).wanted;
  return { place, files, faults, ...(classes === undefined ? {} : { classes }) };
}

export const endingOf = (name: string): string => path.posix.extname(name).slice(1).toLowerCase();

export const withoutEnding = (name: string): string => name.slice(0, name.length - path.posix.extname(name).length);

/** The pictures of a folder, by their names below it. */
export class PicturesByName {
  private readonly whole = new Map<string, ListedFile>();
  private readonly short = new Map<string, ListedFile[]>();

  constructor(files: readonly ListedFile[]) {
    for (const file of files) {
      if (!PICTURES.includes(endingOf(file.name))) continue;
      this.whole.set(file.name, file);
      const base = path.posix.basename(file.name);
      for (const name of new Set([base, withoutEnding(base)])) {
        const known = this.short.get(name);
        if (known === undefined) this.short.set(name, [file]);
        else known.push(file);
      }
    }
  }

  get all(): readonly ListedFile[] {
    return [...this.whole.values()];
  }

  /** @param name below the folder, or that of the file alone, with or without ending: the one that is meant */
  find(name: string): ListedFile | undefined {
    const slashes = name.replaceAll('\\', '/');
    const base = path.posix.basename(slashes);
    const exact = this.whole.get(slashes);
    if (exact !== undefined) return exact;
    const [only, ...others] = this.short.get(base) ?? this.short.get(withoutEnding(base)) ?? [];
    return others.length === 0 ? only : undefined;
  }
}

/**
 * The boxes of a picture that can be used; the others are named.
 *
 * @param where e.g. "cards/1.xml: object"
 * @param limits [width, height] of what the sides are held against
 */
export function usableBoxes(
  boxes: readonly Box[],
  where: string,
  limits: readonly [number, number] | undefined,
  { faults, classes }: Pick<BoxFolder, 'faults' | 'classes'>,
): Box[] {
  return boxes.flatMap((box, place) => {
    const fault = faultOf(box, limits, classes);
    if (fault !== undefined) {
      faults.add(`${where} ${place + 1}: ${fault}`);
      return [];
    }
    if (limits === undefined) return [box];
    const [width, height] = limits;
    return [
      {
        ...box,
        left: Math.max(0, box.left),
        top: Math.max(0, box.top),
        right: Math.min(width, box.right),
        bottom: Math.min(height, box.bottom),
      },
    ];
  });
}

/** How far a side may lie beside the picture: programs count pixels from 0 or from 1. */
const MARGIN = 1.5;

function faultOf(
  { label, left, top, right, bottom }: Box,
  limits: readonly [number, number] | undefined,
  classes: readonly string[] | undefined,
): string | undefined {
  const sides = [left, top, right, bottom];
  if (!sides.every(Number.isFinite)) return l10n.t('a side is no number');
  const text = sides.map((side) => Number(side.toFixed(3))).join(', ');
  if (right <= left || bottom <= top) return l10n.t('an empty box: {0}', text);
  if (classes !== undefined && !classes.includes(label)) {
    const meant = closest(label, classes);
    const unknown = l10n.t("the class '{0}' is none of {1}", label, classes.join(', '));
    return meant === undefined
      ? unknown
      : `${unknown}. ${l10n.t("Did you mean '{0}' instead of '{1}'?", meant, label)}`;
  }
  if (limits === undefined) return undefined;
  const [width, height] = limits;
  // Of shares, a pixel and a half of a picture of 100.
  const margin = width === 1 && height === 1 ? MARGIN / 100 : MARGIN;
  const isInside = left >= -margin && top >= -margin && right <= width + margin && bottom <= height + margin;
  return isInside ? undefined : l10n.t('a box outside of the picture of {0} × {1}: {2}', width, height, text);
}
