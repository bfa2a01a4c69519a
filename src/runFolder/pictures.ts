/** artifacts/: the newest picture of each kind. */
import fs from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { readSmallFile } from '../files/read';
import type { Picture } from '../protocol/pictures';
import { picturesFolder } from './layout';
import { pictureSchema } from './pictureSchema';

const MOST_BYTES = 64 * 1024 * 1024;

/** A damaged one is left out: the others, and the curves, are worth seeing. */
export async function readPictures(folder: string): Promise<Picture[]> {
  const directory = picturesFolder(folder);
  const names = await fs.readdir(directory).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readPicture(path.join(directory, name))),
  );
  return found.filter((picture) => picture !== undefined);
}

async function readPicture(file: string): Promise<Picture | undefined> {
  try {
    const result = v.safeParse(pictureSchema, JSON.parse(await readSmallFile(file, MOST_BYTES)));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
