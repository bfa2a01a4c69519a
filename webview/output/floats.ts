/** Numbers as text, for VS Code carries JSON alone to outputs. */
import type { Float32s } from '../../src/protocol/display';
import type { PackedColumns } from '../../src/protocol/output';
import type { Columns } from '../../src/protocol/panel';
import { decodeBase64 } from '../kit/dom/canvas';

export function floatsOf(text: Float32s): Float32Array {
  const view = viewOf(text);
  return Float32Array.from({ length: view.byteLength / 4 }, (_, index) => view.getFloat32(index * 4, true));
}

export function columnsOf({ kind, length, step, epoch, time, values }: PackedColumns): Columns {
  return {
    kind,
    length,
    step: doublesOf(step),
    epoch: doublesOf(epoch),
    time: doublesOf(time),
    values: Object.fromEntries(Object.entries(values).map(([name, text]) => [name, doublesOf(text)])),
  };
}

function doublesOf(text: string): Float64Array {
  const view = viewOf(text);
  return Float64Array.from({ length: view.byteLength / 8 }, (_, index) => view.getFloat64(index * 8, true));
}

function viewOf(text: string): DataView {
  return new DataView(decodeBase64(text).buffer);
}
