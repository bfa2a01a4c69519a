/** Builds a TensorFlow GraphDef, and a SavedModel around it. Field numbers are those of TensorFlow's .proto files. */
import { SERVE_TAG } from '../../engine/native/session';
import { DataType, type TypedArray } from '../../engine/tfjs';
import { Message } from './protobuf';

/** Attribute values (AttrValue of attr_value.proto). */
export const attribute = {
  string: (value: string): Message => new Message().string(2, value),
  int: (value: number): Message => new Message().int(3, value),
  float: (value: number): Message => new Message().float(4, value),
  bool: (value: boolean): Message => new Message().bool(5, value),
  type: (value: number): Message => new Message().int(6, value),
  shape: (value: readonly number[]): Message => new Message().message(7, shapeMessage(value)),
  tensor: (dtype: number, shape: readonly number[], content: Uint8Array): Message =>
    new Message().message(8, new Message().int(1, dtype).message(2, shapeMessage(shape)).bytes(4, content)),
  ints: (values: readonly number[]): Message => list((message, value) => message.int(3, value), values),
  floats: (values: readonly number[]): Message => list((message, value) => message.float(4, value), values),
  bools: (values: readonly boolean[]): Message => list((message, value) => message.bool(5, value), values),
};

function list<T>(add: (message: Message, value: T) => void, values: readonly T[]): Message {
  const content = new Message();
  for (const value of values) add(content, value);
  return new Message().message(1, content);
}

function shapeMessage(shape: readonly number[]): Message {
  const message = new Message();
  for (const side of shape) message.message(2, new Message().int(1, side));
  return message;
}

/** An output of a node: "name" is its first, "name:2" its third. Prefixed by "^": wait for the node, take nothing. */
export type Edge = string;

export const after = (node: Edge): Edge => `^${node.split(':', 1)[0] ?? node}`;

/** The output as a fetch or feed name, with its index. */
export const fetchName = (edge: Edge): string => (edge.includes(':') ? edge : `${edge}:0`);

export class Graph {
  private readonly graph = new Message();
  private readonly constants = new Map<string, Edge>();
  private count = 0;

  /** Nodes so far. */
  get size(): number {
    return this.count;
  }

  /** Adds a node and returns its name, which is also the edge of its first output. */
  node(op: string, inputs: readonly Edge[], attributes: Readonly<Record<string, Message>> = {}, name?: string): Edge {
    const message = new Message();
    const unique = name ?? `n${this.count}`;
    this.count++;
    message.string(1, unique).string(2, op);
    for (const input of inputs) message.string(3, input);
    for (const [key, value] of Object.entries(attributes)) message.entry(5, key, value);
    this.graph.message(1, message);
    return unique;
  }

  placeholder(name: string, dtype: number, shape: readonly number[]): Edge {
    return this.node('Placeholder', [], { dtype: attribute.type(dtype), shape: attribute.shape(shape) }, name);
  }

  /** A constant; equal small ones share a node. */
  constant(dtype: number, shape: readonly number[], values: TypedArray): Edge {
    const content = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const key =
      content.length <= 256 ? `${dtype}/${shape.join()}/${Buffer.from(content).toString('latin1')}` : undefined;
    const known = key === undefined ? undefined : this.constants.get(key);
    if (known !== undefined) return known;
    const edge = this.node('Const', [], {
      dtype: attribute.type(dtype),
      value: attribute.tensor(dtype, shape, content.slice()),
    });
    if (key !== undefined) this.constants.set(key, edge);
    return edge;
  }

  scalar(value: number): Edge {
    return this.constant(DataType.float32, [], new Float32Array([value]));
  }

  /** An element-wise float32 operation with two inputs. */
  binary(op: 'AddV2' | 'Sub' | 'Mul' | 'RealDiv' | 'Maximum', a: Edge, b: Edge): Edge {
    return this.node(op, [a, b], { T: attribute.type(DataType.float32) });
  }

  unary(op: 'Sqrt' | 'Square' | 'Neg', x: Edge): Edge {
    return this.node(op, [x], { T: attribute.type(DataType.float32) });
  }

  identity(dtype: number, input: Edge, controls: readonly Edge[], name?: string): Edge {
    return this.node('Identity', [input, ...controls], { T: attribute.type(dtype) }, name);
  }

  /** The bytes of a saved_model.pb with this graph under the tag "serve". */
  savedModel(): Uint8Array {
    const versions = new Message().int(1, GRAPH_PRODUCER);
    this.graph.message(4, versions);
    const info = new Message().string(4, SERVE_TAG);
    const metaGraph = new Message().message(1, info).message(2, this.graph);
    return new Message().int(1, 1).message(2, metaGraph).finish();
  }
}

/** The GraphDef version this code writes; TensorFlow reads it from 2.9 to 2.21 and later. */
const GRAPH_PRODUCER = 1087;
