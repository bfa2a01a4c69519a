/** A window that is closed, and one that vanishes: what becomes of the trainings, and what the next start says. */
import assert from 'node:assert/strict';
import type { RunRecord } from '../../src/protocol/run';
import { readRun } from '../../src/runFolder/runs';
import { eventually } from '../support/wait';
import { Workbench, type Window } from './workbench';

const LESSON = 'A small neural network';

describe('a training whose window goes', function () {
  this.timeout(300_000);
  const open: Workbench[] = [];

  afterEach(async () => {
    for (const workbench of open.splice(0)) await workbench.dispose();
  });

  const begin = async (
    epochs: number,
    settings: Readonly<Record<string, unknown>>,
  ): Promise<{ workbench: Workbench; window: Window; folder: string }> => {
    const workbench = await Workbench.open(settings);
    open.push(workbench);
    workbench.world.lesson('neural-network', epochs);
    const window = await workbench.window();
    await window.command('Run Lesson');
    await window.pick(LESSON);
    await window.inState('Training');
    return { workbench, window, folder: (await window.run('training')).folder };
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

  it('goes on to its end, or stops if the setting says so, and the next start says it once', async () => {
    // Both wait at the same time: the one for its end, the other until it counts as left.
    const stopping = await begin(100_000, { 'deepLearningLab.training.onClose': 'stop' });
    await stopping.workbench.crash();
    const going = await begin(300, {});
    await going.workbench.closeWindows();
    assert.equal((await readRun(going.folder)).state, 'training', 'it goes on without a window');

    const finished = await end(going.folder);
    assert.equal(finished.state, 'finished');
    assert.equal(finished.end?.unattended, true);
    const stopped = await end(stopping.folder);
    assert.equal(stopped.end?.reason, 'abandoned');
    assert.equal(stopped.end.unattended, true);
    assert.ok(stopped.checkpoints.length > 0, 'what it learned is kept');

    const later = await stopping.workbench.window();
    assert.match(
      (await (await later.told('While no window was open')).textContent()) ?? '',
      /No window was open any more/,
    );

    const window = await going.workbench.window();
    const told = await window.told('While no window was open');
    assert.match((await told.textContent()) ?? '', /epochs? (?:are|is) done/);
    await window.screenshot('told-at-start');
    await told.hover();
    await told.getByRole('button', { name: 'Open' }).click();
    await window.inState('Finished');
    await eventually(
      async () => ((await window.received()).at(-1)?.step === finished.progress.step ? true : undefined),
      'the last point',
    );
    await window.hasEveryPoint(going.folder, true);

    await window.page.reload();
    await window.ready();
    // Told before the panel is there again, if at all.
    await window.inState('Finished');
    await window.page.locator('[id="status.notifications"]').click();
    await window.page.locator('.notifications-center').waitFor();
    assert.equal(await window.page.locator('.notification-list-item', { hasText: 'While no window' }).count(), 0);
  });
});
