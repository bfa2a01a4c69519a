/** What a kernel tells of its variables: held against what the cells made. */
import assert from 'node:assert/strict';
import { DISPLAY_MIME, TEXT_MIME } from '../../../src/protocol/display';
import type { Parts, ValuePath, Variable } from '../../../src/protocol/kernel';
import { Notebook } from './support';

describe("a kernel's variables", function () {
  this.timeout(60_000);
  let notebook: Notebook;
  before(async () => {
    notebook = new Notebook();
    await notebook.value("import { tf } from 'deep-learning-lab'");
  });
  after(() => notebook.dispose());

  const list = async (): Promise<readonly Variable[]> =>
    (await (await notebook.kernel()).request('kernel/variables', {})).list;
  const named = async (name: string): Promise<Variable> => {
    const found = (await list()).find((variable) => variable.name === name);
    assert.ok(found, name);
    return found;
  };
  const parts = async (...path: ValuePath): Promise<Parts> =>
    (await notebook.kernel()).request('kernel/parts', { path });
  const value = async (...path: ValuePath): Promise<Readonly<Record<string, unknown>>> =>
    (await (await notebook.kernel()).request('kernel/value', { path })).items;

  it('have type, shape, dtype and size in bytes', async () => {
    await notebook.value(`
      const images = tf.zeros([2, 28, 28]);
      const labels = tf.tensor1d([1, 0, 1], 'bool');
      const loss = tf.scalar(0.5);
      const weights = tf.variable(tf.ones([3, 4]));
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
      const bytes = new Float64Array(5);
      const rate = 0.01;
      const names = ['a', 'b'];
      class Net {}
      const net = new Net();
      const half = (x: number) => x / 2;
      const nothing = null;
    `);
    const wanted: readonly Variable[] = [
      // 2 * 28 * 28 numbers of 4 bytes.
      {
        name: 'images',
        type: 'Tensor',
        preview: 'Tensor [2, 28, 28] float32',
        shape: [2, 28, 28],
        dtype: 'float32',
        bytes: 6272,
        hasParts: false,
      },
      {
        name: 'labels',
        type: 'Tensor',
        preview: 'Tensor [3] bool',
        shape: [3],
        dtype: 'bool',
        bytes: 3,
        hasParts: false,
      },
      {
        name: 'loss',
        type: 'Tensor',
        preview: 'Tensor [] float32 0.5',
        shape: [],
        dtype: 'float32',
        bytes: 4,
        hasParts: false,
      },
      {
        name: 'weights',
        type: 'Variable',
        preview: 'Variable [3, 4] float32',
        shape: [3, 4],
        dtype: 'float32',
        bytes: 48,
        hasParts: false,
      },
      // 3 * 2 weights and 2 biases.
      { name: 'model', type: 'Sequential', preview: 'Sequential · 8 parameters', bytes: 32, hasParts: false },
      { name: 'bytes', type: 'Float64Array', preview: 'Float64Array(5)', shape: [5], bytes: 40, hasParts: true },
      { name: 'rate', type: 'number', preview: '0.01', hasParts: false },
      { name: 'names', type: 'Array', preview: 'Array(2) ["a", "b"]', shape: [2], hasParts: true },
      { name: 'Net', type: 'class', preview: 'class Net', hasParts: false },
      { name: 'net', type: 'Net', preview: 'Net {}', hasParts: false },
      { name: 'half', type: 'function', preview: 'ƒ half', hasParts: false },
      { name: 'nothing', type: 'null', preview: 'null', hasParts: false },
    ];
    for (const variable of wanted) assert.deepEqual(await named(variable.name), variable);
    notebook.write('own.ts', 'export const size = 3;');
    await notebook.value("import { size } from './own'; import path, { join } from 'node:path';");
    const names = (await list()).map(({ name }) => name);
    assert.deepEqual(
      names,
      [...wanted.map(({ name }) => name), 'size'],
      'as they were declared, without what packages have',
    );
  });

  it('say how many tensors there are and what they take, one that is disposed no more', async () => {
    const tensors = async () => (await (await notebook.kernel()).request('kernel/variables', {})).tensors;
    const before = await tensors();
    await notebook.value('const big = tf.zeros([1000])');
    assert.deepEqual(await tensors(), { count: before.count + 1, bytes: before.bytes + 4000 });
    await notebook.value('big.dispose()');
    assert.deepEqual(await tensors(), before);
    assert.equal((await named('big')).preview, 'Tensor [1000] float32 (disposed)');
  });

  it('are unfolded part by part, and each part is shown as a cell shows it', async () => {
    await notebook.value('const box = { inside: [tf.tensor([1, 2]), new Map([["key", { deep: 7 }]])] }');
    const [inside] = (await parts('box')).list;
    assert.equal(inside?.name, 'inside');
    const [tensor, map] = (await parts('box', 0)).list;
    assert.deepEqual([tensor?.name, tensor?.shape, tensor?.hasParts], ['0', [2], false]);
    assert.deepEqual([map?.name, map?.preview, map?.hasParts], ['1', 'Map(1)', true]);
    const [deep] = (await parts('box', 0, 1, 0)).list;
    assert.deepEqual([deep?.name, deep?.preview], ['deep', '7']);
    assert.equal((await value('box', 0, 1, 0, 0))[TEXT_MIME], '7');
    const { shape } = (await value('box', 0, 0))[DISPLAY_MIME] as { shape: number[] };
    assert.deepEqual(shape, [2]);
  });

  it('that are long tell their first parts, and how many more there are', async () => {
    await notebook.value(
      'const long = Array.from({ length: 1_000_000 }, (_, i) => i); const numbers = new Int8Array(250)',
    );
    for (const [name, length] of [
      ['long', 1_000_000],
      ['numbers', 250],
    ] as const) {
      const { list: first, more } = await parts(name);
      assert.deepEqual([first.length, first[99]?.preview, more], [100, name === 'long' ? '99' : '0', length - 100]);
    }
  });

  it('that cannot be read are told, and hide no others', async () => {
    await notebook.value(`
      const throwing = new Proxy({}, { ownKeys() { throw new Error('no') }, getPrototypeOf() { throw 'no' } });
      const circle: { self?: object } = {}; circle.self = circle;
      const getter = { get now() { throw new Error('called') } };
      const bare = tf.sequential();
      const shown = { [Symbol.toStringTag]: 5, constructor: 7 };
    `);
    assert.deepEqual(await named('throwing'), {
      name: 'throwing',
      type: 'object',
      preview: 'cannot be read',
      hasParts: false,
    });
    assert.equal((await named('circle')).preview, '{ self: {…} }');
    assert.equal((await parts('circle', 0, 0)).list[0]?.name, 'self');
    assert.equal((await parts('getter')).list[0]?.preview, '(getter)');
    assert.equal((await named('shown')).type, 'Object');
    assert.equal((await named('bare')).type, 'Sequential');
    await assert.rejects(value('throwing'), { code: 'MODEL_THREW' });
  });

  it('that no cell has given a value, and parts that are gone, are said to be so', async () => {
    await notebook.run('const never = (() => { throw new Error("no value") })()');
    assert.ok(!(await list()).some(({ name }) => name === 'never'));
    await assert.rejects(value('never'), { code: 'VARIABLE_UNKNOWN' });
    await assert.rejects(value('unheard'), { code: 'VARIABLE_UNKNOWN' });
    await notebook.value('let changing = [1, 2, 3]');
    await notebook.value('changing = [1]');
    await assert.rejects(value('changing', 2), { code: 'VARIABLE_UNKNOWN' });
  });

  it('are told while a cell waits for something', async () => {
    const kernel = await notebook.kernel();
    const request = notebook.request('const early = 3; await new Promise(() => {})');
    const running = kernel.request('cell/execute', request);
    while (!(await list()).some(({ name }) => name === 'early'))
      await new Promise((resolve) => setTimeout(resolve, 20));
    await kernel.request('cell/interrupt', { ticket: request.ticket });
    assert.equal((await running).state, 'cancelled');
  });
});
