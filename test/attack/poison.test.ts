/** Model files that change what every file shares. They may fail; the next one runs as if they had not been there. */
import assert from 'node:assert/strict';
import type { Point } from '../../src/protocol/run';
import { some } from '../support/sample';
import { assertSameCurve } from '../unit/faults/support';
import { Bench, spirals } from '../unit/trainer/support';
import { file, runToEnd } from './support';

const POISONS: readonly { readonly what: string; readonly text: string }[] = [
  { what: 'Array.prototype.map', text: 'Array.prototype.map = function () { return []; };' },
  { what: 'a name on Object.prototype', text: '(Object.prototype as any).shape = [1, 2, 3];' },
  { what: 'Math.random', text: 'Math.random = () => 0.5;' },
  { what: 'Math.exp', text: 'Math.exp = () => 1;' },
  { what: 'Promise', text: 'globalThis.Promise = class Mine {} as any;' },
  {
    what: 'Promise.prototype.then',
    text: 'Promise.prototype.then = function () { return new Promise(() => {}); } as any;',
  },
  { what: 'Map', text: 'Map.prototype.get = () => undefined;' },
  { what: 'JSON.stringify', text: "JSON.stringify = () => '{}';" },
  { what: 'Float32Array', text: 'globalThis.Float32Array = class extends Float64Array {} as any;' },
  { what: 'Date.now', text: 'Date.now = () => 0;' },
  { what: 'timers', text: 'globalThis.setTimeout = (() => 0) as any; globalThis.setImmediate = (() => 0) as any;' },
  { what: 'fs', text: "require('fs').writeSync = () => 0; require('fs').appendFileSync = () => {};" },
  { what: 'path', text: "require('node:path').join = () => '/';" },
  { what: 'Buffer', text: "require('buffer').Buffer.from = () => ({ length: 0 });" },
  { what: 'process', text: "process.cwd = () => '/nowhere'; process.hrtime = (() => [0, 0]) as any;" },
  { what: 'the environment', text: "process.env['LC_ALL'] = 'poison'; process.env['HOME'] = '/nowhere';" },
  { what: 'the backend', text: "await tf.setBackend('cpu');" },
  { what: 'a flag of TensorFlow.js', text: 'tf.enableDebugMode();' },
  { what: 'a method of tensors', text: '(tf.Tensor.prototype as any).mean = () => tf.scalar(7);' },
  {
    what: 'a layer of TensorFlow.js',
    text: '(tf.layers.dense as any).call; (tf.layers as any).dense = () => undefined;',
  },
  { what: 'an optimizer of TensorFlow.js', text: '(tf.train as any).adam = (rate: number) => tf.train.sgd(rate);' },
  { what: 'a kernel', text: "tf.unregisterKernel('Tanh', 'tensorflow');" },
  { what: 'a listener of the process', text: "process.on('uncaughtException', () => {});" },
  { what: 'a timer that is left', text: 'setInterval(() => { Math.random = () => 0.25; }, 20);' },
  { what: 'a global of its own', text: '(globalThis as any).count = ((globalThis as any).count ?? 0) + 1;' },
  { what: 'a frozen prototype', text: 'Object.freeze(Array.prototype); Object.freeze(Function.prototype);' },
  { what: 'a server that listens', text: "require('net').createServer().listen(0);" },
];

describe('a model file that changes', function () {
  this.timeout(180_000);
  let bench: Bench;
  let clean: readonly Point[];
  const experiment = spirals({ epochs: 2 });
  before(async () => {
    bench = new Bench();
    clean = (await runToEnd(bench, experiment)).points;
    assert.ok(clean.length > 5);
  });
  after(() => bench.dispose());

  for (const { what, text } of some(POISONS, 4)) {
    it(`${what} leaves nothing of it to the next`, async () => {
      await runToEnd(bench, file(text));
      const { record, points } = await runToEnd(bench, experiment);
      assert.equal(record.state, 'finished', JSON.stringify(record.end));
      assertSameCurve(points, clean);
    });
  }

  it('nothing keeps its process for the next', async () => {
    const first = await bench.trainer();
    await runToEnd(bench, experiment);
    await runToEnd(bench, experiment);
    assert.equal((await bench.trainer()).hello.pid, first.hello.pid);
  });
});
