/** The JavaScript of a cell, as a tree whose places are known. */
import { parse, type ParserPlugin } from '@babel/parser';
import { analyze, type Scope } from 'eslint-scope';
import type * as es from 'estree';
import { notValid } from '../../modelFile/bundle';
import { mapped, type Original } from '../../modelFile/places';
import { eraseTypes, type Range } from './erase';
import type { Node } from './nodes';
import type { Position } from './rewriting';
import type { CellText } from './text';
import { isBraced, stripTypes } from './types';

export interface Script {
  readonly code: string;
  /** A module, in the offsets of `code`. */
  readonly program: es.Program;
  /** What of `code` is no JavaScript, and not in the tree. */
  readonly erased: readonly Range[];
  readonly scopes: readonly Scope[];
  /** Where a position of `code` stands in the cell. */
  readonly original: Original;
}

/** @throws LabError MODEL_SYNTAX with the place */
export async function scriptOf(text: CellText): Promise<Script> {
  return asItStands(text) ?? (await written(text));
}

/**
 * Most cells are JavaScript once their types are left out, which takes a fraction of the time that it takes to ask esbuild's
 * process. undefined: there is more to do, or something is wrong, for which esbuild has the words.
 */
function asItStands({ cell, source, language }: CellText): Script | undefined {
  const plugins: ParserPlugin[] = language === 'typescript' ? ['typescript'] : [];
  const asModule = (code: string): es.Program | undefined => {
    try {
      return parsed(code, plugins, { createParenthesizedExpressions: true });
    } catch {
      return undefined;
    }
  };
  // As in stripTypes.
  const literal = isBraced(source) ? asModule(`(${source}\n)`) : undefined;
  const shift = literal === undefined ? 0 : 1;
  const program = literal ?? asModule(source);
  if (program === undefined) return undefined;
  // What is put behind the last line must not be in a comment.
  const code = literal === undefined ? `${source}\n` : `(${source}\n)\n`;
  const erased = eraseTypes(program as Node, code);
  if (erased === undefined) return undefined;
  const scopes = scopesOf(program);
  if (scopes.some(assignsConstant)) return undefined;
  const original: Original = (line, column) => ({
    file: cell,
    line,
    column: Math.max(1, column + 1 - (line === 1 ? shift : 0)),
  });
  return { code, program, erased, scopes, original };
}

/** As esbuild writes it: without types and what is younger than `effects/instrument.ts` knows. */
async function written(text: CellText): Promise<Script> {
  const { code, map, shift } = await stripTypes(text);
  const inSource = mapped(map, '');
  const original: Original = (line, column) => {
    const found = inSource(line, column);
    if (found === undefined) return undefined;
    return { file: text.cell, line: found.line, column: Math.max(1, found.column - (found.line === 1 ? shift : 0)) };
  };
  let program: es.Program;
  try {
    program = parsed(code, []);
  } catch (error) {
    const { loc, message } = error as Error & { readonly loc?: Position };
    const location = loc === undefined ? undefined : original(loc.line, loc.column);
    throw notValid(message.replace(/ \(\d+:\d+\)$/, ''), location);
  }
  return { code, program, erased: [], scopes: scopesOf(program), original };
}

function parsed(code: string, plugins: readonly ParserPlugin[], options: object = {}): es.Program {
  const estree: ParserPlugin = ['estree', { classFeatures: true }];
  const { program } = parse(code, { sourceType: 'module', ranges: true, plugins: [...plugins, estree], ...options });
  return program as unknown as es.Program;
}

const scopesOf = (program: es.Program): readonly Scope[] =>
  analyze(program, { ecmaVersion: 2022, sourceType: 'module' }).scopes;

function assignsConstant({ variables }: Scope): boolean {
  return variables.some(
    ({ defs: [definition], references }) =>
      (definition?.type === 'ImportBinding' ||
        (definition?.type === 'Variable' && definition.parent.kind === 'const')) &&
      references.some((reference) => reference.isWrite() && reference.init !== true),
  );
}
