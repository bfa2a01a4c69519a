import type * as t from '@babel/types';
import type { Call, Field } from './analysis';
import type { Lines, Range } from './positions';

/** A call by a name or a chain of names; undefined for any other, such as `f()()`. */
export function readCall(node: t.CallExpression | t.NewExpression, text: string, lines: Lines): Call | undefined {
  const names = chainOf(node.callee);
  const last = names?.at(-1);
  if (names === undefined || last === undefined) return undefined;
  const range = (part: t.Node): Range => lines.range(part.start ?? 0, part.end ?? 0);
  // Type arguments may have brackets of their own: `new Layer<(a: A) => B>()`.
  const types = node.typeParameters as t.Node | null | undefined;
  const open = text.indexOf('(', types?.end ?? node.callee.end ?? 0);
  const end = node.end ?? 0;
  const [first] = node.arguments;
  const object = first?.type === 'ObjectExpression' ? first : undefined;
  // `new Layer` needs no brackets.
  const bracketed = open !== -1 && open < end;
  return {
    callee: names.map(({ name }) => name).join('.'),
    name: last.name,
    range: range(node),
    calleeRange: range(node.callee),
    nameRange: range(last),
    argumentsRange: bracketed ? lines.range(open + 1, text[end - 1] === ')' ? end - 1 : end) : lines.range(end, end),
    fields: object === undefined ? [] : fieldsOf(object, text, range),
    ...(object === undefined ? {} : { objectRange: range(object) }),
    arguments: node.arguments.map(range),
  };
}

function chainOf(node: t.Node): t.Identifier[] | undefined {
  if (node.type === 'Identifier') return [node];
  if (node.type === 'TSNonNullExpression') return chainOf(node.expression);
  if (node.type !== 'MemberExpression' || node.computed || node.property.type !== 'Identifier') return undefined;
  const owner = chainOf(node.object);
  return owner === undefined ? undefined : [...owner, node.property];
}

function fieldsOf(object: t.ObjectExpression, text: string, range: (node: t.Node) => Range): Field[] {
  return object.properties.flatMap((property): Field[] => {
    if (property.type === 'SpreadElement' || property.computed) return [];
    const { key } = property;
    const name = key.type === 'Identifier' ? key.name : key.type === 'StringLiteral' ? key.value : undefined;
    if (name === undefined) return [];
    const value = property.type === 'ObjectMethod' ? property : property.value;
    const valueRange = range(value);
    return [
      { name, nameRange: range(key), valueRange, value: text.slice(valueRange.start.offset, valueRange.end.offset) },
    ];
  });
}
