/** An exercise's declaration in a text: where it is, and edits that touch nothing else. */
import { createHash } from 'node:crypto';
import { analyse } from '../source/analyse';
import type { Declaration } from '../source/analysis';

/** The exported declaration of that name, else one that is not exported. */
export function declarationOf(text: string, name: string): Declaration | undefined {
  return pick(analyse(text).declarations, name);
}

function pick(declarations: readonly Declaration[], name: string): Declaration | undefined {
  const named = declarations.filter((declaration) => declaration.name === name);
  return named.find(({ exported }) => exported) ?? named[0];
}

/** The declaration's text, comments above it not included. */
export function answerIn(text: string, name: string): string | undefined {
  const declaration = declarationOf(text, name);
  return declaration === undefined
    ? undefined
    : text.slice(declaration.range.start.offset, declaration.range.end.offset);
}

/** SHA-256 of an answer, hex; white space at line ends does not count, nor whether they are of Windows. */
export function answerHash(answer: string): string {
  return createHash('sha256')
    .update(answer.replace(/[ \t\r]+$/gm, ''))
    .digest('hex');
}

/** The hashes of these declarations in a text; of those that are not in it: undefined. */
export function answerHashes(text: string, names: readonly string[]): ReadonlyMap<string, string | undefined> {
  const { declarations } = analyse(text);
  return new Map(
    names.map((name) => {
      const range = pick(declarations, name)?.range;
      return [name, range === undefined ? undefined : answerHash(text.slice(range.start.offset, range.end.offset))];
    }),
  );
}

/** Replaces the text between two offsets. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Puts `answer` in the place of the declaration; where it is gone, at the end of the text. */
export function replaceAnswer(text: string, name: string, answer: string): TextEdit {
  const declaration = declarationOf(text, name);
  if (declaration !== undefined) {
    return { start: declaration.range.start.offset, end: declaration.range.end.offset, text: answer };
  }
  const gap = text === '' || text.endsWith('\n') ? '\n' : '\n\n';
  return { start: text.length, end: text.length, text: `${gap}${answer}\n` };
}

export function apply(text: string, { start, end, text: inserted }: TextEdit): string {
  return text.slice(0, start) + inserted + text.slice(end);
}
