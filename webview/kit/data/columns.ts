/** Reads columns as they come through postMessage, whatever became of the typed arrays on the way. */
import type { Columns } from '../../../src/protocol/panel';

/** Float64Array, its bare buffer, bytes, or a list in which JSON has made null of NaN. */
export function toFloat64(value: unknown): Float64Array {
  if (value instanceof Float64Array) return value;
  if (value instanceof ArrayBuffer) return new Float64Array(value);
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.byteLength);
    bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    return new Float64Array(bytes.buffer);
  }
  if (Array.isArray(value)) return Float64Array.from(value, (item: unknown) => (typeof item === 'number' ? item : NaN));
  throw new TypeError(`A column is neither a Float64Array nor a list of numbers: ${typeof value}`);
}

/** The same columns as real Float64Arrays, all of `length`. Throws when one is shorter. */
export function readColumns(columns: Columns): Columns {
  const exact = (name: string, value: unknown): Float64Array => {
    const array = toFloat64(value);
    if (array.length < columns.length) {
      throw new RangeError(`Column ${name} holds ${array.length} values, expected ${columns.length}`);
    }
    return array;
  };
  return {
    kind: columns.kind,
    length: columns.length,
    step: exact('step', columns.step),
    epoch: exact('epoch', columns.epoch),
    time: exact('time', columns.time),
    values: Object.fromEntries(Object.entries(columns.values).map(([name, value]) => [name, exact(name, value)])),
  };
}
