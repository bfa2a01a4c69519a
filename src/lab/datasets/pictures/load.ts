/** The pixels of many pictures: decoded once, and kept in the cache. */
import * as l10n from '@vscode/l10n';
import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LoadContext } from '../../dataset';
import { stopIfCancelled } from '../errors';
import { Kept } from '../own/kept';
import type { ListedFile } from '../own/listing';
import { Decoder } from './decoder';
import { NotUsable } from './formats';
import { fitInto, type Frame } from './resize';

export interface Pictures {
  /** [those that can be used, height, width, channels], 0 … 255, in the order of the files. */
  readonly pixels: Uint8Array;
  /** [width, height] of each that can be used, as it is seen and before it was brought to its size. */
  readonly sizes: readonly (readonly [number, number])[];
  /** Why others cannot, by their places. */
  readonly unusable: ReadonlyMap<number, string>;
}

/** Of the files in `<cache>/pictures`. */
const LIMIT_BYTES = 4e9;
/** A photograph has 10 MB, a scan 100. */
const MOST_FILE_BYTES = 256e6;
const READ_AHEAD = 8;
const TURN_MS = 50;
/** Another one when the same files would give other pixels. */
const FORMAT = 2;

/** @throws LabError CANCELLED */
export async function loadPictures(
  name: string,
  files: readonly ListedFile[],
  frame: Frame,
  context: LoadContext,
): Promise<Pictures> {
  const states = await Promise.all(files.map((file) => stateOf(file.path)));
  const kept = new Kept(context, {
    folder: 'pictures',
    ending: '.bin',
    limitBytes: LIMIT_BYTES,
    unreadable: (file) => l10n.t('The stored pictures in {0} cannot be used; they are decoded again.', file),
    unwritable: (reason) => l10n.t('The decoded pictures could not be stored: {0}', reason),
  });
  const key = createHash('sha256')
    .update(JSON.stringify([FORMAT, frame, files.map((file, place) => [file.name, states[place]])]))
    .digest('hex');
  const size = frame.height * frame.width * frame.channels;
  const known = await kept.read(key, (bytes) => unpack(bytes, files.length, size) !== undefined);
  stopIfCancelled(context.signal);
  const stored = known === undefined ? undefined : unpack(known, files.length, size);
  if (stored !== undefined) return stored;
  const pictures = await decodeAll(name, files, states, frame, context);
  await kept.write(key, pack(pictures));
  return pictures;
}

/** Another one as soon as the file is another one; none where there is no file any more. */
type State = readonly [bytes: number, modified: number];

async function stateOf(file: string): Promise<State | undefined> {
  try {
    const { size, mtimeMs } = await fs.stat(file);
    return [size, mtimeMs];
  } catch {
    return undefined;
  }
}

async function decodeAll(
  name: string,
  files: readonly ListedFile[],
  states: readonly (State | undefined)[],
  frame: Frame,
  { signal, progress }: LoadContext,
): Promise<Pictures> {
  const decoder = new Decoder();
  const size = frame.height * frame.width * frame.channels;
  const pixels = new Uint8Array(files.length * size);
  const unusable = new Map<number, string>();
  const sizes: (readonly [number, number])[] = [];
  let [used, turn] = [0, 0];
  for (let from = 0; from < files.length; from += READ_AHEAD) {
    const pieces = files.slice(from, from + READ_AHEAD);
    const contents = await Promise.all(pieces.map((file, place) => readPicture(file.path, states[from + place])));
    for (const [place, content] of contents.entries()) {
      // Lets messages in: a stop must not wait for the last picture.
      if (performance.now() - turn > TURN_MS) {
        await nextTurn();
        stopIfCancelled(signal);
        const done = from + place;
        progress(l10n.t('Decoding {0}', name), done / files.length);
        turn = performance.now();
      }
      try {
        if (content instanceof NotUsable) throw content;
        const { picture, head } = await decoder.decode(content);
        fitInto(picture, head.orientation, frame, pixels, used * size);
        sizes.push(head.orientation >= 5 ? [head.height, head.width] : [head.width, head.height]);
        used += 1;
      } catch (error) {
        if (!(error instanceof NotUsable)) throw error;
        unusable.set(from + place, error.message);
      }
    }
  }
  stopIfCancelled(signal);
  return { pixels: pixels.subarray(0, used * size), sizes, unusable };
}

async function readPicture(file: string, state: State | undefined): Promise<Buffer | NotUsable> {
  if (state === undefined) return new NotUsable(l10n.t('it is gone'));
  if (state[0] > MOST_FILE_BYTES) return new NotUsable(l10n.t('more than {0} MB', MOST_FILE_BYTES / 1e6));
  try {
    return await fs.readFile(file);
  } catch (error) {
    return new NotUsable(error instanceof Error ? error.message : String(error));
  }
}

/** The length of the list, the list of what cannot be used and of sizes, the pixels. */
function pack({ pixels, sizes, unusable }: Pictures): Uint8Array[] {
  const list = Buffer.from(JSON.stringify([[...unusable], sizes]));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(list.length);
  return [length, list, pixels];
}

function unpack(bytes: Buffer, files: number, size: number): Pictures | undefined {
  if (bytes.length < 4) return undefined;
  const start = 4 + bytes.readUInt32LE(0);
  const lists = JSON.parse(bytes.toString('utf8', 4, start)) as [[number, string][], [number, number][]];
  const [unusable, sizes] = [new Map(lists[0]), lists[1]];
  const length = (files - unusable.size) * size;
  if (bytes.length - start !== length) return undefined;
  return { pixels: new Uint8Array(bytes.buffer, bytes.byteOffset + start, length), sizes, unusable };
}
