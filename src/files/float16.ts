/** Half-precision floats (IEEE 754 binary16): half the bytes where eleven bits of precision are enough. */

const word = new DataView(new ArrayBuffer(4));

/** Each rounded to the nearest half, ties to even; what is too large becomes infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    word.setFloat32(0, value);
    const bits = word.getUint32(0);
    const sign = (bits >>> 16) & 0x8000;
    const size = bits & 0x7fffffff;
    if (size > 0x7f800000) return sign | 0x7e00;
    if (size >= 0x477ff000) return sign | 0x7c00;
    // Below the smallest normal half the numbers are multiples of 2^-24.
    if (size < 0x38800000) return sign | roundToEven(Math.abs(value) * 2 ** 24);
    const rounded = size - 0x38000000 + 0xfff + ((size >>> 13) & 1);
    return sign | (rounded >>> 13);
  });
}

export function fromFloat16(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const sign = (half & 0x8000) === 0 ? 1 : -1;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  });
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
