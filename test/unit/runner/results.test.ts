import assert from 'node:assert/strict';
import { outcomeOf } from '../../runner/processes';
import { readResults } from '../../runner/results';
import { lastLine, summary } from '../../runner/summary';
import { Folder } from '../setup/folder';

describe('the sums of npm test', () => {
  const passed = { title: 'a', state: 'passed' } as const;
  const failed = { title: 'b', state: 'failed', message: 'first line\nsecond' } as const;
  const skipped = { title: 'c', state: 'skipped' } as const;

  it('count what passed, failed and was skipped', () => {
    const outcome = outcomeOf(
      { tests: [passed, failed, skipped, passed], complete: true, ending: 'ended with 1' },
      false,
    );
    assert.deepEqual(outcome, { passed: 2, failed: 1, skipped: 1, failures: ['b: first line'], longest: [] });
  });

  it('count a suite that died, was empty, or ended badly after passing, as a failure', () => {
    assert.equal(outcomeOf({ tests: [passed], complete: false, ending: 'was ended by SIGKILL' }, false).failed, 1);
    assert.equal(outcomeOf({ tests: [], complete: true, ending: 'ended with 0' }, false).failed, 1);
    assert.equal(outcomeOf({ tests: [], complete: true, ending: 'ended with 0' }, true).failed, 0);
    assert.equal(outcomeOf({ tests: [passed], complete: true, ending: 'ended with 7' }, false).failed, 1);
    assert.equal(outcomeOf({ tests: [passed], complete: true, ending: 'ended with 0' }, false).failed, 0);
  });

  it('say which test was running when a suite was ended', () => {
    const ended = { tests: [passed], complete: false, running: 'b', ending: 'was ended after 25 minutes' };
    const said = 'the suite was ended after 25 minutes before it was through, during "b"';
    assert.deepEqual(outcomeOf(ended, false).failures, [said]);
  });

  it('list the longest tests', () => {
    const tests = [1, 2, 30, 4, 50, 6, 0.5, 7].map((seconds) => ({ ...passed, title: `t${seconds}`, seconds }));
    const { longest } = outcomeOf({ tests, complete: true, ending: 'ended with 0' }, false);
    assert.deepEqual(
      longest?.map(({ title }) => title),
      ['t50', 't30', 't7', 't6', 't4'],
    );
    const lines = summary([{ title: 'Unit', seconds: 99, passed: 8, failed: 0, skipped: 0, failures: [], longest }]);
    assert.match(lines, /Longest:\n {4}50\.0 s {2}t50\n {4}30\.0 s {2}t30\n/);
  });

  it('name what tests left behind that had to be ended with their process', () => {
    const outcome = outcomeOf({ tests: [passed], complete: true, left: ['PipeWrap'], ending: 'ended with 0' }, false);
    assert.equal(outcome.failed, 0);
    assert.match(summary([{ title: 'Unit', seconds: 99, ...outcome }]), /Left behind .*:\n {2}Unit: PipeWrap\n/);
  });

  it('are the last line, in one form whatever was skipped', () => {
    const outcome = { title: 'Unit', seconds: 1.25, passed: 3, failed: 1, skipped: 0, failures: ['b: why'] };
    const tool = { title: 'Lint', seconds: 2, passed: 1, failed: 0, skipped: 0, failures: [] };
    const lines = summary([tool, outcome]).split('\n');
    assert.equal(lines.at(-1), '4 passed, 1 failed');
    assert.ok(lines.includes('  Unit: b: why'));
    assert.equal(lastLine([tool, { ...outcome, skipped: 2 }]), '4 passed, 1 failed');
  });

  it('come from a file that tells a suite that died from one that ended', () => {
    const folder = new Folder();
    try {
      const line = JSON.stringify(passed);
      const torn = folder.write('torn', `${line}\n{"title":"b","st`);
      assert.deepEqual(readResults(torn), { tests: [passed], complete: false });
      const begun = (title: string): string => JSON.stringify({ begun: title });
      const died = folder.write('died', [begun('a'), line, begun('b')].join('\n'));
      assert.deepEqual(readResults(died), { tests: [passed], complete: false, running: 'b' });
      const inPart2 = folder.write('part2', [begun('a'), line, '{"end":true}', begun('b')].join('\n'));
      assert.deepEqual(readResults(inPart2), { tests: [passed], complete: false, running: 'b' });
      const whole = folder.write('whole', `${begun('a')}\n${line}\n{"end":true}\n`);
      assert.deepEqual(readResults(whole), { tests: [passed], complete: true });
      const kept = folder.write('kept', `${line}\n{"end":true}\n{"left":["PipeWrap"]}\n`);
      assert.deepEqual(readResults(kept), { tests: [passed], complete: true, left: ['PipeWrap'] });
      assert.deepEqual(readResults(folder.at('missing')), { tests: [], complete: false });
    } finally {
      folder.dispose();
    }
  });
});
