/** A window that is closed, and one that vanishes: what becomes of the trainings, and what the next start says. */
import assert from 'node:assert/strict';
import type { RunRecord } from '../../src/protocol/run';
import { readRun } from '../../src/runFolder/runs';
import { eventually } from '../support/wait';
import { Workbench, type Window } from './workbench';

const LESSON = 'A small neural network';

describe('a training whose window goes', function () {
  this.timeout(600_000);
  let workbench: Workbench;

  before(async () => {
    // Else VS Code waits for minutes whether a window that vanished comes back.
    const env = { CODE_SERVER_RECONNECTION_GRACE_TIME: '5' };
    workbench = await Workbench.open({ 'deepLearningLab.training.onClose': 'stop' }, env);
  });
  after(() => workbench.dispose());

  /** @returns the run's folder */
  const begin = async (window: Window, epochs: number): Promise<string> => {
    workbench.world.lesson('neural-network', epochs);
    await window.command('Run Lesson');
    await window.pick(LESSON);
    await window.inState('Training');
    return (await window.run('training')).folder;
  };
  const end = async (folder: string): Promise<RunRecord> =>
    await eventually(
      async () => {
        const record = await readRun(folder);
        return record.end === undefined ? undefined : record;
      },
      'the end',
      150,
    );
  const texts = async (window: Window): Promise<string[]> => {
    const told = await window.told('While no window was open');
    return await told.allTextContents();
  };

  it('stops if the setting says so, or goes on to its end, and the next start says it once', async () => {
    const stopping = await begin(await workbench.window(), 100_000);
    await workbench.crash();
    const stopped = await end(stopping);
    assert.equal(stopped.end?.reason, 'abandoned');
    assert.equal(stopped.end.unattended, true);
    assert.ok(stopped.checkpoints.length > 0, 'what it learned is kept');

    workbench.set({ 'deepLearningLab.training.onClose': 'continue' });
    const second = await workbench.window();
    assert.match((await texts(second)).join(), /No window was open any more/);
    const going = await begin(second, 200);
    await workbench.closeWindows();
    assert.equal((await readRun(going)).state, 'training', 'it goes on without a window');
    const finished = await end(going);
    assert.equal(finished.state, 'finished');
    assert.equal(finished.end?.unattended, true);

    const window = await workbench.window();
    const told = await texts(window);
    assert.equal(told.length, 1, 'the run before has been told of');
    assert.match(told[0] ?? '', /epochs? (?:are|is) done/);
    await window.screenshot('told-at-start');
    const message = await window.told('While no window was open');
    await message.hover();
    await message.getByRole('button', { name: 'Open' }).click();
    await window.inState('Finished');
    await eventually(
      async () => ((await window.received()).at(-1)?.step === finished.progress.step ? true : undefined),
      'the last point',
    );
    await window.hasEveryPoint(going, true);
  });
});
