/** Bytes of GGUF files, sound and unsound, for tests. */
export const TYPES = { uint32: 4, float32: 6, bool: 7, string: 8, list: 9 } as const;

/** A value with the number of its type. */
export interface Entry {
  readonly type: number;
  readonly bytes: Buffer;
}

export const uint32 = (value: number): Entry => ({ type: TYPES.uint32, bytes: words(value) });
export const float32 = (value: number): Entry => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return { type: TYPES.float32, bytes };
};
export const bool = (value: boolean): Entry => ({ type: TYPES.bool, bytes: Buffer.of(value ? 1 : 0) });
export const string = (value: string): Entry => ({ type: TYPES.string, bytes: text(value) });
export const list = (entries: readonly Entry[], type = entries[0]?.type ?? TYPES.uint32): Entry => ({
  type: TYPES.list,
  bytes: Buffer.concat([words(type), long(entries.length), ...entries.map(({ bytes }) => bytes)]),
});

export interface WrittenTensor {
  /** As the file has them: the contiguous side first. */
  readonly sides: readonly number[];
  readonly type: number;
  readonly bytes: Buffer;
}

interface Layout {
  readonly magic?: string;
  readonly version?: number;
  readonly tensorCount?: number | bigint;
  readonly entryCount?: number | bigint;
  readonly alignment?: number;
  /** In place of where the tensor lies. */
  readonly offset?: number | bigint;
}

export function gguf(
  entries: Readonly<Record<string, Entry>>,
  tensors: Readonly<Record<string, WrittenTensor>> = {},
  { magic = 'GGUF', version = 3, tensorCount, entryCount, alignment = 32, offset }: Layout = {},
): Buffer {
  const [keys, names] = [Object.entries(entries), Object.entries(tensors)];
  const parts = [
    Buffer.from(magic, 'latin1'),
    words(version),
    long(tensorCount ?? names.length),
    long(entryCount ?? keys.length),
    ...keys.flatMap(([key, { type, bytes }]) => [text(key), words(type), bytes]),
  ];
  let at = 0;
  const data: Buffer[] = [];
  for (const [name, { sides, type, bytes }] of names) {
    parts.push(text(name), words(sides.length), ...sides.map(long), words(type), long(offset ?? at));
    const padded = padding(bytes.length, alignment);
    data.push(bytes, padded);
    at += bytes.length + padded.length;
  }
  const head = Buffer.concat(parts);
  return Buffer.concat([head, padding(head.length, alignment), ...data]);
}

export const floats = (sides: readonly number[], values: Iterable<number>): WrittenTensor => ({
  sides,
  type: 0,
  bytes: Buffer.from(Float32Array.from(values).buffer),
});

export function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32LE(value, 4 * i));
  return bytes;
}

export function long(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

export function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([long(bytes.length), bytes]);
}

const padding = (length: number, alignment: number): Buffer =>
  Buffer.alloc((alignment - (length % alignment)) % alignment);
