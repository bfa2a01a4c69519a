/** A plain value as a tree, as much of it as anyone looks at. */
import * as tf from '@tensorflow/tfjs';
import type { TreeNode } from '../../../protocol/display';

const MOST_CHILDREN = 100;
const MOST_NODES = 2000;
const MOST_CHARACTERS = 10_000;
const MOST_DEPTH = 6;

type Type = TreeNode['type'];

export function treeOf(value: unknown): TreeNode {
  let nodes = 0;
  const visit = (of: unknown, key: string | undefined, above: readonly object[]): TreeNode => {
    nodes++;
    const base = { ...(key === undefined ? {} : { key }), ...described(of) };
    if (typeof of !== 'object' || of === null || of instanceof tf.Tensor) return base;
    if (above.includes(of)) return { ...base, text: `↺ ${base.text}`, type: 'circular' };
    const parts = partsOf(of);
    if (parts.count === 0) return base;
    if (above.length >= MOST_DEPTH || nodes > MOST_NODES) return { ...base, more: parts.count };
    const children: TreeNode[] = [];
    for (const { key: name, read } of parts.first) {
      if (nodes > MOST_NODES) break;
      children.push(visit(read(), name, [...above, of]));
    }
    const more = parts.count - children.length;
    return { ...base, children, ...(more > 0 ? { more } : {}) };
  };
  return visit(value, undefined, []);
}

export interface Part {
  readonly key: string;
  readonly read: () => unknown;
}

/** What is in an object: how many parts, and the first of them. Getters are not called: they may do anything. */
export function partsOf(object: object): { readonly count: number; readonly first: readonly Part[] } {
  if (isList(object)) {
    const first = Array.from({ length: Math.min(object.length, MOST_CHILDREN) }, (_, index) => ({
      key: String(index),
      read: () => object[index],
    }));
    return { count: object.length, first };
  }
  if (object instanceof Map)
    return firstOf<[unknown, unknown]>(object, ([key, value]) => ({ key: described(key).text, read: () => value }));
  if (object instanceof Set)
    return firstOf<unknown>(object, (value, index) => ({ key: String(index), read: () => value }));
  if (object instanceof Date || object instanceof RegExp || object instanceof Promise) return { count: 0, first: [] };
  const keys = Object.keys(object);
  if (object instanceof Error) keys.unshift('stack');
  const first = keys.slice(0, MOST_CHILDREN).map((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    const getter = descriptor?.get !== undefined;
    return { key, read: () => (getter ? GETTER : (descriptor?.value as unknown)) };
  });
  return { count: keys.length, first };
}

/** The keys of a long array would be as many strings; of a short one they tell what else it holds, and where nothing is. */
function isList(object: object): object is ArrayLike<unknown> & object {
  if (Array.isArray(object)) return object.length > MOST_CHILDREN;
  return ArrayBuffer.isView(object) && !(object instanceof DataView);
}

function firstOf<T>(
  all: Iterable<T> & { readonly size: number },
  part: (one: T, index: number) => Part,
): ReturnType<typeof partsOf> {
  const first: Part[] = [];
  for (const one of all) {
    if (first.length === MOST_CHILDREN) break;
    first.push(part(one, first.length));
  }
  return { count: all.size, first };
}

const GETTER = Symbol('…');

/** In one line, and what colours it. */
export function described(value: unknown): { readonly text: string; readonly type: Type } {
  switch (typeof value) {
    case 'string':
      return {
        text: JSON.stringify(value.slice(0, MOST_CHARACTERS)) + (value.length > MOST_CHARACTERS ? ' …' : ''),
        type: 'string',
      };
    case 'number':
      return { text: Object.is(value, -0) ? '-0' : String(value), type: 'number' };
    case 'bigint':
      return { text: `${String(value).slice(0, MOST_CHARACTERS)}n`, type: 'number' };
    case 'boolean':
      return { text: String(value), type: 'boolean' };
    case 'undefined':
      return { text: 'undefined', type: 'null' };
    case 'symbol':
      return { text: value === GETTER ? '(getter)' : value.toString(), type: 'other' };
    case 'function':
      return { text: functionText(value), type: 'function' };
    case 'object':
      return value === null ? { text: 'null', type: 'null' } : { text: objectText(value), type: 'object' };
  }
}

function functionText(value: object): string {
  const { name } = value as { readonly name?: unknown };
  const source = Function.prototype.toString.call(value);
  const kind = source.startsWith('class') ? 'class' : 'ƒ';
  return `${kind} ${typeof name === 'string' ? name : ''}`.trim();
}

const isTensor = (value: object): value is tf.Tensor => value instanceof tf.Tensor;

function objectText(value: object): string {
  if (isTensor(value)) return `Tensor [${value.shape.join(', ')}] ${value.dtype}`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  const name = constructorOf(value);
  if (Array.isArray(value)) return `Array(${value.length})${preview(value)}`;
  if (ArrayBuffer.isView(value) && 'length' in value) return `${name}(${String(value.length)})`;
  if (value instanceof Map || value instanceof Set) return `${name}(${value.size})`;
  return `${name === 'Object' ? '' : `${name} `}${preview(value)}`;
}

export function constructorOf(value: object): string {
  const made = (Object.getPrototypeOf(value) as { readonly constructor?: { readonly name?: unknown } } | null)
    ?.constructor;
  return typeof made?.name === 'string' && made.name !== '' ? made.name : 'Object';
}

/** The first few parts, without what is inside of them. */
function preview(value: object): string {
  const parts = partsOf(value);
  const few = parts.first.slice(0, 5).map(({ key, read }) => {
    const part = read();
    const text =
      typeof part === 'object' && part !== null
        ? Array.isArray(part)
          ? `Array(${part.length})`
          : '{…}'
        : described(part).text;
    const short = text.length > 40 ? `${text.slice(0, 39)}…` : text;
    return Array.isArray(value) ? short : `${key}: ${short}`;
  });
  const all = [...few, ...(parts.count > few.length ? ['…'] : [])].join(', ');
  if (Array.isArray(value)) return ` [${all}]`;
  return all === '' ? '{}' : `{ ${all} }`;
}

/** The same as text: what is unfolded in a terminal. */
export function treeText({ text, children, more = 0 }: TreeNode, indent = ''): string {
  if (children === undefined || children.length === 0) return text;
  const lines = children
    .slice(0, 20)
    .map(
      (child) => `${indent}  ${child.key ?? ''}: ${indent.length >= 4 ? child.text : treeText(child, `${indent}  `)}`,
    );
  const left = more + Math.max(0, children.length - 20);
  return [text, ...lines, ...(left > 0 ? [`${indent}  … ${left}`] : [])].join('\n');
}
