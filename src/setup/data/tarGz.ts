import fs from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';

/** Some files of a .tar.gz, by their path in it. @throws Error for a damaged archive */
export async function readTarGz(file: string, isWanted: (name: string) => boolean): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  const entries = extract();
  const reading = pipeline(fs.createReadStream(file), createGunzip(), entries);
  reading.catch(() => undefined); // the loop sees it too, and may have thrown already
  for await (const entry of entries) {
    if (entry.header.type === 'file' && isWanted(entry.header.name)) {
      found.set(entry.header.name, await buffer(entry));
    } else entry.resume();
  }
  await reading;
  return found;
}
