/** Variables inside a graph under construction, and the order of what reads and writes them. */
import type * as tf from '@tensorflow/tfjs';
import { after, attribute, type Edge, type Graph } from './graph';

/**
 * A TensorFlow resource variable. Operations on it run in no order of their own, so every write waits for all reads of
 * the value it replaces, and every read waits for the write that made its value.
 */
export class Resource {
  /** Number of the recorded tensor that the variable holds at this point of the graph. */
  held: number;
  readonly initialRead: Edge;
  private reads: Edge[] = [];
  private write: Edge | undefined;
  private readonly handle: Edge;
  private current: Edge | undefined;

  constructor(
    private readonly graph: Graph,
    readonly variable: tf.Variable,
    /** Tells it from the graph's other variables. */
    private readonly index: number,
    readonly dtype: number,
    initial: number,
  ) {
    const type = attribute.type(dtype);
    this.held = initial;
    this.handle = graph.node(
      'VarHandleOp',
      [],
      { dtype: type, shape: attribute.shape(variable.shape), shared_name: attribute.string(`v${index}`) },
      `variable${index}`,
    );
    // Always there, for `pull`; the step's own run does not compute it unless the step uses it.
    this.initialRead = graph.node('ReadVariableOp', [this.handle], { dtype: type }, `read${index}`);
  }

  get updated(): boolean {
    return this.write !== undefined;
  }

  /** The last write, for whoever has to wait until the variable is final. */
  get lastWrite(): Edge | undefined {
    return this.write;
  }

  /** The value at this point of the graph. */
  read(): Edge {
    if (this.current === undefined) {
      this.current =
        this.write === undefined
          ? this.initialRead
          : this.graph.node('ReadVariableOp', [this.handle, after(this.write)], { dtype: attribute.type(this.dtype) });
      this.reads.push(this.current);
    }
    return this.current;
  }

  /** Handle and control inputs for a node that changes the variable; `wrote` has to follow. */
  beginWrite(): { readonly handle: Edge; readonly controls: readonly Edge[] } {
    const waits = this.write === undefined ? this.reads : [...this.reads, this.write];
    return { handle: this.handle, controls: waits.map(after) };
  }

  wrote(node: Edge, holds: number): void {
    this.write = node;
    this.reads = [];
    this.current = undefined;
    this.held = holds;
  }

  assign(value: Edge, holds: number, controls: readonly Edge[]): void {
    const { handle, controls: waits } = this.beginWrite();
    const node = this.graph.node('AssignVariableOp', [handle, value, ...waits, ...controls], {
      dtype: attribute.type(this.dtype),
    });
    this.wrote(node, holds);
  }

  /**
   * A subgraph of its own that sets the variable from outside: feed `input`, fetch `done`. To be called when the graph is
   * whole. A value that the graph updates is copied, because fed tensors may share memory with JavaScript and optimizers
   * update in place; of one that it only reads there stays one copy, however many graphs read it.
   */
  emitSetter(): { readonly input: Edge; readonly done: Edge } {
    const { graph, dtype, index } = this;
    const type = attribute.type(dtype);
    const input = graph.placeholder(`set${index}`, dtype, this.variable.shape);
    const value = this.updated ? graph.node('DeepCopy', [input], { T: type }) : input;
    const assign = graph.node('AssignVariableOp', [this.handle, value], { dtype: type });
    const done = graph.node('Const', [after(assign)], {
      dtype: attribute.type(3),
      value: attribute.tensor(3, [], new Uint8Array(4)),
    });
    return { input, done };
  }
}
