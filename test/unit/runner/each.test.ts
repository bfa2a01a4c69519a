import assert from 'node:assert/strict';
import { runEach } from '../../runner/each';
import type { RunContext, Suite } from '../../runner/processes';
import type { TestResult } from '../../runner/results';

const TITLES = ['a (1 + 2)', 'a (1 + 2), again', 'b', 'c'];
const context: RunContext = { paths: { root: '.', cache: '.' }, seed: 5, signal: new AbortController().signal };
const quiet = (): void => undefined;

/** A suite in which "b" fails and "c" brings the process down; what it was asked for is noted. */
function suite(asked: RunContext[]): Suite {
  return (wanted) => {
    asked.push(wanted);
    const chosen = TITLES.filter((title) => wanted.grep === undefined || new RegExp(wanted.grep).test(title));
    const results = chosen.map((title): TestResult => {
      const fails = title === 'b' && wanted.dry !== true;
      return { title, state: fails ? 'failed' : 'passed', ...(fails ? { message: 'needs a' } : {}) };
    });
    const dies = wanted.grep !== undefined && chosen.includes('c');
    return Promise.resolve({ tests: dies ? [] : results, complete: !dies, ending: 'ended with 0' });
  };
}

describe('npm test -- --each', () => {
  it('runs every title of the sampled list in a process of its own, with whole matrices', async () => {
    const asked: RunContext[] = [];
    assert.deepEqual(await runEach(suite(asked), context, { part: 1, parts: 1 }, quiet), {
      passed: 2,
      failed: 2,
      skipped: 0,
      failures: ['b: needs a', 'c: the suite ended with 0 before it was through'],
    });
    assert.deepEqual([asked[0]?.dry, asked[0]?.seed], [true, 5]);
    assert.deepEqual(
      asked.slice(1).map(({ dry, seed, grep }) => [dry, seed, TITLES.filter((title) => new RegExp(grep!).test(title))]),
      TITLES.map((title) => [undefined, undefined, [title]]),
    );
  });

  it('takes each title in one of the slices', async () => {
    const asked: RunContext[] = [];
    const parts = [1, 2, 3].map((part) => runEach(suite(asked), context, { part, parts: 3 }, quiet));
    const sums = (await Promise.all(parts)).map(({ passed, failed }) => passed + failed);
    assert.deepEqual(sums, [2, 1, 1]);
    assert.equal(new Set(asked.map(({ grep }) => grep)).size, 1 + TITLES.length);
  });

  it('fails where the list cannot be made', async () => {
    const broken: Suite = () => Promise.resolve({ tests: [], complete: false, ending: 'ended with 1' });
    assert.equal((await runEach(broken, context, { part: 1, parts: 1 })).failed, 1);
  });
});
