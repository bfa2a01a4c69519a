/** How much memory TensorFlow's tensors take at once. tfjs counts a tensor that shares another's numbers as one more. */
import { Patches } from '../../compile/patch';
import { type Binding, type NativeBackend } from './internals';
import { sizeOf } from '../tfjs';

/** Operations whose result has the numbers of their first input, in other sizes. */
const SHARING: ReadonlySet<string> = new Set(['Reshape', 'Identity', 'ExpandDims', 'Squeeze', 'StopGradient']);

/** Of TensorFlow's data types. */
const BYTES: Readonly<Record<number, number>> = { 1: 4, 3: 4, 4: 1, 8: 8, 9: 8, 10: 1 };

/** @returns the bytes of tensors made meanwhile, after each operation of the work: the same work has as many */
export function bytesDuring(backend: NativeBackend, work: () => void): number[] {
  const { binding } = backend;
  const numbers = new Numbers();
  const bytes: number[] = [];
  const observed: Partial<Binding> = {
    executeOp: (name, attributes, inputs, outputs) => {
      const made = binding.executeOp(name, attributes, inputs, outputs);
      for (const { id, shape, dtype } of made)
        if (SHARING.has(name)) numbers.share(id, inputs[0]);
        else numbers.make(id, sizeOf(shape) * (BYTES[dtype] ?? 0));
      bytes.push(numbers.now);
      return made;
    },
    createTensor: (shape, dtype, values) => {
      const id = binding.createTensor(shape, dtype, values);
      numbers.make(id, sizeOf(shape) * (BYTES[dtype] ?? 0));
      return id;
    },
    deleteTensor: (id) => {
      numbers.free(id);
      binding.deleteTensor(id);
    },
  };
  const patches = new Patches();
  try {
    // Inherits the rest; defined, not assigned, because the native object's properties are read-only.
    patches.set(backend, 'binding', Object.create(binding, Object.getOwnPropertyDescriptors(observed)) as Binding);
    work();
  } finally {
    patches.undo();
  }
  return bytes;
}

/** Numbers in memory, each with the tensors that have it. */
class Numbers {
  now = 0;
  private readonly of = new Map<number, { readonly bytes: number; tensors: number }>();

  make(tensor: number, bytes: number): void {
    this.of.set(tensor, { bytes, tensors: 1 });
    this.now += bytes;
  }

  /** Those of a tensor that was there before take nothing more. */
  share(tensor: number, other: number | undefined): void {
    const shared = other === undefined ? undefined : this.of.get(other);
    if (shared === undefined) return;
    shared.tensors++;
    this.of.set(tensor, shared);
  }

  free(tensor: number): void {
    const held = this.of.get(tensor);
    if (held === undefined) return;
    this.of.delete(tensor);
    held.tensors--;
    if (held.tensors === 0) this.now -= held.bytes;
  }
}
