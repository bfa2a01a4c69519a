/** Leaving types out of a text gives what esbuild makes of it: held against every TypeScript file and cell of the lab. */
import assert from 'node:assert/strict';
import { parse } from '@babel/parser';
import esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { readNotebook } from '../../../src/notebook/document';
import { eraseTypes } from '../../../src/trainer/kernel/cell/erase';
import type { Node } from '../../../src/trainer/kernel/cell/nodes';
import { root } from '../../support/world';

const OPTIONS = {
  target: 'es2022',
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'silent',
  tsconfigRaw: { compilerOptions: { target: 'es2022', verbatimModuleSyntax: true } },
} as const;

/** undefined: it takes more than leaving parts out. */
function withoutTypes(source: string): string | undefined {
  const { program } = parse(source, {
    sourceType: 'module',
    createParenthesizedExpressions: true,
    plugins: ['typescript', ['estree', { classFeatures: true }]],
  });
  const erased = eraseTypes(program as unknown as Node, source);
  const last = erased?.toSorted((a, b) => b.start - a.start || b.end - a.end);
  return last?.reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), source);
}

const javascript = (source: string, loader: 'ts' | 'js'): string =>
  esbuild.transformSync(source, { ...OPTIONS, loader }).code;

function filesIn(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => path.join(root, folder, name)),
  );
}

describe('types that are left out of a cell', () => {
  it('leave what esbuild leaves: of every file of the lab, and every cell of its lessons', () => {
    const files = filesIn('src', 'webview', 'samples', 'test');
    const sources = [
      ...files.filter((file) => file.endsWith('.ts')).map((file) => fs.readFileSync(file, 'utf8')),
      ...files
        .filter((file) => file.endsWith('.lab.md'))
        .flatMap((file) => readNotebook(fs.readFileSync(file, 'utf8')).cells)
        .flatMap((cell) => (cell.kind === 'code' ? [cell.text] : [])),
    ];
    let erased = 0;
    for (const source of sources) {
      const code = withoutTypes(source);
      if (code === undefined) continue;
      erased += 1;
      assert.equal(javascript(code, 'js'), javascript(source, 'ts'), source);
    }
    assert.ok(erased > 300, `${String(erased)} of ${String(sources.length)}`);
  });

  const SAME = [
    'let a: number = 1, b!',
    'const f = async <T,>(x: T, y?: number, ...rest: T[]): Promise<T> => x;',
    'function f<T extends object>(this_: T, { a, b }: { a: number; b: string } = {} as any): asserts this_ is T {}',
    'let x = (a as B) as unknown as C, y = (<any>1, b!.c!.d!);',
    'let x = ((a as B)!).c satisfies D;',
    'f<A, B<C>>(x); new Map<string, number[]>(); tag<T>`x`; new Foo<T>',
    'import type { A } from "a"; import { type B, C } from "b"; import { type D } from "d"; let E, F, G; export type { E }; export { type F, G };',
    'interface A { b: string }\ntype C = { d: 1 } | undefined\nexport interface E {}\n1',
    'for (const x of y as Z[]) { let z: number; } for (let i: number = 0; i < 1; i++);',
    'try {} catch (error: unknown) {}',
    'class A<T> extends B<T> { x: number = 1; y: string; f<U>(a?: T): U { return a as U } static #z?: number; get w(): T { return 1 } }',
    'const x = { a: 1 as const, f(b: number): void {}, get c(): number { return 1 } };',
    'if (a as boolean) b as c\nelse d!',
    'let c = d as any ? e! : f<g>(h);',
  ];
  for (const source of SAME)
    it(source.replaceAll('\n', ' ⏎ '), () => {
      const code = withoutTypes(source);
      if (code !== undefined) assert.equal(javascript(code, 'js'), javascript(source, 'ts'));
    });

  const MORE = [
    'enum A { b }',
    'namespace A { export const b = 1 }',
    'class A { constructor(private b: number) {} }',
    'abstract class A { abstract b(): void }',
    'import a = require("a")',
    'const a = b?.c',
    'a ??= 1',
    'function f(this: A) {}',
    'declare const a: number',
    'let a = f<number>',
    'const f = (a: number)\n: number => a',
  ];
  for (const source of MORE)
    it(`take more: ${source.replaceAll('\n', ' ⏎ ')}`, () => {
      assert.equal(withoutTypes(source), undefined);
    });
});
