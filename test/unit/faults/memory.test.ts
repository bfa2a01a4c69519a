/** A model file that eats memory ends its trainer, not the machine; the client is told why. */
import assert from 'node:assert/strict';
import { readRun } from '../../../src/runFolder/runs';
import { Bench, spirals } from '../trainer/support';

describe('a model file that eats memory', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  const LIMIT_MB = 1200;
  const eaters: { what: string; text: string }[] = [
    {
      what: 'JavaScript values',
      text: 'const kept: unknown[] = []; for (;;) kept.push(Array.from({ length: 1e5 }, () => ({})));',
    },
    {
      what: 'tensors',
      text: 'for (let all = tf.ones([1000, 1000]); ; ) all = tf.concat([all, tf.ones([1000, 1000])]);',
    },
  ];
  for (const { what, text } of eaters) {
    it(`as ${what} is ended at the limit, with the limit in the error`, async () => {
      const trainer = await bench.trainer({ memoryLimitMB: LIMIT_MB });
      const source = spirals().replace('export default', `${text}\nexport default`);
      const run = await bench.start(trainer, bench.modelFile(source));
      const exit = await trainer.closed;
      assert.equal(exit.expected, false);
      assert.equal(exit.error?.code, 'OUT_OF_MEMORY', JSON.stringify(exit.error));
      assert.match(exit.error.remedy ?? '', /smaller/);
      const record = await readRun(run.runFolder);
      assert.equal(record.state, 'interrupted');

      const next = await bench.start(await bench.trainer(), bench.modelFile(spirals({ epochs: 1 })));
      assert.equal((await next.ended()).state, 'finished');
    });
  }
});
