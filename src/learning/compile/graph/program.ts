/**
 * A step as a graph: a session, and its copy of the variables. Every session has variables of its own (TensorFlow shares
 * none between sessions), but moving a value between two is free of copies: the tensors share memory until someone writes.
 */
import type * as tf from '@tensorflow/tfjs';
import { NOT_FINITE, type Emitted, type GraphVariable } from './emit';
import { tensorId, type NativeBackend } from '../../engine/native/internals';
import { DataType, dataIdOf } from '../../engine/tfjs';
import { NotFiniteError } from '../notFinite';
import type { Program, RunInputs } from '../target';
import { Session } from '../../engine/native/session';

export class GraphProgram implements Program {
  readonly variables: readonly tf.Variable[];
  readonly size: number;
  private readonly session: Session;
  /** The tf value (its data id) that the session's copy corresponds to. */
  private readonly synced = new Map<tf.Variable, object>();
  private readonly updated: readonly GraphVariable[];
  private readonly runFeeds: string;
  private readonly runFetches: string;
  private readonly pullFetches: string;
  private rate: { readonly value: number; readonly id: number } | undefined;

  constructor(
    private readonly backend: NativeBackend,
    private readonly graph: Emitted,
  ) {
    this.variables = graph.variables.map(({ variable }) => variable);
    this.size = graph.nodes;
    this.session = new Session(backend, graph.savedModel);
    this.updated = graph.variables.filter(({ updated }) => updated);
    const own = [graph.learningRate, graph.step].filter((name) => name !== undefined);
    this.runFeeds = [...graph.feeds.map(({ input }) => input), ...own].join();
    this.runFetches = graph.outputs.map(({ fetch }) => fetch).join();
    this.pullFetches = this.updated.map(({ read }) => read).join();
  }

  get updatesVariables(): boolean {
    return this.updated.length > 0;
  }

  get alive(): boolean {
    return this.variables.every((variable) => !variable.isDisposed);
  }

  push(): void {
    const stale = this.graph.variables.filter(({ variable }) => this.synced.get(variable) !== dataIdOf(variable));
    this.set(stale.map((entry) => ({ entry, value: entry.variable })));
    for (const { variable } of stale) this.synced.set(variable, dataIdOf(variable));
  }

  load(values: ReadonlyMap<tf.Variable, tf.Tensor>): void {
    this.synced.clear();
    this.set(
      this.graph.variables.flatMap((entry) => {
        const value = values.get(entry.variable);
        return value === undefined ? [] : [{ entry, value }];
      }),
    );
  }

  private set(list: readonly { readonly entry: GraphVariable; readonly value: tf.Tensor }[]): void {
    if (list.length === 0) return;
    const ids = this.backend.getInputTensorIds(list.map(({ value }) => value));
    const feeds = list.map(({ entry }) => entry.setter.input).join();
    const fetches = list.map(({ entry }) => entry.setter.done).join();
    for (const { id } of this.session.run(ids, feeds, fetches)) this.backend.binding.deleteTensor(id);
  }

  run({ feeds, learningRate, step }: RunInputs): Record<string, tf.Tensor> {
    const { backend, graph } = this;
    const { binding } = backend;
    const ids = graph.feeds.map(({ name }) => {
      const tensor = feeds[name];
      if (tensor === undefined) throw new Error(`The step was run without its feed ${name}.`);
      return tensorId(backend, tensor);
    });
    if (graph.learningRate !== undefined) ids.push(this.rateId(learningRate));
    let stepId: number | undefined;
    if (graph.step !== undefined) {
      stepId = binding.createTensor([], DataType.int32, Int32Array.of(step));
      ids.push(stepId);
    }
    try {
      const made = this.session.run(ids, this.runFeeds, this.runFetches);
      return Object.fromEntries(
        graph.outputs.flatMap(({ name }, index) => {
          const metadata = made[index];
          return metadata === undefined ? [] : [[name, backend.createOutputTensor(metadata)]];
        }),
      );
    } catch (error) {
      if (error instanceof Error && error.message.includes(NOT_FINITE)) throw new NotFiniteError();
      throw error;
    } finally {
      if (stepId !== undefined) binding.deleteTensor(stepId);
    }
  }

  read(): Map<tf.Variable, tf.Tensor> {
    if (this.updated.length === 0) return new Map();
    const made = this.session.run([], '', this.pullFetches);
    return new Map(
      this.updated.flatMap(({ variable }, index) => {
        const metadata = made[index];
        return metadata === undefined ? [] : [[variable, this.backend.createOutputTensor(metadata)]];
      }),
    );
  }

  pull(): void {
    for (const [variable, value] of this.read()) {
      if (!variable.isDisposed && this.synced.get(variable) === dataIdOf(variable)) {
        variable.assign(value);
        this.synced.set(variable, dataIdOf(variable));
      }
      value.dispose();
    }
  }

  dispose(): void {
    if (this.rate !== undefined) this.backend.binding.deleteTensor(this.rate.id);
    this.rate = undefined;
    this.session.dispose();
  }

  /** The learning rate as a tensor, made anew only when it changes. */
  private rateId(value: number): number {
    if (this.rate?.value !== value) {
      if (this.rate !== undefined) this.backend.binding.deleteTensor(this.rate.id);
      this.rate = { value, id: this.backend.binding.createTensor([], DataType.float32, Float32Array.of(value)) };
    }
    return this.rate.id;
  }
}
