import assert from 'node:assert/strict';
import { createRandom } from '../../../src/lab/random';
import { pickToken } from '../../../src/learning/language/sampling';
import { near } from './small';

describe('learning/language: which token follows', () => {
  const scores = Float32Array.from([1, 3, 2, -Infinity, 0]);
  const all = { temperature: 1, topK: scores.length, topP: 1 };
  const drawn = (sampling: typeof all, count = 20_000): number[] => {
    const random = createRandom(1);
    const counts = scores.map(() => 0);
    for (let i = 0; i < count; i++) counts[pickToken(scores, sampling, random)]! += 1 / count;
    return [...counts];
  };

  it('at temperature 0 the likeliest, else by softmax of scores over temperature', () => {
    assert.deepEqual(drawn({ ...all, temperature: 0 }, 1), [0, 1, 0, 0, 0]);
    for (const temperature of [0.5, 1, 2]) {
      const weights = [...scores].map((score) => Math.exp(score / temperature));
      const total = weights.reduce((a, b) => a + b);
      near(
        drawn({ ...all, temperature }),
        weights.map((weight) => weight / total),
        0.02,
        String(temperature),
      );
    }
  });

  it('top-k and top-p leave the others out, and the likeliest in', () => {
    assert.deepEqual(
      drawn({ ...all, topK: 2 }).map((share) => share > 0),
      [false, true, true, false, false],
    );
    // 0.64, 0.24, 0.09, 0.03: the first two have 0.88 together.
    assert.deepEqual(
      drawn({ ...all, topP: 0.8 }).map((share) => share > 0),
      [false, true, true, false, false],
    );
    assert.deepEqual(
      drawn({ ...all, topP: 0 }, 50).map((share) => share > 0),
      [false, true, false, false, false],
    );
  });
});
