import assert from 'node:assert/strict';
import { aSecond, CHARACTERS_A_SECOND } from '../../../src/trainer/output';

describe('what model files print', () => {
  it('passes as it is while it comes slowly, and is cut with one notice a second when it does not', () => {
    let now = 0;
    const limit = aSecond(() => now);
    const line = 'x'.repeat(1024);
    let notices = 0;
    let passed = 0;
    for (let second = 0; second < 3; second++) {
      for (let index = 0; index < 1000; index++) {
        const shown = limit.pass(line);
        if (shown === line) passed += line.length;
        else if (shown.includes('left out')) notices++;
      }
      now += 1000;
    }
    assert.equal(passed, 3 * CHARACTERS_A_SECOND);
    assert.equal(notices, 3);
  });

  it('is cut in the middle of a piece that is too long', () => {
    const limit = aSecond(() => 0);
    const shown = limit.pass('x'.repeat(10 * CHARACTERS_A_SECOND));
    assert.ok(shown.startsWith('x'.repeat(CHARACTERS_A_SECOND)));
    assert.match(shown.slice(CHARACTERS_A_SECOND), /^\n… .* left out\n$/);
    assert.equal(limit.pass('more'), '');
  });
});
