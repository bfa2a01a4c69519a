import assert from 'node:assert/strict';
import { TimeLeft } from '../../../src/learning/training/timeLeft';

/** What is said after each of `steps` steps, with seconds(step) for the duration of one. */
function said(steps: number, total: number, seconds: (step: number) => number, first = 0): (number | null)[] {
  let now = first;
  const left = new TimeLeft({ step: first, seconds: now });
  return Array.from({ length: steps }, (_, i) => {
    now += seconds(i + 1);
    left.saw(first + i + 1, now);
    return left.until(total);
  });
}

describe('the time left', () => {
  it('of a run of 59 s whose first steps compile is never 35 minutes: nothing is said at first, then what is right', () => {
    // The third step compiles for 2 s, the tenth is checked for 1 s; the other 56 s are 28,000 steps of 2 ms.
    const total = 28_000;
    const seconds = (step: number): number => (step === 3 ? 2 : step === 10 ? 1 : 0.002);
    const all = said(total, total, seconds);
    assert.deepEqual(new Set(all.slice(0, 500)), new Set([null]));
    assert.ok(all.slice(700).every((left) => left !== null));
    all.forEach((left, i) => {
      if (left !== null) assert.ok(Math.abs(left - (total - i - 1) * 0.002) < 1e-6, `step ${i + 1}: ${left}`);
    });
    assert.equal(all.at(-1), 0);
  });

  it('takes steps as well as seconds: one long step is no pace', () => {
    const slow = said(40, 100, () => 5);
    assert.deepEqual(slow.slice(0, 19), Array<null>(19).fill(null));
    assert.deepEqual(
      slow.slice(19),
      Array.from({ length: 21 }, (_, i) => 5 * (80 - i)),
    );
  });

  it('forgets what was slow after the warm-up too', () => {
    // The 20th step takes 100 s: another shape of batch is compiled.
    const all = said(400, 1000, (step) => (step === 20 ? 100 : 0.1));
    assert.ok(all[20]! > 1000);
    assert.ok(Math.abs(all[399]! - 60) < 1e-6, String(all[399]));
  });

  it('of a resumed run counts its own steps only, and begins anew to know', () => {
    const all = said(40, 1100, () => 0.5, 1000);
    assert.equal(all[18], null);
    assert.equal(all[39], 30);
  });

  it('once known stays known', () => {
    const all = said(3000, 4000, (step) => (step < 30 ? 0.1 : 0.0001));
    const first = all.findIndex((left) => left !== null);
    assert.ok(first > 0 && all.slice(first).every((left) => left !== null));
  });
});
