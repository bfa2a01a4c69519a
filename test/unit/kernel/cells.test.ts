/** What cells may do to their kernel, and to each other: real kernels in processes of their own. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { executeCell, interruptCell } from '../../../src/client/notebook/cells';
import { toErrorData } from '../../../src/protocol/errors';
import type { OutputEvent } from '../../../src/protocol/kernel';
import { eventually } from '../../support/wait';
import { Notebook } from './support';

describe("a notebook's cell", function () {
  this.timeout(120_000);
  let notebook: Notebook;
  before(() => (notebook = new Notebook()));
  after(() => notebook.dispose());

  const shows = async (source: string, expected: string | undefined): Promise<void> => {
    assert.equal(await notebook.value(source), expected, source);
  };
  const errorOf = async (source: string) => {
    const { end } = await notebook.run(source);
    assert.equal(end.state, 'failed', source);
    return end.error!;
  };

  describe('imports', () => {
    it('the lab with TensorFlow.js, by every form of import, and Node', async () => {
      await shows(
        "import { tf, experiment } from 'deep-learning-lab'; tf.scalar(2).square().dataSync()[0] + typeof experiment",
        '4function',
      );
      await shows(
        "import * as lab from 'deep-learning-lab'; import fs, { existsSync as there } from 'node:fs'; [typeof lab.tf, typeof fs.readFileSync, there('/')].join()",
        'object,function,true',
      );
      await shows("const { tf: late } = await import('deep-learning-lab'); late === tf", 'true');
      await shows("const p = () => import('node:path'); (await p()).default.basename('/a/b')", 'b');
    });

    it('own files, anew when they were edited, else the very same; JSON; what they import', async () => {
      notebook.write('parts/deep.ts', 'export const factor: number = 2;');
      const file = notebook.write(
        'net.ts',
        "import { factor } from './parts/deep';\nexport class Net { size = 1 * factor }\nexport default 'whole';",
      );
      notebook.write('data.json', '{"rows":[1,2]}');
      await shows(
        "import whole, { Net } from './net'; import data, { rows } from './data.json'; const first = Net; [whole, new Net().size, data.rows === rows, rows.length].join()",
        'whole,2,true,2',
      );
      await shows("import { Net } from './net.ts'; Net === first", 'true');
      await shows("import { Net } from './net.js'; Net === first", 'true');
      notebook.write('parts/deep.ts', 'export const factor: number = 5;');
      await shows("import { Net } from './net'; [Net === first, new Net().size].join()", 'false,5');
      fs.writeFileSync(file, 'export const only = 1;');
      assert.equal((await errorOf("import { Net } from './net'; new Net()")).code, 'MODEL_IMPORT');
    });

    it('packages beside the notebook, of both kinds', async () => {
      notebook.write('node_modules/old/index.js', 'exports.kind = "commonjs"; exports.here = __filename;');
      notebook.write(
        'node_modules/new/package.json',
        '{"name":"new","type":"module","exports":{"import":"./main.js"}}',
      );
      notebook.write('node_modules/new/main.js', 'export const kind = "module"; export default 7;');
      await shows(
        "import { kind } from 'old'; import seven, { kind as other } from 'new'; [kind, other, seven].join()",
        'commonjs,module,7',
      );
    });

    it('types as types: a name that nothing reads need not be there', async () => {
      notebook.write('types.ts', 'export interface Shape { a: number }\nexport const real = 1;');
      await shows("import { Shape, real } from './types'; const s: Shape = { a: real }; s.a", '1');
      await shows("import type { Other } from './no-such-file'; 5", '5');
    });

    it('what is not there is an error at its place', async () => {
      const missing = await errorOf("1;\nimport x from './gone'; x");
      assert.deepEqual([missing.code, missing.location?.file, missing.location?.line], ['MODEL_IMPORT', 'cell:1', 2]);
      assert.equal((await errorOf("import x from 'no-such-package'; x")).code, 'MODEL_IMPORT');
      const name = await errorOf("import { tensorflow } from 'deep-learning-lab';\ntensorflow");
      assert.deepEqual([name.code, name.found, name.location?.line], ['MODEL_IMPORT', 'tensorflow', 1]);
      notebook.write('bad.json', '{');
      assert.equal((await errorOf("import b from './bad.json'; b")).code, 'MODEL_IMPORT');
      notebook.write('bad.ts', 'export const a = ;');
      const bad = await errorOf("import { a } from './bad'; a");
      assert.deepEqual(
        [bad.code, path.basename(bad.location!.file), bad.location!.line],
        ['MODEL_SYNTAX', 'bad.ts', 1],
      );
    });
  });

  describe('errors', () => {
    it('have their line and column in the cell, whatever types, imports and functions stand before', async () => {
      const thrown = await errorOf(
        "import os from 'node:os';\nconst f = (x: number): number => {\n  if (x > 0) throw new RangeError('too much' as string);\n  return x;\n};\nasync function g<T>(x: T) { await 0; return f(3) }\nawait g<number>(1);",
      );
      assert.equal(thrown.message, 'RangeError: too much');
      assert.deepEqual(thrown.location, { file: 'cell:1', line: 3, column: 20 });
      assert.deepEqual(
        thrown.trace?.map(({ line }) => line),
        [3, 6, 7],
      );
      const literal = await errorOf('{ a: missing }');
      assert.deepEqual(literal.location, { file: 'cell:1', line: 1, column: 6 });
    });

    it('lead to the other cell and the own file that threw', async () => {
      await notebook.run('const inFirst = () => { throw new Error("first") }', { cell: 'cell:first' });
      assert.deepEqual((await errorOf('\ninFirst()')).trace, [
        { file: 'cell:first', line: 1, column: 31 },
        { file: 'cell:1', line: 2, column: 1 },
      ]);
      const file = notebook.write('thrower.ts', 'export function go(): never {\n  throw new Error("file");\n}');
      assert.equal((await errorOf("import { go } from './thrower'; go()")).location?.file, file);
    });

    it('of syntax are found at their place', async () => {
      for (const [source, line, column] of [
        ['let x = ;', 1, 9],
        ['1;\n  return 5', 2, 3],
        ['const ä = "ö"; let ä = 2', 1, 20],
        ['{ a: 1, b: }', 1, 10],
      ] as const) {
        const { code, location } = await errorOf(source);
        assert.deepEqual([code, location?.line, location?.column], ['MODEL_SYNTAX', line, column], source);
      }
    });

    it('that are no errors, and shapes that do not fit, are worded', async () => {
      assert.match((await errorOf('throw 5')).message, /5, which is not an Error/);
      const shape = await errorOf('tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 5]))');
      assert.equal(shape.code, 'MODEL_SHAPE');
      assert.equal(shape.location?.file, 'cell:1');
    });
  });

  describe('does its worst', () => {
    it('process.exit() and its like are errors of the cell', async () => {
      for (const call of ['process.exit()', 'process.abort()', 'process.kill(process.pid)'])
        assert.equal((await errorOf(call)).code, 'MODEL_EXIT');
    });

    it('an error that nobody awaits fails the running cell, or stands below the last one', async () => {
      const error = await errorOf('setTimeout(() => { throw new Error("timer") }, 10); await new Promise(() => {})');
      assert.equal(error.message, 'Error: timer');
      const request = notebook.request('void Promise.reject(new Error("left alone")); 1');
      const kernel = await notebook.kernel();
      await kernel.request('cell/execute', request);
      await eventually(
        () =>
          notebook
            .events(request.ticket)
            .some((event) => event.kind === 'stream' && event.text.includes('left alone')) || undefined,
        'it is told',
      );
      await shows('1 + 1', '2');
    });

    it('a circular value and a getter that throws are shown', async () => {
      for (const source of [
        'const circle: any = {}; circle.self = circle; circle',
        '({ get x() { throw new Error("no") } })',
      ])
        assert.equal((await notebook.run(source)).end.state, 'done', source);
    });

    it('100 MB of output are cut, and said to be', async () => {
      const { end, printed } = await notebook.run(
        'const piece = "x".repeat(1023) + "\\n"; for (let i = 0; i < 100 * 1024; i++) process.stdout.write(piece)',
      );
      assert.equal(end.state, 'done');
      assert.ok(printed.length < 20 * 2 ** 20, String(printed.length));
      assert.match(printed, /more output than can be shown/);
    });

    it('a cell of 10 MB runs', async () => {
      await shows(`const big = "${'y'.repeat(10 * 2 ** 20)}"; big.length`, String(10 * 2 ** 20));
    });

    it('what it disposes is said to be gone where it is used', async () => {
      await notebook.value('const shared = tf.ones([2]); shared.dispose()');
      assert.match((await errorOf('shared.square()')).message, /disposed/i);
      await notebook.value('shared');
      assert.equal(await notebook.value('1'), '1');
    });

    it('output that comes late is still its own', async () => {
      const request = notebook.request('setTimeout(() => console.log("late"), 300); 0');
      const kernel = await notebook.kernel();
      await kernel.request('cell/execute', request);
      const isLate = (event: OutputEvent): boolean => event.kind === 'stream' && event.text === 'late\n';
      await eventually(() => notebook.events(request.ticket).some(isLate) || undefined, 'the late output');
    });
  });

  describe('frees', () => {
    const count = async (): Promise<number> =>
      (await (await notebook.kernel()).request('kernel/variables', {})).tensors.count;
    /** How many there are when what was left before is freed. */
    const settled = async (): Promise<number> => {
      let before = -1;
      return await eventually(async () => {
        const now = await count();
        if (now === before) return now;
        before = now;
        await new Promise((resolve) => setTimeout(resolve, 300));
        return undefined;
      }, 'what was left before is freed');
    };

    it('tensors that no name leads to, and no others', async () => {
      await notebook.value("import { tf } from 'deep-learning-lab'");
      await notebook.value(
        'const keptA = tf.ones([3]); const box = { inside: [tf.zeros([2])] }; const closed = (() => { const t = tf.scalar(5); return () => t.dataSync()[0] })()',
      );
      await notebook.value('0');
      const before = await settled();
      await notebook.value(
        'for (let i = 0; i < 1000; i++) tf.ones([10]).add(i).reshape([2, 5]); tf.ones([3, 3]).sum()',
      );
      await eventually(async () => ((await count()) === before ? true : undefined), 'the tensors are freed', 30);
      await shows('[keptA.dataSync()[0], box.inside[0].dataSync()[0], closed()].join()', '1,0,5');
    });

    const MAKES = {
      'a model of layers that has predicted':
        'const again = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [3] }), tf.layers.dense({ units: 2 })] }); again.predict(tf.ones([1, 3]));',
      'a functional model':
        'const again = (() => { const x = tf.input({ shape: [3] }); const y = tf.layers.add().apply([tf.layers.dense({ units: 4 }).apply(x), tf.layers.dense({ units: 4 }).apply(x)]); return tf.model({ inputs: x, outputs: y }); })(); again.predict(tf.ones([1, 3]));',
      'variables of the learner, and an optimizer that has moved them':
        'const again = { w: tf.variable(tf.ones([3])), adam: tf.train.adam(0.1) }; again.adam.minimize(() => again.w.square().sum(), false, [again.w]); again.w;',
      'a trained experiment':
        "const again = await train(experiment({ title: 'again', data: datasets.circles({ train: 32, test: 16 }), epochs: 1, batchSize: 16, optimizer: () => tf.train.adam(0.01), loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }), model: ({ inputShape, classes }) => tf.sequential({ layers: [tf.layers.dense({ inputShape, units: classes })] }) }));",
    };
    for (const [what, source] of Object.entries(MAKES))
      it(`${what}, when its name has another value`, async () => {
        await notebook.value("import { datasets, experiment, losses, tf, train } from 'deep-learning-lab'");
        await notebook.value(source);
        await notebook.value(source);
        await notebook.value('0');
        const before = await settled();
        for (let round = 0; round < 3; round++) await notebook.value(source);
        await notebook.value('0');
        await eventually(async () => ((await count()) <= before ? true : undefined), 'those before are freed', 30);
      });
  });

  describe('interrupted', () => {
    before(() => notebook.value("import fs from 'node:fs'"));
    /** @param loop what never gives its process a turn; it has begun when there is a file */
    const begins = (loop: string): string => `fs.writeFileSync('begun', ''); ${loop}`;
    const interrupted = async (source: string): Promise<{ state: string; how: string }> => {
      const kernel = await notebook.kernel();
      const request = notebook.request(`console.log('runs'); ${source}`);
      const begun = source.includes(begins('')) ? path.join(notebook.bench.folder, 'begun') : undefined;
      const running = executeCell(kernel, request, () => undefined);
      // What a loop that never ends has printed is not told before it ends.
      await eventually(() => {
        const isThere = begun === undefined ? notebook.events(request.ticket).length > 0 : fs.existsSync(begun);
        return isThere || undefined;
      }, 'it runs');
      if (begun !== undefined) fs.rmSync(begun);
      // Only where the loop is to be ended has the time to pass.
      const how = await interruptCell(kernel, request.ticket, begun === undefined ? 60 : 3);
      // Whose process had to be ended, it does not hear how its cell did.
      const outcome = await running.catch((error: unknown) => {
        assert.equal(toErrorData(error).code, 'CANCELLED');
        return { kind: 'died' } as const;
      });
      return { state: outcome.kind === 'ended' ? outcome.end.state : outcome.kind, how };
    };
    it('leaves what it awaits, ends a loop that awaits, and one that does not; the scope stays', async () => {
      await notebook.value('import { tf } from "deep-learning-lab"; let counted = 0, survivor = "here"');
      assert.deepEqual(await interrupted('await new Promise(() => {})'), { state: 'cancelled', how: 'cooperative' });
      assert.deepEqual(await interrupted('for (;;) { await new Promise((r) => setTimeout(r, 1)); counted++ }'), {
        state: 'cancelled',
        how: 'cooperative',
      });
      const before = Number(await notebook.value('counted'));
      await new Promise((resolve) => setTimeout(resolve, 100));
      assert.equal(await notebook.value('counted'), String(before));
      assert.deepEqual(await interrupted(begins('for (;;) {}')), { state: 'cancelled', how: 'ended' });
      assert.deepEqual(await interrupted(begins('tf.tidy(() => { for (;;) tf.ones([1]) })')), {
        state: 'cancelled',
        how: 'ended',
      });
      await shows('survivor', 'here');
      await shows('tf.tidy(() => tf.ones([2])).sum().dataSync()[0]', '2');
    });

    it('while it waits for what never comes is forgotten, and its kernel outlives every collection of garbage', async () => {
      await notebook.value('let outlived = 1');
      for (const source of ['await new Promise(() => {})', 'for await (const n of [new Promise(() => {})]) n'])
        assert.equal((await interrupted(source)).state, 'cancelled');
      await notebook.value(
        'let garbage: unknown[] = []; for (let i = 0; i < 300; i++) garbage = [garbage.length, new Array(1e5).fill(0).map((_, at) => ({ at }))]; garbage = []',
      );
      await new Promise((resolve) => setTimeout(resolve, 500));
      await shows('outlived', '1');
    });

    it('ends a loop in what a timer has begun; where that ends its process, it is said, and the next cell has another', async () => {
      const ended = await interrupted(`await new Promise((r) => setTimeout(r, 100)); ${begins('for (;;) {}')}`);
      assert.ok(
        ended.state === 'cancelled' ? ended.how === 'ended' : ended.state === 'died' && ended.how === 'killed',
        JSON.stringify(ended),
      );
      await shows('1 + 1', '2');
    });
  });
});
