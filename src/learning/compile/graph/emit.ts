/** Turns a recorded step into a TensorFlow graph. */
import type * as tf from '@tensorflow/tfjs';
import { after, attribute, fetchName, Graph, type Edge } from './graph';
import { type Binding } from '../../engine/native/internals';
import { DataType, type TensorMetadata } from '../../engine/tfjs';
import { emitterFor, type UpdateContext } from './optimizers';
import type { Message } from './protobuf';
import { emitDraw } from './draws';
import { refusal, Refused } from '../reasons';
import { Resource } from './resources';
import type { BuildOptions } from '../target';
import { isReplaced, type Leaf, type Trace, type TraceAttribute, type TraceOp, type TraceUpdate } from '../trace';

export interface GraphVariable {
  readonly variable: tf.Variable;
  readonly updated: boolean;
  /** Feed and fetch that set it, fetch that reads it. */
  readonly setter: { readonly input: string; readonly done: string };
  readonly read: string;
}

export interface Emitted {
  readonly savedModel: Uint8Array;
  readonly nodes: number;
  readonly feeds: readonly { readonly name: string; readonly input: string }[];
  /** Feeds of the graph's own, where it uses them. */
  readonly learningRate: string | undefined;
  readonly step: string | undefined;
  readonly variables: readonly GraphVariable[];
  readonly outputs: readonly { readonly name: string; readonly fetch: string }[];
}

/** In the message of the failure when the output named `finite` is not finite. */
export const NOT_FINITE = 'lab-step-not-finite';

/** Type attributes that eager mode takes from the inputs and a graph has to spell out. */
const INFERRED: Readonly<Record<string, readonly { readonly name: string; readonly input: number }[]>> = {
  ExpandDims: [
    { name: 'T', input: 0 },
    { name: 'Tdim', input: 1 },
  ],
};

export function emit(binding: Binding, trace: Trace, options: BuildOptions): Emitted {
  return new Emission(binding, trace, options).run();
}

class Emission {
  private readonly graph = new Graph();
  private readonly edges = new Map<number, Edge>();
  private readonly types = new Map<number, number>();
  private readonly resources = new Map<tf.Variable, Resource>();
  private readonly feeds: { name: string; input: string }[] = [];
  private learningRate: Edge | undefined;
  private step: Edge | undefined;
  private guard: Edge | undefined;
  /** Index of the last operation that uses a tensor; outputs and final values count as after the last. */
  private readonly lastUse = new Map<number, number>();

  constructor(
    private readonly binding: Binding,
    private readonly trace: Trace,
    private readonly options: BuildOptions,
  ) {
    trace.ops.forEach((op, index) => {
      if (isReplaced(trace, index)) return;
      for (const id of op.inputs) this.lastUse.set(id, index);
    });
    for (const { first, gradients } of trace.updates)
      for (const { gradient } of gradients) if (gradient !== undefined) this.lastUse.set(gradient, first);
    for (const { id } of Object.values(trace.outputs)) this.lastUse.set(id, Infinity);
    for (const id of trace.final.values()) this.lastUse.set(id, Infinity);
  }

  run(): Emitted {
    const { trace, graph } = this;
    const updates = new Map<number, TraceUpdate[]>();
    for (const update of trace.updates) updates.set(update.first, [...(updates.get(update.first) ?? []), update]);
    // An update may come after the last operation, hence <=.
    for (let index = 0; index <= trace.ops.length; index++) {
      for (const update of updates.get(index) ?? []) {
        this.emitUpdate(update);
        index = update.last;
      }
      const op = trace.ops[index];
      if (op !== undefined) this.emitOp(op);
    }
    for (const [variable, id] of trace.final) {
      if (id === (this.resources.get(variable)?.held ?? trace.initial.get(variable))) continue;
      const value = this.edge(id);
      const resource = this.resource(variable);
      this.keepForLater(resource, Infinity);
      resource.assign(value, id, this.gate());
    }
    const writes = [...this.resources.values()].flatMap(({ lastWrite }) => lastWrite ?? []);
    const outputs = Object.entries(trace.outputs).map(([name, { id, dtype }], index) => {
      const edge = graph.identity(dtype, this.edge(id), writes.map(after), `output${index}`);
      return { name, fetch: fetchName(edge) };
    });
    const variables = [...this.resources.values()].map((resource): GraphVariable => {
      const setter = resource.emitSetter();
      return {
        variable: resource.variable,
        updated: resource.updated,
        setter: { input: fetchName(setter.input), done: fetchName(setter.done) },
        read: fetchName(resource.initialRead),
      };
    });
    return {
      nodes: graph.size,
      savedModel: graph.savedModel(),
      feeds: this.feeds,
      learningRate: this.learningRate && fetchName(this.learningRate),
      step: this.step && fetchName(this.step),
      variables,
      outputs,
    };
  }

  private emitOp(op: TraceOp): void {
    const inputs = op.inputs.map((id) => this.edge(id));
    const attributes: Record<string, Message> = {};
    for (const { name, input } of INFERRED[op.name] ?? []) {
      const type = this.types.get(op.inputs[input] ?? -1);
      if (type !== undefined) attributes[name] = attribute.type(type);
    }
    for (const given of op.attributes) attributes[given.name] = this.attribute(op.name, given);
    const node = this.graph.node(op.name, inputs, attributes);
    op.outputs.forEach((output, index) => {
      this.know(output, index === 0 ? node : `${node}:${index}`);
    });
  }

  private know({ id, dtype }: Pick<TensorMetadata, 'id' | 'dtype'>, edge: Edge): void {
    this.edges.set(id, edge);
    this.types.set(id, dtype);
  }

  /** The edge that carries a recorded tensor. */
  private edge(id: number): Edge {
    const known = this.edges.get(id);
    if (known !== undefined) return known;
    for (const resource of this.resources.values()) {
      if (resource.held !== id) continue;
      const edge = resource.read();
      this.know({ id, dtype: resource.dtype }, edge);
      return edge;
    }
    const leaf = this.trace.leaves.get(id);
    if (leaf === undefined) throw new Refused(refusal.operation(`tensor ${id} of unknown origin`));
    return this.emitLeaf(id, leaf);
  }

  private emitLeaf(id: number, leaf: Leaf): Edge {
    switch (leaf.kind) {
      case 'feed': {
        const edge = this.graph.placeholder(`feed${this.feeds.length}`, leaf.dtype, leaf.shape);
        this.feeds.push({ name: leaf.name, input: fetchName(edge) });
        this.know({ id, dtype: leaf.dtype }, edge);
        return edge;
      }
      case 'constant': {
        const edge = this.graph.constant(leaf.dtype, leaf.shape, leaf.values);
        this.know({ id, dtype: leaf.dtype }, edge);
        return edge;
      }
      case 'random': {
        this.step ??= this.graph.placeholder('step', DataType.int32, []);
        const edge = emitDraw(this.graph, leaf.draw, this.options.seed, this.step);
        this.know({ id, dtype: DataType.float32 }, edge);
        return edge;
      }
      case 'variable': {
        const resource = this.resource(leaf.variable);
        if (resource.held !== id) throw new Error(`The first value of ${leaf.variable.name} is gone.`);
        const edge = resource.read();
        this.know({ id, dtype: resource.dtype }, edge);
        return edge;
      }
    }
  }

  private resource(variable: tf.Variable): Resource {
    const known = this.resources.get(variable);
    if (known !== undefined) return known;
    const initial = this.trace.initial.get(variable);
    if (initial === undefined) throw new Error(`The trace has no variable ${variable.name}.`);
    const { dtype } = variable;
    if (dtype === 'string') throw new Refused(refusal.operation('string variable'));
    const resource = new Resource(this.graph, variable, this.resources.size, DataType[dtype], initial);
    this.resources.set(variable, resource);
    return resource;
  }

  /** Control inputs of every write: the guarded output has to be finite. */
  private gate(): readonly Edge[] {
    const { finite } = this.options;
    if (finite === undefined) return [];
    if (this.guard === undefined) {
      const output = this.trace.outputs[finite];
      const edge = output && this.edges.get(output.id);
      if (output?.dtype !== DataType.float32 || edge === undefined)
        throw new Refused(refusal.operation(`update before ${finite}`));
      this.guard = this.graph.node('CheckNumerics', [edge], {
        T: attribute.type(DataType.float32),
        message: attribute.string(NOT_FINITE),
      });
    }
    return [after(this.guard)];
  }

  /** Reads a variable's value before it is overwritten, where a later operation still wants it. */
  private keepForLater(resource: Resource, index: number): void {
    const { held } = resource;
    if (!this.edges.has(held) && (this.lastUse.get(held) ?? -1) >= index)
      this.know({ id: held, dtype: resource.dtype }, resource.read());
  }

  private emitUpdate(update: TraceUpdate): void {
    const { optimizer } = this.options;
    if (optimizer === undefined) throw new Error('An update was recorded without an optimizer.');
    const emitter = emitterFor(optimizer);
    const touched = (variable: tf.Variable): { resource: Resource; holds: number } => {
      const before = update.before.get(variable);
      const holds = update.after.get(variable);
      if (before === undefined || holds === undefined) throw new Error('The optimizer uses an unknown variable.');
      const resource = this.resource(variable);
      // The step may have assigned the variable before the update.
      if (resource.held !== before && resource.held !== holds) {
        const value = this.edge(before);
        this.keepForLater(resource, update.first);
        resource.assign(value, before, this.gate());
      }
      return { resource, holds };
    };
    const learningRate = (this.learningRate ??= this.graph.placeholder('learningRate', DataType.float32, []));
    const context: UpdateContext = {
      graph: this.graph,
      learningRate,
      read: (variable) => touched(variable).resource.read(),
      assign: (variable, value) => {
        const { resource, holds } = touched(variable);
        this.keepForLater(resource, update.first);
        resource.assign(value, holds, this.gate());
      },
      apply: (op, variables, inputs, attributes = {}) => {
        const targets = variables.map(touched);
        for (const { resource } of targets) this.keepForLater(resource, update.first);
        const begun = targets.map(({ resource }) => resource.beginWrite());
        const controls = new Set([...begun.flatMap((write) => write.controls), ...this.gate()]);
        const node = this.graph.node(op, [...begun.map(({ handle }) => handle), ...inputs, ...controls], {
          use_locking: attribute.bool(false),
          ...attributes,
        });
        for (const { resource, holds } of targets) resource.wrote(node, holds);
      },
    };
    for (const { variable, gradient, slot } of update.gradients)
      if (gradient !== undefined) emitter.update(context, variable, this.edge(gradient), slot);
    emitter.finish?.(context);
    for (const [variable, id] of update.after)
      if (id !== update.before.get(variable) && this.resources.get(variable)?.held !== id)
        throw new Refused(refusal.operation(`update of ${variable.name}`));
  }

  private attribute(op: string, { name, type, value }: TraceAttribute): Message {
    const { binding } = this;
    switch (type ?? -1) {
      case binding.TF_ATTR_STRING:
        return attribute.string(String(value));
      case binding.TF_ATTR_INT:
        return Array.isArray(value) ? attribute.ints(value as number[]) : attribute.int(Number(value));
      case binding.TF_ATTR_FLOAT:
        return Array.isArray(value) ? attribute.floats(value as number[]) : attribute.float(Number(value));
      case binding.TF_ATTR_BOOL:
        return Array.isArray(value) ? attribute.bools(value as boolean[]) : attribute.bool(Boolean(value));
      case binding.TF_ATTR_TYPE:
        return attribute.type(Number(value));
      case binding.TF_ATTR_SHAPE:
        return attribute.shape(value as number[]);
      default:
        throw new Refused(refusal.operation(`${op}.${name}`));
    }
  }
}
