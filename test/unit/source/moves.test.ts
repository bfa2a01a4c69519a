import assert from 'node:assert/strict';
import { moved, type Change } from '../../../src/client/source/moves';

const span = { start: 10, end: 20 };
const change = (offset: number, length: number, text: string): Change => ({ offset, length, text });

describe('a stretch of text that is edited', () => {
  for (const [what, changes, result] of [
    ['stays where text follows it', [change(20, 0, 'abc')], span],
    ['moves with text in front of it', [change(10, 0, 'abc')], { start: 13, end: 23 }],
    ['moves back when a line above is deleted', [change(2, 5, '')], { start: 5, end: 15 }],
    [
      'moves by all edits of one step',
      [change(0, 1, 'xy'), change(30, 2, ''), change(4, 2, '')],
      { start: 9, end: 19 },
    ],
    ['is gone when something in it changes', [change(12, 1, 'x')], undefined],
    ['is gone when text is put into it', [change(11, 0, 'x')], undefined],
    ['is gone when an edit covers it', [change(0, 40, '')], undefined],
    ['is gone when an edit reaches into it', [change(5, 6, 'abcdef')], undefined],
    ['stays when an edit ends just before it', [change(5, 5, 'abcde')], span],
  ] as const) {
    it(what, () => {
      assert.deepEqual(moved(span, changes), result);
    });
  }

  it('is the same text as before, for any edit that leaves it alone', () => {
    const text = 'const a = 1;\ntf.layers.dense({ units: 3 });\nconst b = 2;';
    const start = text.indexOf('tf.');
    const end = text.indexOf(';\nconst b');
    for (let offset = 0; offset < text.length; offset++) {
      for (const length of [0, 1, 5]) {
        const now = moved({ start, end }, [change(offset, length, 'xyz\n')]);
        const after = text.slice(0, offset) + 'xyz\n' + text.slice(offset + length);
        if (now !== undefined) assert.equal(after.slice(now.start, now.end), text.slice(start, end));
        else assert.ok(offset + length > start && offset < end);
      }
    }
  });
});
