/**
 * Records one eager run of a step. tfjs-node reaches TensorFlow through one object, its binding; while the step runs,
 * an object that notes each call stands in its place. Nothing about the run changes, except that random numbers come
 * from the compiled step's generator (see randomness.ts).
 */
import * as tf from '@tensorflow/tfjs';
import { engine, tensorId, type Binding, type NativeBackend, type TensorMetadata } from '../engine/native/internals';
import { Patches } from './patch';
import { refusal, type Refusal } from './reasons';
import { Draws, type DrawKeys } from './draws';
import type { DrawSource } from './randomness';
import { Recorder, type RecordOptions } from './recorder';
import type { Trace, VariableIds } from './trace';

export type Tensors = Readonly<Record<string, tf.Tensor>>;
export type StepFunction = (feeds: Tensors) => Record<string, tf.Tensor>;

export interface Recording {
  readonly outputs: Record<string, tf.Tensor>;
  /** Present when the run can become a graph. */
  readonly trace?: Trace;
  readonly refusal?: Refusal;
  /** True when the run made variables, as an optimizer's first step does: record the next one instead. */
  readonly madeVariables: boolean;
  /** How often each optimizer counted a step of its own. */
  readonly counted: ReadonlyMap<tf.Optimizer, number>;
}

/** Runs the step on the feeds, as the caller would, and writes down what it did. */
export function record(backend: NativeBackend, step: StepFunction, feeds: Tensors, options: RecordOptions): Recording {
  const registered = engine().registeredVariables;
  const variables = Object.values(registered);
  const distinct = unshare(variables, feeds);
  const recorder = new Recorder(backend, backend.binding, variables, options);
  for (const [name, tensor] of Object.entries(distinct.feeds)) recorder.feed(name, tensor);
  const counted = new Map<tf.Optimizer, number>();
  const patches = new Patches();
  let outputs: Record<string, tf.Tensor>;
  let described: Record<string, TensorMetadata>;
  let final: VariableIds;
  try {
    observe(backend, recorder, patches);
    observeIterations(recorder, counted, patches);
    if (options.optimizer !== undefined) observeOptimizer(options.optimizer, recorder, patches);
    outputs = step(distinct.feeds);
    // Also the results are looked at under observation: a variable may have been given a tensor made in JavaScript.
    described = describe(backend, outputs);
    final = recorder.variableIds();
  } finally {
    patches.undo();
    tf.dispose(distinct.copies);
  }
  const after = Object.values(registered);
  const madeVariables = after.length !== variables.length || after.some((variable, i) => variable !== variables[i]);
  const common = { outputs, madeVariables, counted };
  if (recorder.refusal !== undefined) return { ...common, refusal: recorder.refusal };
  return madeVariables ? common : { ...common, trace: recorder.trace(described, final) };
}

/**
 * A tensor is told from another by its data. Where two variables, or two feeds, share theirs (a moving average that
 * starts as the weight itself, an autoencoder's input and target), all but one get a copy.
 */
function unshare(variables: readonly tf.Variable[], feeds: Tensors): { feeds: Tensors; copies: tf.Tensor[] } {
  const seen = new Set<object>();
  const copies: tf.Tensor[] = [];
  const unshared = (tensor: tf.Tensor): tf.Tensor | undefined => {
    const { dataId } = tensor;
    if (!seen.has(dataId)) {
      seen.add(dataId);
      return undefined;
    }
    return tf.tensor(tensor.dataSync().slice(), tensor.shape, tensor.dtype);
  };
  for (const variable of variables) {
    const copy = unshared(variable);
    if (copy === undefined) continue;
    variable.assign(copy);
    copy.dispose();
  }
  const distinct = Object.entries(feeds).map(([name, tensor]) => {
    const copy = unshared(tensor);
    if (copy !== undefined) copies.push(copy);
    return [name, copy ?? tensor] as const;
  });
  return { feeds: Object.fromEntries(distinct), copies };
}

/** Puts the recorder between the step and TensorFlow. */
function observe(backend: NativeBackend, recorder: Recorder, patches: Patches): void {
  const { getInputTensorIds, readSync, read } = backend;
  patches.set(backend, 'binding', observedBinding(backend.binding, recorder));
  patches.set(backend, 'getInputTensorIds', (tensors) => {
    const ids = getInputTensorIds.call(backend, tensors);
    tensors.forEach((tensor, i) => {
      recorder.noteUsed(tensor, ids[i]);
    });
    return ids;
  });
  patches.set(backend, 'readSync', (dataId) => {
    recorder.noteRead();
    return readSync.call(backend, dataId);
  });
  patches.set(backend, 'read', (dataId) => {
    recorder.noteRead();
    return read.call(backend, dataId);
  });

  const tfEngine = engine();
  const { runKernel } = tfEngine;
  patches.set(tfEngine, 'runKernel', (name, inputs, attributes) => {
    recorder.enterKernel(name);
    try {
      return runKernel.call(tfEngine, name, inputs, attributes);
    } finally {
      recorder.leaveKernel();
    }
  });
  observeDraws(recorder, patches);
}

/** Whoever wants to know which random numbers tfjs makes. */
interface DrawObserver {
  /** The answer to Math.random, asked for inside this scope of tfjs; undefined where it is not tfjs that asks. */
  seedFor(scope: string): number | undefined;
  /** A scope of tfjs ends with this result. */
  noteScope(scope: string, result: tf.Tensor | null): void;
}

function observeDraws(observer: DrawObserver, patches: Patches): void {
  const tfEngine = engine();
  const { endScope } = tfEngine;
  const { random } = Math;
  const scope = (): string => tfEngine.state.activeScope?.name ?? '';
  patches.set(tfEngine, 'endScope', (result) => {
    observer.noteScope(scope(), (result as tf.Tensor | null | undefined) ?? null);
    endScope.call(tfEngine, result);
  });
  patches.set(Math, 'random', () => observer.seedFor(scope()) ?? random());
}

/** Runs a step that stays eager with the random numbers that it would have as a graph. */
export function withDraws<T>(source: DrawSource, keys: DrawKeys, work: () => T): T {
  const patches = new Patches();
  try {
    observeDraws(new Draws(source, keys), patches);
    return work();
  } finally {
    patches.undo();
  }
}

/** tfjs counts steps in JavaScript, which a graph run does not reach: what counts is noted, what reads it is refused. */
function observeIterations(recorder: Recorder, counted: Map<tf.Optimizer, number>, patches: Patches): void {
  const prototype = tf.Optimizer.prototype as unknown as { iterations: number; incrementIterations(): void };
  const original = Object.getOwnPropertyDescriptor(prototype, 'iterations');
  const iterationsOf = (optimizer: tf.Optimizer): number => original?.get?.call(optimizer) as number;
  patches.define(prototype, 'iterations', {
    configurable: true,
    get(this: tf.Optimizer) {
      recorder.refuse(refusal.iterations());
      return iterationsOf(this);
    },
  });
  patches.set(prototype, 'incrementIterations', function (this: tf.Optimizer) {
    counted.set(this, (counted.get(this) ?? 0) + 1);
    Object.assign(this, { iterations_: iterationsOf(this) + 1 });
  });
}

function observedBinding(binding: Binding, recorder: Recorder): Binding {
  const observed: Partial<Binding> = {
    executeOp: (...call) => {
      const outputs = binding.executeOp(...call);
      recorder.noteOp(call, outputs);
      return outputs;
    },
    createTensor: (...call) => {
      const id = binding.createTensor(...call);
      recorder.noteCreated(id, call);
      return id;
    },
    runSavedModel: (...call) => {
      recorder.refuse(refusal.operation('SavedModel'));
      return binding.runSavedModel(...call);
    },
  };
  // Inherits the rest; defined, not assigned, because the native object's properties are read-only.
  return Object.create(binding, Object.getOwnPropertyDescriptors(observed)) as Binding;
}

function observeOptimizer(optimizer: tf.Optimizer, recorder: Recorder, patches: Patches): void {
  const apply = optimizer.applyGradients.bind(optimizer);
  patches.set(optimizer, 'applyGradients', (gradients) => {
    recorder.noteUpdate(gradients, () => {
      apply(gradients);
    });
  });
}

function describe(backend: NativeBackend, outputs: Tensors): Record<string, TensorMetadata> {
  const described = Object.entries(outputs).map(([name, tensor]) => {
    const id = tensorId(backend, tensor);
    return [name, { id, shape: tensor.shape, dtype: backend.tensorMap.get(tensor.dataId)?.dtype ?? 0 }] as const;
  });
  return Object.fromEntries(described);
}
