import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { consent } from '../../../src/cli/lesson/silent';
import { LabError } from '../../../src/protocol/errors';

const silent = new LabError({ code: 'TRAINER_UNRESPONSIVE', message: 'It is busy.', found: 'process 7' });
const going = new AbortController().signal;

function terminal(isTTY: boolean): { input: PassThrough; output: PassThrough } {
  return { input: Object.assign(new PassThrough(), { isTTY }), output: Object.assign(new PassThrough(), { isTTY }) };
}

describe('whether a trainer that does not answer is ended', () => {
  for (const [answer, expected] of [
    ['y\n', true],
    [' YES \n', true],
    ['是\n', true],
    ['n\n', false],
    ['\n', false],
    ['why?\n', false],
    ['\u0003', false],
  ] as const) {
    it(`is asked in a terminal: ${JSON.stringify(answer)} is ${expected ? 'yes' : 'no'}`, async () => {
      const { input, output } = terminal(true);
      const asked = consent(false, { input, output }, going)(silent);
      input.write(answer);
      assert.equal(await asked, expected);
      assert.match(String(output.read()), /It is busy\. \(process 7\)\n.*End it/s);
    });
  }

  it('is no where the input ends, or the user goes', async () => {
    const ended = terminal(true);
    const asked = consent(false, ended, going)(silent);
    ended.input.end();
    assert.equal(await asked, false);
    const left = new AbortController();
    const other = consent(false, terminal(true), left.signal)(silent);
    left.abort();
    assert.equal(await other, false);
  });

  it('is not asked when it was said before, nor where nobody could answer: then the error says how', async () => {
    assert.equal(await consent(true, undefined, going)(silent), true);
    for (const place of [undefined, terminal(false)])
      await assert.rejects(
        consent(false, place, going)(silent),
        ({ code, data }: LabError) => code === 'TRAINER_UNRESPONSIVE' && (data.remedy ?? '').includes('--end-silent'),
      );
  });
});
