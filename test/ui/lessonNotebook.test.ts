/** A lesson as its learner meets it: a notebook with rendered prose and formulas. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { some } from '../support/sample';
import { eventually } from '../support/wait';
import { leavePicture, THEMES, Workbench, type ThemeName, type Window } from './workbench';

describe('a lesson as a notebook in the real VS Code', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.open();
    window = await workbench.window();
  });
  after(() => workbench.dispose());
  leavePicture(() => window);

  /** Their style sheet comes after them. */
  const formulas = async (): Promise<true | undefined> => {
    for (const frame of window.page.frames()) {
      // Frames come and go.
      const position: unknown = await frame
        .locator('.katex-mathml')
        .first()
        .evaluate(
          (element) =>
            (globalThis as unknown as { getComputedStyle(of: unknown): { position: string } }).getComputedStyle(element)
              .position,
          undefined,
          { timeout: 500 },
        )
        .catch(() => undefined);
      if (position === 'absolute') return true;
    }
    return undefined;
  };

  const openLesson = async (): Promise<void> => {
    await window.items(/^Backpropagation/).click();
    await window.page.locator('.tab.active', { hasText: 'lesson.lab.md' }).waitFor();
    await eventually(formulas, 'the formulas as they are drawn');
  };

  it('opens by a click in the Lessons view, with its formulas and without its front matter', async () => {
    await window.views();
    await openLesson();
    assert.equal(await window.inFrames('text=minutes: '), undefined, 'front matter is not shown');
  });

  for (const theme of some(Object.keys(THEMES) as ThemeName[], 1))
    it(`looks as it should: ${theme}`, async () => {
      await workbench.theme(theme);
      await openLesson();
      await window.screenshot(`lesson-notebook-${theme}`);
    });

  it('shows an exercise at its cell, and leads to its code', async () => {
    await openLesson();
    const file = path.join(workbench.world.workspace, 'deep-learning-lab', 'backpropagation', 'lesson.lab.md');
    const cell = '```ts exercise=loss\n1 + 1\n```\n\n## The network';
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('## The network', cell));
    const status = window.page.locator('.notebookOverlay .cell-status-item');
    await status.filter({ hasText: 'not checked yet' }).first().waitFor();
    await window.screenshot('lesson-notebook-exercise');
    await status.filter({ hasText: 'The loss' }).first().click();
    await window.page.locator('.tab.active', { hasText: 'model.ts' }).waitFor();
  });

  it('New Lab Notebook is a notebook that can be saved under its name', async () => {
    await window.command('New Lab Notebook');
    await window.page.locator('.tab.active', { hasText: 'Untitled-1.lab.md' }).waitFor();
    await eventually(() => window.inFrames('h1'), 'its title');
    await window.screenshot('notebook-new');
  });
});
