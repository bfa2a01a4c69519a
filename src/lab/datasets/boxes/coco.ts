/** Annotations in the form of COCO: one JSON for all pictures (Lin and others 2014, "Microsoft COCO"). */
import * as l10n from '@vscode/l10n';
import * as v from 'valibot';
import { readSmallFileSync } from '../../../files/read';
import { LabError } from '../../../protocol/errors';
import { dataCorrupt, dataMissing } from '../errors';
import type { ListedFile } from '../own/listing';
import { foundInstead } from '../../unreadable';
import { endingOf, PicturesByName, usableBoxes, type Annotations, type Box, type BoxFolder } from './annotations';

const MOST_BYTES = 512 * 1024 * 1024;

const number = v.pipe(v.number(), v.finite());
const identity = v.union([v.number(), v.string()]);
const COCO = v.object({
  images: v.array(
    v.object({ id: identity, file_name: v.string(), width: v.optional(number), height: v.optional(number) }),
  ),
  annotations: v.array(v.object({ image_id: identity, category_id: identity, bbox: v.optional(v.array(v.unknown())) })),
  categories: v.array(v.object({ id: identity, name: v.string() })),
});
type Coco = v.InferOutput<typeof COCO>;

/** @throws LabError DATA_MISSING, DATA_CORRUPT where there is no such file, several, or one of another form */
export function readCoco(folder: BoxFolder): Annotations {
  const { files, faults } = folder;
  const file = cocoFile(folder);
  const coco = parsed(file);
  const pictures = new PicturesByName(files);
  const names = new Map(coco.categories.map(({ id, name }) => [id, name]));
  const boxesOf = new Map<Coco['images'][number]['id'], Box[]>(coco.images.map(({ id }) => [id, []]));
  coco.annotations.forEach(({ image_id, category_id, bbox = [] }, place) => {
    const boxes = boxesOf.get(image_id);
    if (boxes === undefined) {
      faults.add(l10n.t('{0}: annotation {1}: there is no image {2}', file.name, place + 1, String(image_id)));
      return;
    }
    const [left = Number.NaN, top = Number.NaN, width = Number.NaN, height = Number.NaN] = bbox.map(Number);
    const label = names.get(category_id) ?? String(category_id);
    boxes.push({ label, left, top, right: left + width, bottom: top + height });
  });
  const classes = folder.classes ?? coco.categories.map(({ name }) => name);
  const annotated = coco.images.flatMap(({ id, file_name, width, height }) => {
    const picture = pictures.find(file_name);
    if (picture === undefined) {
      faults.add(l10n.t('{0}: there is no picture {1}', file.name, file_name));
      return [];
    }
    const size =
      width !== undefined && height !== undefined && width > 0 && height > 0 ? ([width, height] as const) : undefined;
    const where = `${file.name}: ${file_name}: ${l10n.t('object')}`;
    const boxes = usableBoxes(boxesOf.get(id) ?? [], where, size, { faults, classes });
    return [{ ...picture, boxes, relative: false, ...(size === undefined ? {} : { size }) }];
  });
  return { pictures: annotated.sort((a, b) => (a.name < b.name ? -1 : 1)), classes };
}

function cocoFile({ files, place }: BoxFolder): ListedFile {
  const found = files.filter(({ name }) => endingOf(name) === 'json');
  const likely = found.filter(({ name }) => /annotation|instances|coco/i.test(name));
  const [file, ...others] = likely.length > 0 ? likely : found;
  if (file !== undefined && others.length === 0) return file;
  const wanted = l10n.t('one file of JSON with "images", "annotations" and "categories"');
  if (file === undefined)
    throw dataMissing(wanted, '*.json', [place], l10n.t('Put the annotations into the folder of the pictures.'));
  const names = [file, ...others].map(({ name }) => name).join(', ');
  throw dataCorrupt(place, wanted, names, l10n.t('Leave one of them in the folder.'));
}

function parsed(file: ListedFile): Coco {
  const expected = l10n.t('annotations in the form of COCO');
  const remedy = l10n.t('Export the annotations again as COCO, or name another format.');
  try {
    const text = readSmallFileSync(file.path, MOST_BYTES).replace(/^\uFEFF/, '');
    const result = v.safeParse(COCO, JSON.parse(text));
    if (result.success) return result.output;
    const [issue] = result.issues;
    throw dataCorrupt(file.name, expected, `${v.getDotPath(issue) ?? ''}: ${issue.message}`, remedy);
  } catch (error) {
    if (error instanceof LabError) throw error;
    throw dataCorrupt(file.name, expected, foundInstead(error), remedy);
  }
}
