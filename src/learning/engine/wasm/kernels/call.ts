/** What our kernels are made of: other kernels, called by name on bare tensor infos, without tfjs's tape and scopes. */
import * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../internals';

export type Info = tf.TensorInfo;

/** Runs a kernel of one output. The caller frees the result. */
export function call(
  backend: WasmBackend,
  kernel: string,
  inputs: Readonly<Record<string, Info>>,
  attributes: object = {},
): Info {
  const found = tf.getKernel(kernel, 'wasm');
  if (!(found as tf.KernelConfig | undefined)) throw new Error(`The WebAssembly backend has no kernel ${kernel}.`);
  return found.kernelFunc({ inputs: { ...inputs }, attrs: attributes as tf.NamedAttrMap, backend }) as Info;
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1);

export const transpose = (backend: WasmBackend, x: Info, perm: readonly number[]): Info =>
  call(backend, tf.Transpose, { x }, { perm: [...perm] });

/** The same values under another shape: a reference to them, which the caller frees. */
export function reshaped(backend: WasmBackend, x: Info, shape: readonly number[]): Info {
  backend.incRef(x.dataId);
  return { dataId: x.dataId, shape: [...shape], dtype: x.dtype };
}

/** Frees what a kernel made on its way, also where it fails. */
export class Scrap {
  private readonly made: Info[] = [];

  constructor(private readonly backend: WasmBackend) {}

  add(info: Info): Info {
    this.made.push(info);
    return info;
  }

  /** Everything but the result. */
  free(result?: Info): void {
    let kept = result;
    for (const info of this.made) {
      if (info === kept) kept = undefined;
      else this.backend.disposeData(info.dataId);
    }
  }
}

/** Runs the body with a scrap that is freed afterwards. */
export function scrapped(backend: WasmBackend, body: (scrap: Scrap) => Info): Info {
  const scrap = new Scrap(backend);
  let result: Info | undefined;
  try {
    return (result = body(scrap));
  } finally {
    scrap.free(result);
  }
}

/** float32 zeros, or whatever was there. */
export function floats(backend: WasmBackend, shape: readonly number[], clear: boolean): Info {
  const made = backend.makeOutput(shape, 'float32');
  if (clear) backend.typedArrayFromHeap(made).fill(0);
  return made;
}
