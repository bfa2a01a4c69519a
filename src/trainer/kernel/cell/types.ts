import type { TransformResult } from 'esbuild';
import { isBuildFailure, notValid, placeInLine } from '../../modelFile/bundle';
import type { CellText } from './text';

export interface Stripped {
  /** JavaScript: an ECMAScript module. */
  readonly code: string;
  readonly map: string;
  /** Columns by which the first line stands further right in the source that the map is of. */
  readonly shift: number;
}

/**
 * A cell's text without its types.
 * @throws LabError MODEL_SYNTAX with the place
 */
export async function stripTypes(text: CellText): Promise<Stripped> {
  // An object literal is one, as in a browser's console, although a statement that begins so is a block.
  if (isBraced(text.source)) {
    const literal = await strip({ ...text, source: `(${text.source}\n)` }).catch(() => undefined);
    if (literal !== undefined) return { ...literal, shift: 1 };
  }
  return { ...(await strip(text)), shift: 0 };
}

/** Whether a text may be an object literal. */
export const isBraced = (source: string): boolean => /^\s*\{[\s\S]*\}\s*$/.test(source);

async function strip({ cell, source, language }: CellText): Promise<Pick<Stripped, 'code' | 'map'>> {
  const esbuild = await import('esbuild');
  let result: TransformResult;
  try {
    result = await esbuild.transform(source, {
      loader: language === 'typescript' ? 'ts' : 'js',
      sourcefile: cell,
      sourcemap: 'external',
      sourcesContent: false,
      target: 'node20',
      charset: 'utf8',
      // As effects/instrument.ts wants it.
      supported: { 'optional-chain': false, 'logical-assignment': false },
      legalComments: 'none',
      logLevel: 'silent',
      // What is imported may be needed by a later cell only.
      tsconfigRaw: { compilerOptions: { target: 'es2022', verbatimModuleSyntax: true } },
    });
  } catch (error) {
    const [first] = isBuildFailure(error) ? error.errors : [];
    if (first === undefined) throw error;
    throw notValid(first.text, placeInLine(first, cell));
  }
  const constant = result.warnings.find(({ id }) => id === 'assign-to-constant');
  if (constant !== undefined) throw notValid(constant.text, placeInLine(constant, cell));
  return result;
}
