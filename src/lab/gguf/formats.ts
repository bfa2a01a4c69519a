/**
 * How GGUF stores numbers: plain, or in blocks of 4 to 8 bits a number with a scale of 16 bits a block. What a block means is
 * ggml's definition (ggml-quants.c): each function below turns whole blocks into float32.
 */

export interface Format {
  readonly name: string;
  /** Numbers in a block. */
  readonly numbers: number;
  /** Bytes of a block. */
  readonly bytes: number;
  /**
   * @param blocks whole blocks
   * @param into as many numbers as they hold
   */
  readonly decode: (blocks: DataView, into: Float32Array) => void;
}

/** By ggml's number of the type. */
export const FORMATS: ReadonlyMap<number, Format> = new Map<number, Format>([
  [0, { name: 'F32', numbers: 1, bytes: 4, decode: f32 }],
  [1, { name: 'F16', numbers: 1, bytes: 2, decode: f16 }],
  [2, { name: 'Q4_0', numbers: 32, bytes: 18, decode: q4_0 }],
  [3, { name: 'Q4_1', numbers: 32, bytes: 20, decode: q4_1 }],
  [8, { name: 'Q8_0', numbers: 32, bytes: 34, decode: q8_0 }],
  [12, { name: 'Q4_K', numbers: 256, bytes: 144, decode: q4_K }],
  [14, { name: 'Q6_K', numbers: 256, bytes: 210, decode: q6_K }],
]);

/** Types that others write, for the error's sake. */
const OTHERS: Readonly<Record<number, string>> = {
  6: 'Q5_0',
  7: 'Q5_1',
  9: 'Q8_1',
  10: 'Q2_K',
  11: 'Q3_K',
  13: 'Q5_K',
  15: 'Q8_K',
  16: 'IQ2_XXS',
  17: 'IQ2_XS',
  18: 'IQ3_XXS',
  19: 'IQ1_S',
  20: 'IQ4_NL',
  21: 'IQ3_S',
  22: 'IQ2_S',
  23: 'IQ4_XS',
  24: 'I8',
  25: 'I16',
  26: 'I32',
  27: 'I64',
  28: 'F64',
  29: 'IQ1_M',
  30: 'BF16',
  34: 'TQ1_0',
  35: 'TQ2_0',
  39: 'MXFP4',
};

export const formatName = (type: number): string => FORMATS.get(type)?.name ?? OTHERS[type] ?? `type ${type}`;

let halves: Float32Array | undefined;

/** The value of each of the 65,536 float16 numbers: 1 sign, 5 exponent and 10 fraction bits. */
function halfTable(): Float32Array {
  halves ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  return halves;
}

function f32(blocks: DataView, into: Float32Array): void {
  for (let i = 0; i < into.length; i++) into[i] = blocks.getFloat32(i * 4, true);
}

function f16(blocks: DataView, into: Float32Array): void {
  const half = halfTable();
  for (let i = 0; i < into.length; i++) into[i] = half[blocks.getUint16(i * 2, true)] ?? NaN;
}

/** Calls `block` with the place of each block in the bytes and in the numbers. */
function each(
  { numbers, bytes }: Pick<Format, 'numbers' | 'bytes'>,
  into: Float32Array,
  block: (at: number, to: number) => void,
): void {
  for (let at = 0, to = 0; to < into.length; at += bytes, to += numbers) block(at, to);
}

/** scale · (q − 8); the low halves of the bytes are numbers 0 … 15, the high ones 16 … 31. */
function q4_0(blocks: DataView, into: Float32Array): void {
  const half = halfTable();
  each({ numbers: 32, bytes: 18 }, into, (at, to) => {
    const scale = half[blocks.getUint16(at, true)] ?? NaN;
    for (let i = 0; i < 16; i++) {
      const pair = blocks.getUint8(at + 2 + i);
      into[to + i] = scale * ((pair & 15) - 8);
      into[to + i + 16] = scale * ((pair >> 4) - 8);
    }
  });
}

/** scale · q + least */
function q4_1(blocks: DataView, into: Float32Array): void {
  const half = halfTable();
  each({ numbers: 32, bytes: 20 }, into, (at, to) => {
    const scale = half[blocks.getUint16(at, true)] ?? NaN;
    const least = half[blocks.getUint16(at + 2, true)] ?? NaN;
    for (let i = 0; i < 16; i++) {
      const pair = blocks.getUint8(at + 4 + i);
      into[to + i] = scale * (pair & 15) + least;
      into[to + i + 16] = scale * (pair >> 4) + least;
    }
  });
}

/** scale · q, q from −128 to 127 */
function q8_0(blocks: DataView, into: Float32Array): void {
  const half = halfTable();
  each({ numbers: 32, bytes: 34 }, into, (at, to) => {
    const scale = half[blocks.getUint16(at, true)] ?? NaN;
    for (let i = 0; i < 32; i++) into[to + i] = scale * blocks.getInt8(at + 2 + i);
  });
}

/**
 * Eight parts of 32 numbers, each (scale · s) · q − (least · m) with s and m of 6 bits: those of the first four parts are the
 * low bits of bytes 0 … 3 and 4 … 7; those of the others are halves of bytes 8 … 11 with two bits from the tops of the first.
 */
function q4_K(blocks: DataView, into: Float32Array): void {
  const half = halfTable();
  each({ numbers: 256, bytes: 144 }, into, (at, to) => {
    const scale = half[blocks.getUint16(at, true)] ?? NaN;
    const least = half[blocks.getUint16(at + 2, true)] ?? NaN;
    const packed = (i: number): number => blocks.getUint8(at + 4 + i);
    for (let part = 0; part < 8; part++) {
      const isFirst = part < 4;
      const s = isFirst ? packed(part) & 63 : (packed(part + 4) & 15) | ((packed(part - 4) >> 6) << 4);
      const m = isFirst ? packed(part + 4) & 63 : (packed(part + 4) >> 4) | ((packed(part) >> 6) << 4);
      // Two parts share 32 bytes: the even one has the low halves.
      const bytes = at + 16 + 32 * (part >> 1);
      const shift = part & 1 ? 4 : 0;
      for (let i = 0; i < 32; i++)
        into[to + 32 * part + i] = scale * s * ((blocks.getUint8(bytes + i) >> shift) & 15) - least * m;
    }
  });
}

/**
 * scale · s · (q − 32), s of 8 bits for every 16 numbers, q of 6: four bits in the first 128 bytes, two in the next 64. Each
 * half of the block is four rows of 32 numbers: the rows 0 and 2 share their low bits' bytes, so do 1 and 3.
 */
function q6_K(blocks: DataView, into: Float32Array): void {
  const half = halfTable();
  each({ numbers: 256, bytes: 210 }, into, (at, to) => {
    const scale = half[blocks.getUint16(at + 208, true)] ?? NaN;
    for (let row = 0; row < 8; row++) {
      const [side, inside] = [row >> 2, row & 3];
      const low = at + 64 * side + 32 * (inside & 1);
      const high = at + 128 + 32 * side;
      const lowShift = inside < 2 ? 0 : 4;
      for (let i = 0; i < 32; i++) {
        const q =
          ((blocks.getUint8(low + i) >> lowShift) & 15) | (((blocks.getUint8(high + i) >> (2 * inside)) & 3) << 4);
        const s = blocks.getInt8(at + 192 + 2 * row + (i >> 4));
        into[to + 32 * row + i] = scale * s * (q - 32);
      }
    }
  });
}
