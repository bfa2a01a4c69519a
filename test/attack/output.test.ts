/** Model files that print without measure: bounded for every reader, said, and the run trains on. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { some } from '../support/sample';
import { Bench } from '../unit/trainer/support';
import { file } from './support';

const FLOODS: readonly { readonly what: string; readonly code: string }[] = [
  { what: 'a million lines', code: "for (let i = 0; i < 1e6; i++) console.log('line', i);" },
  { what: '100 MB in one piece', code: "process.stdout.write('x'.repeat(100e6));" },
  { what: 'lines of a megabyte', code: "for (let i = 0; i < 60; i++) console.log('y'.repeat(1e6));" },
  { what: 'binary', code: "process.stdout.write(require('crypto').randomBytes(20e6));" },
  { what: 'errors', code: "for (let i = 0; i < 2e4; i++) console.error(new Error('again'));" },
];

describe('a model file that prints', function () {
  this.timeout(180_000);
  for (const { what, code } of some(FLOODS, 2)) {
    it(`${what} is shown in part, with a word about the rest, and trains`, async () => {
      const bench = new Bench();
      try {
        const trainer = await bench.trainer();
        let shown = '';
        trainer.on('run/output', ({ text }) => (shown += text));
        const run = await bench.start(trainer, bench.modelFile(file(code)));
        assert.equal((await run.ended()).state, 'finished');
        assert.ok(shown.length > 1000, 'its beginning is shown');
        assert.ok(shown.length < 20e6, `${String(shown.length)} characters`);
        assert.match(shown, /more output than can be shown/);
        assert.ok(fs.statSync(trainer.logFile).size < 20 * 2 ** 20);
      } finally {
        await bench.dispose();
      }
    });
  }
});
