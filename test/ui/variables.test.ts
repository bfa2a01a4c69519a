/** The Variables view beside a notebook in the real VS Code. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { seedOfRun } from '../support/sample';
import { eventually } from '../support/wait';
import { leavePicture, THEMES, Workbench, type ThemeName, type Window } from './workbench';

const NOTEBOOK = `# Variables

\`\`\`ts
import { tf } from 'deep-learning-lab';
const images = tf.randomUniform([4, 8, 8], 0, 1, 'float32', 1);
const loss = tf.scalar(0.25);
const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [3] })] });
const rate = 0.01;
const history = { loss: [0.9, 0.5, 0.3], names: ['first', 'second'] };
const forward = (x: tf.Tensor) => model.predict(x);
\`\`\`

\`\`\`ts
history.loss.push(0.1);
const later = tf.zeros([1000]);
\`\`\`
`;

describe('the variables of a notebook in the real VS Code', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.open();
    window = await workbench.window();
    fs.writeFileSync(path.join(workbench.world.workspace, 'variables.lab.md'), NOTEBOOK);
    await window.views();
  });
  after(() => workbench.dispose());
  leavePicture(() => window);

  /** A row of the view, by what a screen reader says of it. */
  const row = (text: RegExp) => window.page.getByRole('treeitem', { name: text });
  const title = () => window.page.locator('.pane-header', { hasText: 'Variables' });
  /** The page of a value shows it: one frame among those of the notebook's outputs. */
  const value = (selector: string, text: string | RegExp = ''): Promise<Locator> =>
    eventually(() => window.inFrames(`#app ${selector}`, { hasText: text }), selector);

  const open = async (): Promise<void> => {
    await window.page.keyboard.press('Control+P');
    await window.quickInput.locator('input').fill('variables.lab.md');
    await window.quickInput.locator('.monaco-list-row', { hasText: 'variables.lab.md' }).first().waitFor();
    await window.page.keyboard.press('Enter');
    await window.page.locator('.tab.active', { hasText: 'variables.lab.md' }).waitFor();
  };
  const runCell = async (text: string): Promise<void> => {
    const cell = window.page.locator('.notebookOverlay .code-cell-row', { hasText: text });
    await cell.hover();
    await cell.getByRole('button', { name: 'Execute Cell' }).first().click();
  };

  /** The notebook is open, and its first cell has run. */
  const begun = async (): Promise<void> => {
    await open();
    await title().waitFor();
    await runCell('randomUniform');
    await row(/^history, Object/).waitFor();
  };

  it('is not there without a notebook, and says what it is for before a cell has run', async () => {
    await window.page.locator('.pane-header', { hasText: 'Runs' }).waitFor();
    await window.items(/^Backpropagation/).waitFor();
    assert.equal(await title().count(), 0);
    await open();
    await title().waitFor();
    await window.page.locator('.welcome-view-content', { hasText: 'Run a cell first.' }).waitFor();
  });

  it('lists what cells have named, unfolds it, and is read anew when a cell has ended', async () => {
    await begun();
    await row(/^images, Tensor, Tensor \[4, 8, 8\] float32, 1 kB$/).waitFor();
    await row(/^loss, Tensor, Tensor \[\] float32 0\.25, 4 B$/).waitFor();
    await row(/^model, Sequential, Sequential · 8 parameters, 32 B$/).waitFor();
    await row(/^rate, number, 0\.01$/).waitFor();
    // images, loss, and the two weights of the model: 256 + 1 + 6 + 2 numbers of 4 bytes.
    await title().filter({ hasText: '4 tensors, 1.1 kB' }).waitFor();
    await row(/^history,/)
      .locator('.monaco-tl-twistie')
      .click();
    await row(/^loss, Array, Array\(3\)/).waitFor();
    await row(/^names, Array/).waitFor();
    await runCell('later');
    await row(/^later,/).waitFor();
    await row(/^loss, Array, Array\(4\)/).waitFor();
  });

  it('shows the value of what is chosen, by pointer and by keyboard, and follows it', async () => {
    await begun();
    await row(/^images,/).click();
    await window.page.locator('.tab', { hasText: /^images$/ }).waitFor();
    await value('.output[data-kind="tensor"]');
    await row(/^loss, Tensor/).waitFor();
    await window.page.keyboard.press('ArrowDown');
    await window.page.keyboard.press('Enter');
    await value('h1', /^loss$/);
    await row(/^history,/).click();
    await value('.output[data-kind="tree"]', 'Array(3)');
    await runCell('later');
    await value('.output[data-kind="tree"]', 'Array(4)');
  });

  for (const theme of seedOfRun() === undefined ? (Object.keys(THEMES) as ThemeName[]) : (['dark'] as const))
    it(`looks as it should: ${theme}`, async () => {
      await workbench.theme(theme);
      await begun();
      await row(/^images,/).click();
      await value('.output[data-kind="tensor"] canvas');
      await window.screenshot(`variables-${theme}`);
    });

  it('says that the kernel has ended, in the view and beside the value', async () => {
    await begun();
    await row(/^images,/).click();
    await value('.output[data-kind="tensor"]');
    await open();
    await window.command('Restart Kernel');
    await window.page.locator('.welcome-view-content', { hasText: 'kernel has ended' }).waitFor();
    await value('.problem', 'KERNEL_GONE');
    await eventually(async () => ((await row(/^images,/).count()) === 0 ? true : undefined), 'no variables');
  });
});
