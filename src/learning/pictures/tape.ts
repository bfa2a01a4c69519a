/**
 * Records the kernels that tensor code runs, and walks them backward. tfjs keeps such a tape for its own gradients, but
 * gives the gradient of what it is asked for only; here every tensor on the way has its gradient. The parts of
 * tfjs-core's engine that have no public type are named here (and in ../engine/native/internals.ts) alone; checked against
 * @tensorflow/tfjs 4.22.
 */
import * as tf from '@tensorflow/tfjs';
import { Patches } from '../compile/patch';
import { scoped } from '../training/scope';

type GradientFunction = (
  outputGradients: readonly (tf.Tensor | undefined)[],
) => Readonly<Record<string, () => tf.Tensor>>;

/** tfjs's own entry. Absent gradients of outputs count as zeros. */
interface TapeEntry {
  readonly saved: readonly tf.Tensor[] | null;
  readonly gradient?: GradientFunction;
}

interface TapedEngine {
  readonly state: { activeTape: TapeEntry[] | null; readonly gradientDepth: number };
  startTape: () => void;
  endTape: () => void;
  addTapeNode: (
    kernel: string,
    inputs: Readonly<Record<string, tf.Tensor | null | undefined>>,
    outputs: readonly tf.Tensor[],
    gradient: unknown,
    saved: readonly tf.Tensor[],
    attributes: object | null | undefined,
  ) => void;
}

/** One kernel, or one operation with a gradient of its own (tf.customGrad), that has run. */
export interface Operation {
  readonly kernel: string;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly gradient: GradientFunction | undefined;
}

/**
 * Runs tensor code eagerly and calls `onOperation` after each operation, while its tensors are alive: most end with
 * the operation around them. `after` then gets all operations, for `backpropagate`. What both make is freed.
 */
export function record<T, R>(
  work: () => T,
  onOperation: (operation: Operation) => void,
  after: (result: T, operations: readonly Operation[]) => R,
): R {
  const engine = tf.engine() as unknown as TapedEngine;
  if (engine.state.gradientDepth !== 0) throw new Error('A tape is running already.');
  const operations: Operation[] = [];
  const patches = new Patches();
  const { addTapeNode } = engine;
  return scoped(() => {
    engine.startTape();
    try {
      let result: T;
      try {
        patches.set(engine, 'addTapeNode', (kernel, inputs, outputs, gradient, saved, attributes) => {
          addTapeNode.call(engine, kernel, inputs, outputs, gradient, saved, attributes);
          const operation: Operation = {
            kernel: plainName(kernel),
            inputs: present(inputs),
            outputs: [...outputs],
            attributes: { ...attributes },
            gradient: engine.state.activeTape?.at(-1)?.gradient,
          };
          operations.push(operation);
          onOperation(operation);
        });
        result = work();
      } finally {
        patches.undo();
        engine.endTape();
      }
      return after(result, operations);
    } finally {
      for (const entry of engine.state.activeTape ?? []) for (const tensor of entry.saved ?? []) tensor.dispose();
      engine.state.activeTape = null;
    }
  });
}

/** An operation of tf.customGrad goes by its scope, "logSoftmax__op": the kernel would be called LogSoftmax. */
function plainName(kernel: string): string {
  const bare = kernel.replace(/_*op$/, '');
  return bare === kernel ? kernel : bare.charAt(0).toUpperCase() + bare.slice(1);
}

function present(inputs: Readonly<Record<string, tf.Tensor | null | undefined>>): Record<string, tf.Tensor> {
  const found: Record<string, tf.Tensor> = {};
  for (const [name, tensor] of Object.entries(inputs)) if (tensor) found[name] = tensor;
  return found;
}

/** True where an operation hands on the same numbers in the same shape: clones, which tfjs puts in unasked, and casts. */
export function isCopy({ kernel, inputs, outputs }: Operation): boolean {
  const [input, ...others] = Object.values(inputs);
  const [output] = outputs;
  if (input === undefined || output === undefined || others.length > 0 || outputs.length > 1) return false;
  const isSame = kernel === 'Cast' || kernel === 'Reshape' || input.dataId === output.dataId;
  return isSame && input.shape.join() === output.shape.join();
}

/** Ids of the tensors that depend on the given ones, these included. */
function dependents(operations: readonly Operation[], sources: Iterable<number>): Set<number> {
  const found = new Set(sources);
  for (const { inputs, outputs } of operations) {
    if (Object.values(inputs).some(({ id }) => found.has(id))) for (const { id } of outputs) found.add(id);
  }
  return found;
}

/**
 * The gradient of the scalar `loss` with respect to every tensor between `sources` and it, by the tensor's id. To be
 * called in the `after` of `record`; the gradients belong to the surrounding scope.
 */
export function backpropagate(
  operations: readonly Operation[],
  loss: tf.Tensor,
  sources: Iterable<number>,
): Map<number, tf.Tensor> {
  const onTheWay = dependents(operations, sources);
  const gradients = new Map<number, tf.Tensor>();
  if (!onTheWay.has(loss.id)) return gradients;
  gradients.set(loss.id, tf.onesLike(loss));
  for (const { kernel, inputs, outputs, gradient } of operations.toReversed()) {
    const outputGradients = outputs.map(({ id }) => gradients.get(id));
    const wanted = Object.entries(inputs).filter(([, { id }]) => onTheWay.has(id));
    if (wanted.length === 0 || outputGradients.every((found) => found === undefined)) continue;
    if (gradient === undefined) throw new Error(`${kernel} has no gradient.`);
    const ofInputs = gradient(outputGradients);
    for (const [name, input] of wanted) {
      const share = ofInputs[name]?.();
      if (share === undefined) continue;
      const before = gradients.get(input.id);
      gradients.set(input.id, before === undefined ? share : tf.add(before, share));
    }
  }
  return gradients;
}
