/**
 * The head of a GGUF file: metadata by key, and where each tensor lies. Source: ggml's docs/gguf.md, versions 2 and 3.
 */
import * as l10n from '@vscode/l10n';
import type { Cursor } from './cursor';
import { ggufCorrupt, ggufUnsupported } from './errors';
import { FORMATS, formatName, type Format } from './formats';

export type GgufValue = number | boolean | string | readonly GgufValue[];
export type Metadata = ReadonlyMap<string, GgufValue>;

export interface GgufTensor {
  readonly name: string;
  /** As in TensorFlow, the side that is contiguous last: the reverse of what the file says. */
  readonly shape: readonly number[];
  /** How many numbers. */
  readonly size: number;
  readonly format: Format;
  /** Where its bytes begin in the file. */
  readonly position: number;
  readonly bytes: number;
}

export interface GgufHead {
  readonly version: number;
  readonly metadata: Metadata;
  readonly tensors: ReadonlyMap<string, GgufTensor>;
}

const MAGIC = 'GGUF';
const VERSIONS = [2, 3];
const ALIGNMENT_KEY = 'general.alignment';
const DEFAULT_ALIGNMENT = 32;
/** ggml's own limit. */
const MOST_SIDES = 4;
/** Lists in lists: nothing has more than two. */
const DEEPEST = 4;

/** Of the file's types of values: how many bytes one has at least, and how it is read. */
const VALUES: readonly { readonly bytes: number; readonly read: (cursor: Cursor, depth: number) => GgufValue }[] = [
  { bytes: 1, read: (cursor) => cursor.uint8() },
  { bytes: 1, read: (cursor) => cursor.int8() },
  { bytes: 2, read: (cursor) => cursor.uint16() },
  { bytes: 2, read: (cursor) => cursor.int16() },
  { bytes: 4, read: (cursor) => cursor.uint32() },
  { bytes: 4, read: (cursor) => cursor.int32() },
  { bytes: 4, read: (cursor) => cursor.float32() },
  { bytes: 1, read: (cursor) => cursor.bool() },
  { bytes: 8, read: (cursor) => cursor.string() },
  { bytes: 12, read: readList },
  { bytes: 8, read: (cursor) => cursor.uint64() },
  { bytes: 8, read: (cursor) => cursor.int64() },
  { bytes: 8, read: (cursor) => cursor.float64() },
];

/** @throws LabError GGUF_CORRUPT, GGUF_UNSUPPORTED */
export function readHead(cursor: Cursor): GgufHead {
  const { file } = cursor;
  const magic = String.fromCharCode(...Array.from({ length: Math.min(4, cursor.left) }, () => cursor.uint8()));
  if (magic !== MAGIC) throw ggufCorrupt(file, l10n.t('"{0}" at the beginning', MAGIC), JSON.stringify(magic));
  const version = cursor.uint32();
  if (!VERSIONS.includes(version)) {
    // A small number the other way round.
    const found = version % 2 ** 16 === 0 ? l10n.t('a file for big-endian machines') : String(version);
    throw ggufUnsupported(file, l10n.t('version {0} of GGUF', VERSIONS.join(', ')), found);
  }
  // The smallest tensor has a name of no letters and one side; the smallest entry an empty key and one byte.
  const tensorCount = cursor.count(8 + 4 + 8 + 4 + 8, l10n.t('a list of tensors'));
  const entryCount = cursor.count(8 + 4 + 1, l10n.t('a list of entries'));
  const metadata = new Map<string, GgufValue>();
  for (let i = 0; i < entryCount; i++) {
    const key = cursor.string();
    if (metadata.has(key)) throw ggufCorrupt(file, l10n.t('each key once'), l10n.t('{0} twice', key));
    metadata.set(key, kindOfValue(cursor).read(cursor, 0));
  }
  const described = Array.from({ length: tensorCount }, () => readTensor(cursor));
  return { version, metadata, tensors: placed(described, metadata, cursor) };
}

function kindOfValue(cursor: Cursor): (typeof VALUES)[number] {
  const { position } = cursor;
  const type = cursor.uint32();
  const kind = VALUES[type];
  if (kind !== undefined) return kind;
  const expected = l10n.t('a type of value from 0 to {0} at byte {1}', VALUES.length - 1, position);
  throw ggufCorrupt(cursor.file, expected, String(type));
}

function readList(cursor: Cursor, depth: number): readonly GgufValue[] {
  const { position } = cursor;
  if (depth === DEEPEST) {
    throw ggufCorrupt(
      cursor.file,
      l10n.t('at most {0} lists in each other', DEEPEST),
      l10n.t('one more at byte {0}', position),
    );
  }
  const kind = kindOfValue(cursor);
  const count = cursor.count(kind.bytes, l10n.t('a list'));
  const list: GgufValue[] = [];
  for (let i = 0; i < count; i++) list.push(kind.read(cursor, depth + 1));
  return list;
}

/** Its offset counts from where the tensors begin. */
interface Described extends Omit<GgufTensor, 'position'> {
  readonly offset: number;
}

function readTensor(cursor: Cursor): Described {
  const { file } = cursor;
  const name = cursor.string();
  const sideCount = cursor.uint32();
  if (sideCount > MOST_SIDES)
    throw ggufCorrupt(file, l10n.t('{0}: at most {1} sides', name, MOST_SIDES), String(sideCount));
  const sides = Array.from({ length: sideCount }, () => cursor.uint64());
  const type = cursor.uint32();
  const offset = cursor.uint64();
  const format = FORMATS.get(type);
  if (format === undefined) {
    const known = [...FORMATS.values()].map(({ name: own }) => own).join(', ');
    throw ggufUnsupported(file, known, l10n.t('{0} in tensor {1}', formatName(type), name));
  }
  const size = sides.reduce((product, side) => product * side, 1);
  const row = sides[0] ?? 1;
  if (!Number.isSafeInteger(size) || size === 0 || row % format.numbers !== 0) {
    const expected = l10n.t('{0}: rows of a multiple of {1} numbers', name, format.numbers);
    throw ggufCorrupt(file, expected, sides.join(' × '));
  }
  return { name, shape: sides.reverse(), size, format, offset, bytes: (size / format.numbers) * format.bytes };
}

/** @throws LabError GGUF_CORRUPT where a tensor does not lie within the file */
function placed(described: readonly Described[], metadata: Metadata, cursor: Cursor): Map<string, GgufTensor> {
  const { file, size: fileSize } = cursor;
  const alignment = metadata.get(ALIGNMENT_KEY) ?? DEFAULT_ALIGNMENT;
  if (typeof alignment !== 'number' || !Number.isInteger(alignment) || alignment < 1)
    throw ggufCorrupt(file, l10n.t('{0} a whole number above 0', ALIGNMENT_KEY), String(alignment));
  const begin = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = new Map<string, GgufTensor>();
  for (const { offset, ...tensor } of described) {
    const { name, bytes } = tensor;
    const position = begin + offset;
    if (tensors.has(name)) throw ggufCorrupt(file, l10n.t('each tensor once'), l10n.t('{0} twice', name));
    if (offset % alignment !== 0)
      throw ggufCorrupt(file, l10n.t('{0} at a multiple of {1}', name, alignment), String(offset));
    if (position + bytes > fileSize) {
      const expected = l10n.t('{0} in the bytes from {1} to {2}', name, position, position + bytes);
      throw ggufCorrupt(file, expected, l10n.t('the end of the file after {0} bytes', fileSize));
    }
    tensors.set(name, { ...tensor, position });
  }
  return tensors;
}
