/** A piece of memory that a program uses: filled once in each run, and read under one or several shapes. */
import type * as tf from '@tensorflow/tfjs';
import type { WasmBackend } from '../../engine/wasm/internals';

/** What kernels read of a tensor; its data is another in each run. */
interface Info extends tf.TensorInfo {
  dataId: object;
}

const NOTHING = {};

export class Slot {
  private readonly infos: Info[] = [];
  private isOwned = false;

  constructor(
    private readonly backend: WasmBackend,
    readonly dtype: tf.DataType,
  ) {}

  get dataId(): object {
    return this.infos[0]?.dataId ?? NOTHING;
  }

  /** As a kernel takes it; stays the same object, whatever the slot holds. */
  info(shape: readonly number[]): tf.TensorInfo {
    const key = shape.join();
    const known = this.infos.find((info) => info.shape.join() === key);
    if (known !== undefined) return known;
    const made = { dataId: this.dataId, shape: [...shape], dtype: this.dtype };
    this.infos.push(made);
    return made;
  }

  /** @param isOwned It is freed with `free`: nobody else does. */
  hold(dataId: object, isOwned: boolean): void {
    for (const info of this.infos) info.dataId = dataId;
    this.isOwned = isOwned;
  }

  /** float32 values where they lie: not to be kept. */
  floats(): Float32Array {
    const [info] = this.infos;
    if (info === undefined) throw new Error('The slot was never read.');
    return this.backend.typedArrayFromHeap(info) as Float32Array;
  }

  free(): void {
    if (!this.isOwned) return;
    this.isOwned = false;
    this.backend.disposeData(this.dataId);
  }
}
