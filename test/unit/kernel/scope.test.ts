/** The lasting scope of a notebook's cells: real kernels, in processes of their own. */
import assert from 'node:assert/strict';
import { Notebook } from './support';

describe('the scope of a notebook', function () {
  this.timeout(120_000);
  let notebook: Notebook;
  before(() => (notebook = new Notebook()));
  after(() => notebook.dispose());

  const shows = async (source: string, expected: string | undefined): Promise<void> => {
    assert.equal(await notebook.value(source), expected, source);
  };

  it('keeps what a cell declares for the cells after it, and the last expression is the result', async () => {
    await shows('const a: number = 2; let b = 3', undefined);
    await shows('a * b', '6');
    await shows('b = 4; a * b', '8');
    await shows('a; const unseen = 1', undefined);
  });

  it('lets every kind of declaration replace every other', async () => {
    const kinds = [
      'const x = 1',
      'let x = 1',
      'var x = 1',
      'class x {}',
      'function x() {}',
      'enum x { A }',
      'import x from "node:fs"',
    ];
    const values = ['number', 'number', 'number', 'function', 'function', 'object', 'object'];
    for (const first of kinds)
      for (const [index, second] of kinds.entries()) {
        await notebook.value(first);
        await notebook.value(second);
        assert.equal(await notebook.value('typeof x'), values[index], `${first}; ${second}`);
      }
  });

  it('gives functions the newest value of what they read', async () => {
    await notebook.value('let rate = 1; const read = () => rate');
    await notebook.value('const rate = 2');
    await shows('read()', '2');
  });

  it('hoists functions and var as a script does', async () => {
    await shows('const early = twice(4); function twice(n: number) { return 2 * n }; early', '8');
    await shows('for (var i = 0; i < 3; i++) { var inner = i } JSON.stringify([i, inner])', '[3,2]');
    await shows('if (false) { var never = 1 } typeof never', 'undefined');
    await shows('var p = 1, q; var p = 5; JSON.stringify([p, q])', '[5,null]');
    await shows('for (var key in { a: 1 }) {} for (var [m] of [[7]]) {} key + m', 'a7');
  });

  it('names functions and classes as the learner did', async () => {
    await shows('function named() {} class Named {} named.name + Named.name', 'namedNamed');
  });

  it('gives names back whose declaration threw', async () => {
    assert.equal((await notebook.run('const broken = JSON.parse("{")')).end.state, 'failed');
    await shows('const broken = 3; broken', '3');
  });

  it('awaits at the top, in loops, and a promise that is the result', async () => {
    await shows('await Promise.resolve(3) + 1', '4');
    await shows('for await (const n of [1, 2]) { n } ', '2');
    await shows('Promise.resolve("late")', 'late');
    await shows(
      'const { value } = await new Promise<{ value: number }>((r) => setTimeout(r, 5, { value: 9 })); value',
      '9',
    );
  });

  it('takes an object literal for one, and a block for a block', async () => {
    assert.match((await notebook.value('{ a: 1, b: [2] }')) ?? '', /a: 1[^]*b: /);
    await shows('{ const only = 1; }', undefined);
    await shows('typeof only', 'undefined');
    await shows('"text"', 'text');
    await shows('', undefined);
    await shows('// nothing but a comment', undefined);
  });

  it('runs TypeScript: enums, namespaces, generics, satisfies, decorators, parameter properties, using', async () => {
    await shows('enum Color { Red, Green } Color[Color.Green]', 'Green');
    await shows('enum Color { Blue } Object.keys(Color).length', '2');
    await shows('namespace N { export const a = 4 } N.a', '4');
    await shows('function id<T>(x: T): T { return x } id<number>(3)!', '3');
    await shows('const settings = { rate: 0.1 } satisfies Record<string, number>; settings.rate as number', '0.1');
    await shows(
      'interface Shape { readonly area: number } type Maybe<T> = T | undefined; abstract class Base { abstract x: number }',
      undefined,
    );
    await shows(
      'class Point { constructor(readonly x: number, private y = 2) {} sum() { return this.x + this.y } } new Point(1).sum()',
      '3',
    );
    await shows(
      'const twice2 = (m: Function, _: unknown) => function (this: unknown) { return 2 * m.call(this) }; class D { @twice2 m() { return 4 } } new D().m()',
      '8',
    );
    await shows('class E { @twice2 m() { return 1 } } new D().m() + new E().m()', '10');
  });

  it('strips types alone: JavaScript cells know none', async () => {
    await shows('const plain = { a: 1 }; plain?.a ?? 2', '1');
    assert.equal(await notebook.value('1 < 2 > (3)', { language: 'javascript' }), 'false');
    assert.equal(
      (await notebook.run('let typed: number = 1', { language: 'javascript' })).end.error?.code,
      'MODEL_SYNTAX',
    );
  });

  it('ends a statement where its line ends, also where something of ours or a type stands behind it', async () => {
    await shows('let asi = 1, called = () => 9\nfunction between() {}\n(asi)', '1');
    await shows('var va\n(2)', '2');
    await shows('let counted = 5\nvar vb = counted++\n(vb)', '5');
    await shows('let m = 1 as number\n(m + 1)', '2');
    await shows('m\nimport os3 from "node:os"\n[1].length', '1');
    await shows('class Ended {}\n(3)', '3');
    await shows('if (m) var vc = 1\nelse var vd = 2\nvc', '1');
    await shows('await asi++\n(4)', '4');
    await shows('class Fields { a = asi++\n["b"]() { return 1 } }\nnew Fields().b()', '1');
    await shows('m // said at the end', '1');
    assert.equal(await notebook.value('const ending = 1 // said at the end'), undefined);
    await shows('export default (1, 2)', '2');
    await shows('export default m // said', '1');
  });

  it('hides nothing from the process that has a name of its own: performance, window, process', async () => {
    await notebook.value(
      'const performance = 0.9, window = 10, process = "mine", setTimeout = 1; class Buffer {}; function fetch() { return 5 }',
    );
    await shows(
      'JSON.stringify([performance, window, process, setTimeout, Buffer.name, fetch()])',
      '[0.9,10,"mine",1,"Buffer",5]',
    );
    await shows('JSON.stringify({ performance, window })', '{"performance":0.9,"window":10}');
    await shows(
      'const { window: w, process: { length } } = { window, process }; const read2 = ({ window = 3 }) => window; JSON.stringify([w, length, read2({})])',
      '[10,4,3]',
    );
    await shows('performance += 1; performance', '1.9');
    await shows('const fs2 = await import("node:fs"); typeof globalThis.performance.now()', 'number');
    const { end } = await notebook.run('performance.now()');
    assert.equal(end.error?.message, 'TypeError: performance.now is not a function');
  });

  it('is strict: an assignment to nothing that is declared is an error, and so is one to a constant', async () => {
    assert.match((await notebook.run('undeclared = 1')).end.error?.message ?? '', /undeclared is not defined/);
    const { error } = (await notebook.run('const c = 1;\n  c = 2')).end;
    assert.equal(error?.code, 'MODEL_SYNTAX');
    assert.deepEqual(error.location, { file: 'cell:1', line: 2, column: 3 });
  });

  it('counts the cells, and says what each declares and uses', async () => {
    const first = (
      await notebook.run(
        'const up = 1; class Up {}; function go() {} import os from "node:os"; const { x: [deep] } = { x: [1] }',
      )
    ).end;
    assert.deepEqual(new Set(first.declares), new Set(['up', 'Up', 'go', 'os', 'deep']));
    assert.deepEqual(first.uses, []);
    const second = (await notebook.run('let sum = up + deep; { const inner = sum; inner } console.log(Math.max(1))'))
      .end;
    assert.deepEqual(second.declares, ['sum']);
    assert.deepEqual(new Set(second.uses), new Set(['up', 'deep']));
    assert.equal(second.order, first.order + 1);
  });
});
