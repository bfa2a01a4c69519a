/**
 * Takes the types out of a cell's tree where they only stand beside JavaScript, as most do: annotations, arguments of types,
 * `as`, `satisfies`, `!`, interfaces, names of types, imports of types.
 */
import { isNode, type Node } from './nodes';

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** What Babel has of a node beyond the tree of JavaScript. */
type Typed = Node & Record<string, unknown> & { end: number };

/** Nodes that are gone with all that is in them. */
const BESIDE = new Set(['TSTypeAnnotation', 'TSTypeParameterDeclaration', 'TSTypeParameterInstantiation']);
/** What stands for the expression in it. */
const AROUND = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression', 'ParenthesizedExpression']);
const STATEMENTS = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);
/** Marks of a class's members and of declarations that have no meaning in JavaScript. */
const MARKS = ['accessibility', 'abstract', 'override', 'readonly', 'declare', 'definite', 'optional', 'implements'];
/** What effects/instrument.ts wants to have written out. */
const LOWERED = new Set(['ChainExpression', 'ClassAccessorProperty', 'Decorator']);
const LOWERED_OPERATORS = new Set(['||=', '&&=', '??=']);

/** A tree in which there is more than types to take out. */
class NotErasable extends Error {}

/**
 * @param program parsed by Babel as TypeScript with its plugin `estree` and `createParenthesizedExpressions`; a tree of
 * JavaScript afterwards, whose offsets are those of the text still
 * @returns the parts of the text that are types; undefined: it takes more than leaving parts out to make it JavaScript
 */
export function eraseTypes(program: Node, code: string): readonly Range[] | undefined {
  const erased: Range[] = [];
  try {
    clean(program as Typed);
    return erased;
  } catch (error) {
    if (error instanceof NotErasable) return undefined;
    throw error;
  }

  function clean(node: Typed): void {
    if (node.type === 'Identifier') {
      identifier(node);
      return;
    }
    if (LOWERED.has(node.type) || LOWERED_OPERATORS.has(String(node.operator))) throw new NotErasable();
    if (MARKS.some((mark) => isSet(node[mark]))) throw new NotErasable();
    for (const [key, value] of Object.entries(node)) {
      if (key === 'loc' || key === 'extra' || key.endsWith('Comments')) continue;
      if (Array.isArray(value)) node[key] = value.filter((child) => !isErased(child)).map(plain);
      else if (!isNode(value)) continue;
      else if (!BESIDE.has(value.type)) node[key] = plain(value);
      else {
        if (key === 'returnType' && !/\)[^\S\n]*$/.test(code.slice(0, value.start))) throw new NotErasable();
        erased.push(value);
        // Of a pattern, its type is a part.
        if (node.end === value.end) node.end = value.start;
        Reflect.deleteProperty(node, key);
      }
    }
  }

  /** Its type and its `?` belong to it. */
  function identifier(node: Typed): void {
    const end = node.start + String(node.name).length;
    if (node.name === 'this' || code.slice(node.start, end) !== node.name) throw new NotErasable();
    if (end < node.end) erased.push({ start: end, end: node.end });
    node.end = end;
    Reflect.deleteProperty(node, 'typeAnnotation');
  }

  /** Statements and names of imports. */
  function isErased(child: unknown): boolean {
    if (!isNode(child)) return false;
    const { importKind, exportKind } = child as Typed;
    if (!STATEMENTS.has(child.type) && importKind !== 'type' && exportKind !== 'type') return false;
    const comma = child.type.endsWith('Specifier') ? /^\s*,/.exec(code.slice(child.end)) : null;
    erased.push({ start: child.start, end: child.end + (comma?.[0].length ?? 0) });
    return true;
  }

  function plain(child: unknown): unknown {
    if (!isNode(child)) return child;
    const node = child as Typed;
    if (AROUND.has(node.type)) {
      const inner = node.expression as Typed;
      if (child.type.startsWith('TS')) erased.push({ start: inner.end, end: node.end });
      return plain(inner);
    }
    if (node.type.startsWith('TS')) throw new NotErasable();
    clean(node);
    return node;
  }
}

function isSet(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null && value !== false;
}
