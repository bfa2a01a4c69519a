/**
 * An engine that came inside a package: TensorFlow's libraries are compressed there (Brotli, RFC 7932: 193 instead of 235 MB
 * for a package), and unpacked into the cache by the first process that needs them.
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import path from 'node:path';
import zlib from 'node:zlib';
import { withLock } from '../../processes/lock';

const PACKED = '.br';
const UNPACKED = 'unpacked-';
const CHUNK_BYTES = 1 << 20;

/**
 * The folder to load from: this one, or what was made of it in the cache, whole or not at all.
 * @throws Error where the cache cannot be written, or a library is damaged
 */
export async function unpackedEngine(directory: string, cache: string): Promise<string> {
  const names = fs.readdirSync(directory);
  if (!names.some((name) => name.endsWith(PACKED))) return directory;
  const engines = path.join(cache, 'engine');
  const target = path.join(engines, `${UNPACKED}${stampOf(directory, names)}`);
  if (fs.existsSync(target)) return target;
  fs.mkdirSync(path.join(cache, 'locks'), { recursive: true });
  await withLock(path.join(cache, 'locks', 'unpack'), async () => {
    if (fs.existsSync(target)) return;
    const partial = `${target}.partial-${String(process.pid)}`;
    try {
      await unpack(directory, names, partial);
      fs.renameSync(partial, target);
    } finally {
      fs.rmSync(partial, { recursive: true, force: true });
    }
    removeOthers(engines, path.basename(target));
  });
  return target;
}

async function unpack(directory: string, names: readonly string[], folder: string): Promise<void> {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  for (const name of names) {
    const file = path.join(directory, name);
    const isPacked = name.endsWith(PACKED);
    const target = path.join(folder, isPacked ? name.slice(0, -PACKED.length) : name);
    if (isPacked)
      await pipeline(
        fs.createReadStream(file, { highWaterMark: CHUNK_BYTES }),
        zlib.createBrotliDecompress({ chunkSize: CHUNK_BYTES }),
        fs.createWriteStream(target, { highWaterMark: 4 * CHUNK_BYTES }),
      );
    else fs.copyFileSync(file, target);
  }
}

/** What an older version of the lab has unpacked takes 600 MB, and nobody asks for it any more. */
function removeOthers(engines: string, own: string): void {
  for (const name of fs.readdirSync(engines))
    if (name.startsWith(UNPACKED) && name !== own)
      fs.rmSync(path.join(engines, name), { recursive: true, force: true });
}

/** Changes with any file of the engine. */
function stampOf(directory: string, names: readonly string[]): string {
  const hash = createHash('sha256').update(fs.readFileSync(path.join(directory, 'engine.json')));
  for (const name of [...names].sort())
    hash.update(`${name} ${String(fs.statSync(path.join(directory, name)).size)}\n`);
  return hash.digest('hex').slice(0, 12);
}
