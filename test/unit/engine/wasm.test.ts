/**
 * What runs on the WebAssembly engine: test/wasm, in a process of its own, for a process has one engine. Each of its
 * suites is one test here.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';

interface Report {
  readonly tests: readonly { readonly fullTitle: string; readonly err: { readonly message?: string } }[];
}

/** The first words of each title of a suite. */
const SUITES = [
  'the WebAssembly engine',
  'convolutions on WebAssembly',
  'depthwise convolutions on WebAssembly',
  'convolutions over space and time on WebAssembly',
  'products on WebAssembly',
  "Einstein's sums on WebAssembly",
  'sums by segment on WebAssembly',
  'the gradients of pooling on WebAssembly',
  'sums and copies on WebAssembly',
  'element types on WebAssembly',
  'compiled steps on WebAssembly',
  'a language model on WebAssembly',
  'augmentation on WebAssembly',
  'sound on WebAssembly',
  'an operation that the WebAssembly engine lacks',
] as const;

describe('in a process of its own,', () => {
  let report: Report;

  before(async () => {
    const mocha = path.resolve('node_modules/mocha/bin/mocha.js');
    const args = ['--enable-source-maps', mocha, '--reporter', 'json', path.resolve('dist/test/wasm.js')];
    // Only its own end ends it: what keeps a process alive, a worker for instance, would be found here.
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], timeout: 240_000 });
    const output = await text(child.stdout);
    report = JSON.parse(output.slice(output.indexOf('{'))) as Report;
    assert.equal(child.signalCode, null, 'the process did not end by itself');
  });

  for (const suite of SUITES) {
    it(suite, () => {
      const own = report.tests.filter(({ fullTitle }) => fullTitle.startsWith(suite));
      assert.ok(own.length > 0, `there is no test of ${suite}`);
      const failed = own.filter(({ err }) => err.message !== undefined);
      assert.equal(failed.length, 0, failed.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`).join('\n'));
    });
  }

  it('there is no other suite', () => {
    const others = report.tests.filter(({ fullTitle }) => !SUITES.some((suite) => fullTitle.startsWith(suite)));
    assert.deepEqual(
      others.map(({ fullTitle }) => fullTitle),
      [],
    );
  });
});
