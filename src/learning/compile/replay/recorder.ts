/** Records which kernels a step calls, where tfjs calls them for it. What a kernel calls itself is its own. */
import type * as tf from '@tensorflow/tfjs';
import { DataType, engine, type TensorMetadata } from '../../engine/tfjs';
import type { WasmBackend } from '../../engine/wasm/internals';
import type { Patches } from '../patch';
import type { Draw } from '../randomness';
import { refusal } from '../reasons';
import { Recorder, type RecordOptions } from '../recorder';
import { wasmDraws } from './draws';

/** Kernels whose result has another shape each time. */
const UNSIZED: ReadonlySet<string> = new Set(['Where', 'Unique', 'SparseFillEmptyRows', 'SparseReshape']);

/** How JavaScript gets at values. */
interface Readings {
  readSync: (...call: unknown[]) => unknown;
  read: (...call: unknown[]) => unknown;
}

export class ReplayRecorder extends Recorder {
  /** Numbers of tensors: the same for those that share their data under the same shape. */
  private readonly ids = new WeakMap<object, Map<string, number>>();
  private readonly random = new WeakMap<object, Draw>();
  private readonly made = new Set<number>();
  private count = 0;
  /** How many kernels are at work: one may call another. */
  private depth = 0;

  constructor(
    private readonly backend: WasmBackend,
    variables: readonly tf.Variable[],
    options: RecordOptions,
  ) {
    super(wasmDraws(backend), variables, options);
  }

  observe(patches: Patches): void {
    const backend = this.backend as unknown as Readings;
    for (const name of ['readSync', 'read'] as const) {
      const plain = backend[name];
      patches.set(backend, name, (...call) => {
        this.noteRead();
        return plain.apply(backend, call);
      });
    }
    const tfEngine = engine();
    const { runKernel } = tfEngine;
    patches.set(tfEngine, 'runKernel', (name, inputs, attributes) => {
      this.depth++;
      try {
        const outputs = runKernel.call(tfEngine, name, inputs, attributes);
        if (this.depth === 1) this.noteKernel(name, inputs, attributes, outputs as tf.Tensor | tf.Tensor[]);
        return outputs;
      } finally {
        this.depth--;
      }
    });
  }

  override noteScope(scope: string, result: tf.Tensor | null): void {
    const { length } = this.draws.all;
    super.noteScope(scope, result);
    const draw = this.draws.all[length];
    if (draw !== undefined && result !== null) this.random.set(result.dataId, draw);
  }

  protected idOf(tensor: tf.Tensor): number {
    const id = this.number(tensor);
    if (!this.made.has(id) && !this.leaves.has(id)) this.noteLeaf(id, tensor);
    return id;
  }

  protected metadataOf(tensor: tf.Tensor): TensorMetadata {
    return { id: this.idOf(tensor), shape: tensor.shape.slice(), dtype: DataType[tensor.dtype] };
  }

  protected valuesOf(tensor: tf.Tensor): Float32Array {
    return this.backend.typedArrayFromHeap(tensor).slice() as Float32Array;
  }

  protected keep(): void {
    // The trace has every tensor: nothing is left out before it is planned.
  }

  private number({ dataId, shape }: tf.Tensor): number {
    const key = shape.join();
    const known = this.ids.get(dataId) ?? new Map<string, number>();
    this.ids.set(dataId, known);
    const id = known.get(key) ?? this.count++;
    known.set(key, id);
    return id;
  }

  /** From before the step, or made in JavaScript, and neither feed nor variable: a constant of the step. */
  private noteLeaf(id: number, tensor: tf.Tensor): void {
    const draw = this.random.get(tensor.dataId);
    if (draw !== undefined) this.leaves.set(id, { kind: 'random', draw });
    else if (tensor.dtype === 'string' || tensor.dtype === 'complex64') this.refuse(refusal.operation(tensor.dtype));
    else {
      // Copied: the memory may be used again.
      const values = this.backend.typedArrayFromHeap(tensor).slice();
      this.leaves.set(id, { kind: 'constant', dtype: DataType[tensor.dtype], shape: tensor.shape.slice(), values });
    }
  }

  private noteKernel(
    name: string,
    inputs: object,
    attributes: object | undefined,
    made: tf.Tensor | tf.Tensor[],
  ): void {
    this.refuseStateful(name);
    if (UNSIZED.has(name)) this.refuse(refusal.operation(name));
    const given = Object.entries(inputs as Readonly<Record<string, tf.Tensor | null | undefined>>).filter(
      (entry): entry is [string, tf.Tensor] => entry[1] !== undefined && entry[1] !== null,
    );
    const ids = given.map(([, tensor]) => this.idOf(tensor));
    const outputs = (Array.isArray(made) ? made : [made]).map((tensor) => {
      const id = this.number(tensor);
      return { id, shape: tensor.shape.slice(), dtype: DataType[tensor.dtype] };
    });
    // What only hands on what it was given is no operation.
    const isNew = outputs.some(({ id }) => !this.made.has(id) && !this.leaves.has(id));
    if (!isNew) return;
    for (const { id } of outputs) this.made.add(id);
    this.ops.push({
      name,
      attributes: Object.entries(attributes ?? {}).map(([key, value]: [string, unknown]) => ({ name: key, value })),
      inputs: ids,
      ...(Array.isArray(inputs) ? {} : { inputNames: given.map(([key]) => key) }),
      outputs,
    });
  }

  private noteRead(): void {
    if (this.depth === 0) this.refuse(refusal.readsData());
  }
}
