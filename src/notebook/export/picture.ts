import fs from 'node:fs';
import path from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
};

/** Larger ones would make a page that nobody can send. */
const LARGEST = 8 * 1024 * 1024;

/** Pictures of the prose as data URIs, from the notebook's folder and below, nowhere else. */
export function pictureBeside(folder: string): (source: string) => string | undefined {
  return (source) => {
    const type = TYPES[path.extname(source).toLowerCase()];
    const file = path.resolve(folder, source);
    if (type === undefined || !file.startsWith(folder + path.sep)) return undefined;
    try {
      const { size } = fs.statSync(file);
      return size > LARGEST ? undefined : `data:${type};base64,${fs.readFileSync(file).toString('base64')}`;
    } catch {
      return undefined;
    }
  };
}
