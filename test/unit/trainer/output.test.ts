import assert from 'node:assert/strict';
import { CHARACTERS_A_SECOND, OutputLimit } from '../../../src/trainer/output';

describe('what model files print', () => {
  it('passes as it is while it comes slowly, and is cut with one notice a second when it does not', () => {
    let now = 0;
    const limit = new OutputLimit(() => now);
    const line = 'x'.repeat(1024);
    let notices = 0;
    let passed = 0;
    for (let second = 0; second < 3; second++) {
      for (let index = 0; index < 1000; index++) {
        const shown = limit.pass(line);
        if (shown === line) passed += line.length;
        else if (shown !== '') notices++;
      }
      now += 1000;
    }
    assert.equal(passed, 3 * CHARACTERS_A_SECOND);
    assert.equal(notices, 3);
  });
});
