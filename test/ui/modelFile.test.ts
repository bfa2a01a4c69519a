/** A model file as a learner sees and edits it: real keys, real clicks, real pictures. */
import assert from 'node:assert/strict';
import { eventually } from '../support/wait';
import { leavePicture, THEMES, Workbench, type Window } from './workbench';

describe('a model file in the editor of the real VS Code', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.open();
    workbench.world.lesson('image-classification', 100);
    window = await workbench.window();
    await window.command('Open Model File');
    await window.pick('Image classification with a CNN');
    await window.page.locator('.editor-group-container .monaco-editor').first().waitFor();
  });
  after(() => workbench.dispose());
  leavePicture(() => window);

  const editor = (): ReturnType<Window['page']['locator']> =>
    window.page.locator('.editor-group-container .monaco-editor').first();
  /** A line as it is drawn, hints included. */
  const line = (text: string): ReturnType<Window['page']['locator']> =>
    editor().locator('.view-line', { hasText: text }).first();
  const drawn = async (text: string): Promise<string> =>
    ((await line(text).textContent()) ?? '').replaceAll('\u00a0', ' ');

  it('has its lenses and the shape and size of each layer', async () => {
    const lenses = editor().locator('.codelens-decoration').first();
    await lenses.getByText('Run Lesson').waitFor();
    assert.match((await lenses.textContent()) ?? '', /Run Lesson.*Open Panel/);
    await eventually(async () => {
      const text = await drawn('filters: 64, kernelSize: 3');
      return text.includes('[null, 11, 11, 64] · 18,496') ? true : undefined;
    }, 'a hint');
    assert.ok((await drawn('export default experiment(')).includes('93,322 parameters'));
  });

  it('underlines a mistake that is typed, and mends it by its quick fix', async () => {
    const { page } = window;
    await line('kernelSize: 3').click();
    // What a learner does: goes to the last layer, and adds an activation that the loss already has.
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+f');
    await page.getByRole('textbox', { name: 'Find' }).fill('units: classes');
    await page.keyboard.press('Escape');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.type(", activation: 'softmax");
    const squiggle = editor().locator('.squiggly-error');
    // Its hint is back once the text that stands there now has been built.
    await eventually(async () => {
      const text = await drawn('units: classes');
      return text.includes("'softmax' }),[null, 10] · 650") ? true : undefined;
    }, 'the hint of what was typed');
    await squiggle.first().waitFor();
    await window.screenshot('model-file-dark');
    const remedy = page.locator('.action-widget').getByText("Remove 'activation'");
    // The window may hear of the mistake a moment after it draws the hint.
    await eventually(async () => {
      await page.keyboard.press('Control+.');
      const offered = await remedy.waitFor({ timeout: 3000 }).then(
        () => true,
        () => undefined,
      );
      if (offered === undefined) await page.keyboard.press('Escape');
      return offered;
    }, 'the remedy');
    await window.screenshot('model-file-quick-fix');
    await page.keyboard.press('Enter');
    await eventually(async () => ((await squiggle.count()) === 0 ? true : undefined), 'no squiggle any more');
    assert.match(await drawn('units: classes'), /dense\(\{ units: classes \}\)/);
  });

  it('runs by a click on its lens, which then tells of the training', async () => {
    const lenses = editor().locator('.codelens-decoration').first();
    await lenses.getByText('Run Lesson').click();
    await lenses.getByText(/epoch \d+\/100/).waitFor();
    await window.screenshot('model-file-training');
    await lenses.getByText('Stop').click();
    await window.run('stopped');
    await lenses.getByText('Run Lesson').waitFor();
    await lenses.getByText('Compare With Last Run').waitFor();
  });
});

describe('a model file with mistakes, opened', function () {
  this.timeout(300_000);

  it('says so beside what could be built, in a light theme and in high contrast', async () => {
    const windows: Window[] = [];
    const workbench = await Workbench.open({ 'workbench.colorTheme': THEMES.light.name });
    try {
      workbench.world.lesson('neural-network', 10, (text) =>
        text.replace("units: classes, activation: 'softmax'", 'units: classes').replace('adam(0.003)', 'adam(0.5)'),
      );
      const window = await workbench.window();
      windows.push(window);
      const editor = window.page.locator('.editor-group-container .monaco-editor').first();
      for (const theme of ['light', 'hc-dark'] as const) {
        if (theme !== 'light') await workbench.theme(theme);
        // A window that is loaded again has lost an editor of which VS Code had not yet noted that it is open.
        await window.command('Open Model File');
        await window.pick('A small neural network');
        await editor.locator('.squiggly-error').first().waitFor();
        await editor.locator('.squiggly-warning').first().waitFor();
        await editor.getByText('[null, 24] · 600').waitFor();
        await editor.locator('.codelens-decoration').getByText('Run Lesson').waitFor();
        await window.screenshot(`model-file-${theme}`);
      }
    } catch (error) {
      for (const window of windows) await window.pictureOf('model file with mistakes');
      throw error;
    } finally {
      await workbench.dispose();
    }
  });
});
