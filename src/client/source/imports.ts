import { LAB_MODULE } from './assemble';
import type { Edit } from './edits';

const IMPORT = new RegExp(`import\\s*\\{([^}]*)\\}\\s*from\\s*['"]${LAB_MODULE}['"]`);

/** What it takes to have a name of the lab's in scope: nothing, if it is there already. */
export function importing(name: string, text: string): Edit[] {
  const match = IMPORT.exec(text);
  const listed = match?.[1];
  if (match === null || listed === undefined) {
    return [{ start: 0, end: 0, text: `import { ${name} } from '${LAB_MODULE}';\n` }];
  }
  const names = [...listed.matchAll(/(?:type\s+)?([\w$]+)(?:\s+as\s+[\w$]+)?/g)];
  if (names.some(([, imported]) => imported === name)) return [];
  const start = match.index + match[0].indexOf('{') + 1;
  // In the order of the alphabet, where that is kept.
  const after = names.findLast(([, imported = '']) => imported < name);
  if (after === undefined) return [{ start, end: start, text: ` ${name},` }];
  const at = start + after.index + after[0].length;
  return [{ start: at, end: at, text: `, ${name}` }];
}
