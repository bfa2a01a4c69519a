/** Check Set-up, as a person sees it. */
import assert from 'node:assert/strict';
import { leavePicture, Workbench, type Window } from './workbench';

describe('the machine in the real VS Code', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    workbench = await Workbench.open({ 'deepLearningLab.data.directory': '~/not-there' });
    window = await workbench.window();
  });
  after(() => workbench.dispose());
  leavePicture(() => window);

  it('Check Set-up opens a report whose problems come first, with buttons to copy it and to mend them', async () => {
    await window.command('Check Set-up');
    const editor = window.page.locator('.editor-group-container .monaco-editor').first();
    await editor.locator('.view-line', { hasText: 'Problem: Your own data' }).waitFor();
    const lenses = editor.locator('.codelens-decoration a');
    await lenses.filter({ hasText: 'Open Setting' }).waitFor();
    assert.equal(await lenses.first().textContent(), 'Copy');
    await window.screenshot('check-setup');
    await window.page.locator('.editor-actions [aria-label^="Copy"]').waitFor();
    await lenses.first().click();
    await window.statusBar.getByText('The report is in the clipboard.').waitFor();
  });
});
