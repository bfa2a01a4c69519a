/**
 * Records what a step asks of TensorFlow. tfjs-node reaches it through one object, its binding; while the step runs, an
 * object that notes each call stands in its place.
 */
import type * as tf from '@tensorflow/tfjs';
import { tensorId, type Binding, type NativeBackend } from '../../engine/native/internals';
import { DataType, engine, sizeOf, type TensorMetadata, type TypedArray } from '../../engine/tfjs';
import type { Patches } from '../patch';
import { nativeDraws } from './draws';
import { refusal } from '../reasons';
import { Recorder, type RecordOptions } from '../recorder';

/** Kernels that look at their input in JavaScript only to check it; the graph's operation checks it itself. */
const CHECKING_KERNELS: ReadonlySet<string> = new Set(['GatherV2']);

/** Results of operations on constants up to this size are computed once, here, instead of in each step. */
const FOLDED_SIZE = 1 << 16;
const FOLDED_TYPES: ReadonlySet<number> = new Set([DataType.float32, DataType.int32, DataType.bool]);

const isOpaque = (dtype: number): boolean => dtype === DataType.string || dtype === DataType.resource;

export class GraphRecorder extends Recorder {
  private readonly made = new Set<number>();
  private readonly folded = new Map<number, TensorMetadata>();
  private readonly kernels: string[] = [];
  /** The real binding, also while an observing one stands in its place. */
  private readonly binding: Binding;

  constructor(
    private readonly backend: NativeBackend,
    variables: readonly tf.Variable[],
    options: RecordOptions,
  ) {
    super(nativeDraws(backend, backend.binding), variables, options);
    this.binding = backend.binding;
  }

  observe(patches: Patches): void {
    const { backend } = this;
    const { getInputTensorIds, readSync, read } = backend;
    patches.set(backend, 'binding', this.observed());
    patches.set(backend, 'getInputTensorIds', (tensors) => {
      const ids = getInputTensorIds.call(backend, tensors);
      tensors.forEach((tensor, i) => {
        this.noteUsed(tensor, ids[i]);
      });
      return ids;
    });
    patches.set(backend, 'readSync', (dataId) => {
      this.noteRead();
      return readSync.call(backend, dataId);
    });
    patches.set(backend, 'read', (dataId) => {
      this.noteRead();
      return read.call(backend, dataId);
    });
    const tfEngine = engine();
    const { runKernel } = tfEngine;
    patches.set(tfEngine, 'runKernel', (name, inputs, attributes) => {
      this.kernels.push(name);
      try {
        return runKernel.call(tfEngine, name, inputs, attributes);
      } finally {
        this.kernels.pop();
      }
    });
  }

  protected idOf(tensor: tf.Tensor): number {
    return tensorId(this.backend, tensor);
  }

  protected metadataOf(tensor: tf.Tensor): TensorMetadata {
    const id = this.idOf(tensor);
    return { id, shape: tensor.shape, dtype: this.backend.tensorMap.get(tensor.dataId)?.dtype ?? 0 };
  }

  protected valuesOf(tensor: tf.Tensor): Float32Array {
    return this.binding.tensorDataSync(this.idOf(tensor)) as Float32Array;
  }

  /** A tensor that constants alone determine is itself a constant where something else uses it. */
  protected keep(id: number): void {
    const folded = this.folded.get(id);
    if (folded !== undefined && !this.leaves.has(id))
      this.noteLeaf(id, folded.dtype, folded.shape, this.binding.tensorDataSync(id));
  }

  private observed(): Binding {
    const { binding } = this;
    const observed: Partial<Binding> = {
      executeOp: (...call) => {
        const outputs = binding.executeOp(...call);
        this.noteOp(call, outputs);
        return outputs;
      },
      createTensor: (...call) => {
        const id = binding.createTensor(...call);
        this.noteCreated(id, call);
        return id;
      },
      runSavedModel: (...call) => {
        this.refuse(refusal.operation('SavedModel'));
        return binding.runSavedModel(...call);
      },
    };
    // Inherits the rest; defined, not assigned, because the native object's properties are read-only.
    return Object.create(binding, Object.getOwnPropertyDescriptors(observed)) as Binding;
  }

  private noteOp(
    [name, attributes, inputs]: Parameters<Binding['executeOp']>,
    outputs: readonly TensorMetadata[],
  ): void {
    this.refuseStateful(name);
    if (outputs.some(({ dtype }) => isOpaque(dtype))) this.refuse(refusal.operation(name));
    for (const { id } of outputs) this.made.add(id);
    const isFolded =
      inputs.every((id) => this.folded.has(id) || this.leaves.get(id)?.kind === 'constant') &&
      outputs.every(({ shape, dtype }) => FOLDED_TYPES.has(dtype) && sizeOf(shape) <= FOLDED_SIZE);
    if (isFolded) {
      for (const output of outputs) this.folded.set(output.id, output);
      return;
    }
    for (const id of inputs) this.keep(id);
    this.ops.push({ name, attributes, inputs, outputs });
  }

  private noteCreated(id: number, [shape, dtype, values]: Parameters<Binding['createTensor']>): void {
    if (ArrayBuffer.isView(values)) this.noteLeaf(id, dtype, shape, values);
    else this.refuse(refusal.operation('string tensor'));
  }

  /** A tensor is about to be used. From before the step and neither feed nor variable: a constant of the step. */
  private noteUsed(tensor: object, id: number | undefined): void {
    if (id === undefined || this.made.has(id) || this.leaves.has(id)) return;
    const { dataId } = tensor as { dataId?: object };
    const entry = dataId && this.backend.tensorMap.get(dataId);
    if (entry === undefined || isOpaque(entry.dtype)) this.refuse(refusal.operation('string tensor'));
    else this.noteLeaf(id, entry.dtype, entry.shape, this.binding.tensorDataSync(id));
  }

  private noteLeaf(id: number, dtype: number, shape: readonly number[], values: TypedArray): void {
    const draw = this.draws.of(values);
    // Copied: the step may use the array again.
    this.leaves.set(id, draw ? { kind: 'random', draw } : { kind: 'constant', dtype, shape, values: values.slice() });
  }

  private noteRead(): void {
    if (!CHECKING_KERNELS.has(this.kernels.at(-1) ?? '')) this.refuse(refusal.readsData());
  }
}
