import type * as es from 'estree';

/** A node of a script, with its offsets. */
export type Node = es.Node & { readonly start: number; readonly end: number };

/** Of a node, whatever Babel has put beside the tree left out. */
export function* childrenOf(node: Node): Generator<Node> {
  for (const [key, value] of Object.entries(node) as [string, unknown][]) {
    if (key === 'loc' || key === 'extra' || key.endsWith('Comments')) continue;
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(child)) yield child;
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}
