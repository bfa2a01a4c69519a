import type { Float32s } from '../../src/protocol/notebook';
import { decodeBase64 } from '../kit/dom/canvas';

export function floatsOf(text: Float32s): Float32Array {
  const bytes = decodeBase64(text);
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: bytes.length / 4 }, (_, index) => view.getFloat32(index * 4, true));
}
