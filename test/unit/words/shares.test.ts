import assert from 'node:assert/strict';
import { confidenceText, shareText } from '../../../src/words/shares';

describe('a share in percent', () => {
  it('is never called all when it is only rounded to it', () => {
    const shares = [0, 0.004, 0.5, 0.994, 0.996, 0.9994, 0.9996, 0.9999999, 1];
    const said = ['0%', '0%', '50%', '99%', '99.6%', '99.9%', '> 99.9%', '> 99.9%', '100%'];
    assert.deepEqual(shares.map(shareText), said);
  });

  it("that is a model's confidence is never called certain: float32 itself rounds to 1", () => {
    assert.equal(confidenceText(Math.fround(1 - 1e-9)), '> 99.9%');
    assert.equal(confidenceText(0.87), '87%');
  });

  it('of an output that is no probability stays what it is', () => {
    assert.equal(confidenceText(1.3), '130%');
  });
});
