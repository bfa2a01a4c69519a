/**
 * A step as calls of kernels. It holds the variables that it changed until someone wants them as tf's: a value is never
 * copied, and never written to once it is made.
 */
import * as tf from '@tensorflow/tfjs';
import { dataIdOf, engine } from '../../engine/tfjs';
import type { WasmBackend } from '../../engine/wasm/internals';
import { NotFiniteError } from '../notFinite';
import { drawEagerly } from '../randomness';
import type { Program, RunInputs } from '../target';
import { wasmDraws } from './draws';
import { runKernel, type Change, type DrawCall, type Plan, type UpdateCall } from './plan';

export class ReplayProgram implements Program {
  readonly variables: readonly tf.Variable[];
  readonly size: number;
  /** Values that this program made and that tf's variables do not have. */
  private readonly held = new Map<tf.Variable, object>();
  /** The tf value (its data id) that the program's corresponds to. */
  private readonly synced = new Map<tf.Variable, object>();
  private loaded: ReadonlyMap<tf.Variable, tf.Tensor> | undefined;

  constructor(
    private readonly backend: WasmBackend,
    private readonly plan: Plan,
    private readonly seed: number,
  ) {
    this.variables = [
      ...new Set([...plan.variables.map(({ variable }) => variable), ...plan.updated.map(({ variable }) => variable)]),
    ];
    this.size = plan.instructions.length;
  }

  get updatesVariables(): boolean {
    return this.plan.updated.length > 0;
  }

  get alive(): boolean {
    return this.variables.every((variable) => !variable.isDisposed);
  }

  push(): void {
    this.loaded = undefined;
    for (const variable of this.variables) {
      if (this.synced.get(variable) === dataIdOf(variable)) continue;
      this.drop(variable);
      this.synced.set(variable, dataIdOf(variable));
    }
  }

  load(values: ReadonlyMap<tf.Variable, tf.Tensor>): void {
    this.synced.clear();
    for (const variable of [...this.held.keys()]) this.drop(variable);
    this.loaded = values;
  }

  run({ feeds, learningRate, step }: RunInputs): Record<string, tf.Tensor> {
    const { plan } = this;
    for (const { variable, first } of plan.variables) first.hold(this.valueOf(variable), false);
    for (const { name, slot } of plan.feeds) {
      const feed = feeds[name];
      if (feed === undefined) throw new Error(`The step was run without its feed ${name}.`);
      slot.hold(dataIdOf(feed), false);
    }
    try {
      for (const { call, frees } of plan.instructions) {
        if (call.kind === 'kernel') runKernel(call);
        else if (call.kind === 'draw') this.draw(call, step);
        else this.update(call, learningRate);
        for (const slot of frees) slot.free();
      }
      if (plan.guard !== undefined && !this.backend.typedArrayFromHeap(plan.guard).every(Number.isFinite))
        throw new NotFiniteError();
      const outputs = Object.fromEntries(plan.outputs.map(({ name, info }) => [name, this.tensorOf(info)]));
      const values = plan.updated.map(({ last }) => last.dataId);
      for (const dataId of values) this.backend.incRef(dataId);
      plan.updated.forEach(({ variable }, i) => {
        this.drop(variable);
        const dataId = values[i];
        if (dataId !== undefined) this.held.set(variable, dataId);
      });
      return outputs;
    } finally {
      for (const slot of plan.temporary) slot.free();
    }
  }

  read(): Map<tf.Variable, tf.Tensor> {
    return new Map(
      this.plan.updated.map(({ variable }) => {
        const { shape, dtype } = variable;
        return [variable, this.tensorOf({ dataId: this.valueOf(variable), shape, dtype })];
      }),
    );
  }

  pull(): void {
    for (const [variable, dataId] of [...this.held]) {
      if (!variable.isDisposed && this.synced.get(variable) === dataIdOf(variable)) {
        const { shape, dtype } = variable;
        const value = this.tensorOf({ dataId, shape, dtype });
        variable.assign(value);
        value.dispose();
        this.synced.set(variable, dataId);
      }
      this.drop(variable);
    }
  }

  dispose(): void {
    for (const variable of [...this.held.keys()]) this.drop(variable);
    for (const slot of this.plan.constants) slot.free();
  }

  private valueOf(variable: tf.Variable): object {
    return this.held.get(variable) ?? dataIdOf(this.loaded?.get(variable) ?? variable);
  }

  private drop(variable: tf.Variable): void {
    const dataId = this.held.get(variable);
    this.held.delete(variable);
    // tfjs knows of it where it was a tensor, too.
    if (dataId !== undefined && this.backend.disposeData(dataId)) engine().removeDataId(dataId, this.backend);
  }

  /** A tensor of tf's that shares the memory. */
  private tensorOf(info: tf.TensorInfo): tf.Tensor {
    this.backend.incRef(info.dataId);
    return tf.engine().makeTensorFromTensorInfo({ ...info, shape: [...info.shape] });
  }

  private draw({ draw, slot }: DrawCall, step: number): void {
    const values = drawEagerly(wasmDraws(this.backend), draw, this.seed, step);
    slot.hold(this.backend.makeOutput(draw.shape, 'float32', undefined, values).dataId, true);
  }

  private update({ update, variables, shared }: UpdateCall, rate: number): void {
    const make = ({ after, shape }: Change): void => {
      after.hold(this.backend.makeOutput(shape, 'float32').dataId, true);
    };
    // All room first: to make some may move the memory, and no view of it is good then.
    for (const { value, beside } of variables) {
      make(value);
      beside.forEach(make);
    }
    shared.forEach(make);
    const scalars = shared.map(({ before }) => before.floats()[0] ?? 0);
    for (const { gradient, value, beside } of variables)
      update.apply(
        gradient.floats(),
        value.before.floats(),
        value.after.floats(),
        beside.map(({ before }) => before.floats()),
        beside.map(({ after }) => after.floats()),
        rate,
        scalars,
      );
    update.finish(scalars).forEach((scalar, i) => shared[i]?.after.floats().set([scalar]));
  }
}
