/** Check Set-up, Disk Space and pinned runs, as a person sees them. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { seal } from '../../src/files/seal';
import { isPinned } from '../../src/runFolder/pin';
import { eventually } from '../support/wait';
import { root, World } from '../support/world';
import { sound } from '../unit/runFolder/support';
import { leavePicture, Workbench, type Window } from './workbench';

describe('the machine in the real VS Code', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let window: Window;
  let cache: string;

  before(async () => {
    const world = new World();
    cache = world.ownCache(['data', 'engine', 'models']);
    fs.mkdirSync(path.join(cache, 'features'));
    fs.writeFileSync(path.join(cache, 'features', 'a.f32'), Buffer.alloc(2_000_000));
    workbench = await Workbench.in(world, {
      settings: { 'deepLearningLab.data.directory': '~/not-there' },
      env: { DEEP_LEARNING_LAB_CACHE: cache },
      extensionDevelopmentPath: root,
    });
    for (const day of [1, 2, 3]) storedRun(day);
    window = await workbench.window();
  });
  after(() => workbench.dispose());

  /** One that has finished; its title says which. */
  function storedRun(day: number): void {
    const id = `day-${String(day)}`;
    const folder = path.join(workbench.world.lab.runs, id);
    fs.mkdirSync(folder, { recursive: true });
    const createdAt = `2026-01-0${String(day)}T00:00:00.000Z`;
    const end = { reason: 'completed', at: createdAt, unattended: false };
    const record = { ...sound, id, title: `Day ${String(day)}`, createdAt, state: 'finished', end, lesson: undefined };
    fs.writeFileSync(path.join(folder, 'run.json'), JSON.stringify(record));
    seal(folder);
  }
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

  it('Disk Space lists what is taken, and deletes what can be made again, after a question', async () => {
    await window.command('Disk Space');
    const rows = window.quickInput.locator('.monaco-list-row');
    await rows.filter({ hasText: 'Feature vectors' }).filter({ hasText: '2 MB' }).waitFor();
    await window.screenshot('disk-space');
    await rows.filter({ hasText: 'Feature vectors' }).click();
    const dialog = window.page.locator('.monaco-dialog-box');
    await dialog.getByText('Delete “Feature vectors, decoded pictures” (2 MB)?').waitFor();
    assert.ok(fs.existsSync(path.join(cache, 'features', 'a.f32')), 'not before the answer');
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await window.told('2 MB are free again.');
    assert.ok(!fs.existsSync(path.join(cache, 'features')));
    assert.ok(fs.existsSync(path.join(cache, 'data', 'mnist')), 'the rest is as it was');
  });

  it('Pin Run brings a run to the top with a pin, which its folder keeps; Unpin Run takes it away', async () => {
    await window.views();
    const days = window.items(/^Day \d, finished/);
    const order = async (): Promise<string[]> =>
      (await days.allTextContents()).map((text) => /Day \d/.exec(text)?.[0] ?? '');
    const inOrder = async (wanted: readonly string[]): Promise<void> => {
      await eventually(async () => ((await order()).join() === wanted.join() ? true : undefined), wanted.join());
    };
    await inOrder(['Day 3', 'Day 2', 'Day 1']);
    await window.chooseFrom(window.items(/^Day 1, finished/), 'Pin Run');
    await inOrder(['Day 1', 'Day 3', 'Day 2']);
    const pinned = window.items(/^Day 1, finished, .*, pinned$/);
    await pinned.locator('.codicon-pinned').first().waitFor();
    assert.equal(isPinned(path.join(workbench.world.lab.runs, 'day-1')), true);
    await pinned.hover();
    await window.screenshot('pinned-run');
    await pinned.getByRole('button', { name: 'Unpin Run' }).click();
    await inOrder(['Day 3', 'Day 2', 'Day 1']);
    assert.equal(isPinned(path.join(workbench.world.lab.runs, 'day-1')), false);
  });
});
