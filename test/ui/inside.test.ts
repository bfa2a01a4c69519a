/** The pictures of a model's inside, as a learner sees them who has solved the exercises: in the real VS Code. */
import assert from 'node:assert/strict';
import { eventually } from '../support/wait';
import { lessons, solvedBut } from '../unit/exercises/samples';
import { Workbench, type Window } from './workbench';

describe('the inside of a model in the real VS Code', function () {
  this.timeout(300_000);
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.open();
    for (const id of ['backpropagation', 'dropout']) {
      const solved = await solvedBut(lessons.find((lesson) => lesson.id === id)!);
      workbench.world.lesson(id, 10_000, () => solved.replace(/epochs: \d+/, 'epochs: 10_000'));
    }
    window = await workbench.window();
  });
  after(() => workbench.dispose());

  async function run(title: string): Promise<void> {
    await window.command('Run Lesson');
    await window.pick(title);
    await window.inState('Training');
  }

  const section = (name: string): ReturnType<Window['panel']['locator']> =>
    window.panel.locator(`[data-section=${name}]`);

  it('walks one example forward and back while the run is paused, and anew after each single step', async () => {
    await run('Backpropagation');
    await window.moving();
    await window.panel.getByRole('button', { name: 'Pause' }).click();
    await window.inState('Paused');
    const walk = section('walk');
    await walk.getByText(/Your gradients are TensorFlow's/).waitFor();
    const when = async (): Promise<number> => {
      const text = (await walk.locator('.walk-top .number').textContent()) ?? '';
      return Number(/step ([\d,]+)/.exec(text)?.[1]?.replaceAll(',', ''));
    };
    await eventually(
      async () => ((await when()) === (await window.step()) ? true : undefined),
      'the walk of the pause',
    );
    await walk.getByRole('button', { name: 'Last Step' }).click();
    await walk.getByText(/^Step \d+ of \d+, backward$/).waitFor();
    await walk.locator('.walk-numbers').scrollIntoViewIfNeeded();
    const numbers = await walk.locator('.walk-numbers').textContent();
    await window.screenshot('inside-walk');
    const before = await when();
    await window.panel.getByRole('button', { name: 'Single Step' }).click();
    await eventually(async () => ((await when()) === before + 1 ? true : undefined), 'the walk of the next step');
    assert.notEqual(await walk.locator('.walk-numbers').textContent(), numbers);
    await walk.getByText(/^Step \d+ of \d+, backward$/).waitFor();
    await window.panel.getByRole('button', { name: 'Stop' }).click();
    await window.inState('Stopped');
  });

  it("shows the masks of the learner's own dropout", async () => {
    await run('Dropout');
    await window.moving();
    const masks = section('masks');
    await masks.getByText(/\d+ % dropped, the rest times 2/).waitFor();
    await masks.locator('canvas.masks').first().scrollIntoViewIfNeeded();
    await window.screenshot('inside-masks');
    await window.panel.getByRole('button', { name: 'Stop' }).click();
    await window.inState('Stopped');
    assert.deepEqual(window.complaints, []);
  });
});
