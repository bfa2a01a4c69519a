/** What a newcomer sees whose machine has no native engine: the first steps, and a training a click later. */
import assert from 'node:assert/strict';
import { root, World } from '../support/world';
import { leavePicture, Workbench, type Window } from './workbench';

describe('the first minute in the real VS Code, without a native engine', function () {
  this.timeout(300_000);
  let workbench: Workbench;
  let window: Window;

  before(async () => {
    // The data that a package brings, and no engine.
    const world = new World({ firstSteps: true });
    workbench = await Workbench.in(world, {
      extensionDevelopmentPath: root,
      env: { DEEP_LEARNING_LAB_CACHE: world.ownCache(['data']) },
    });
    window = await workbench.window();
  });
  after(() => workbench.dispose());
  leavePicture(() => window);

  it('shows the first steps, with the lessons beside them', async () => {
    await window.page.locator('.gettingStartedContainer').getByText('Run your first lesson').first().waitFor();
    await window.page.getByRole('treeitem', { name: /A small neural network/ }).waitFor();
    await window.screenshot('first-steps');
  });

  it('its first step trains the first lesson, without a question, and the panel says on which engine', async () => {
    await window.page.locator('.gettingStartedContainer').getByRole('button', { name: 'Run Lesson' }).first().click();
    await window.moving();
    const { record } = await window.run('training');
    assert.equal(record.lesson, 'neural-network');
    assert.equal(record.environment.engine?.kind, 'wasm');
    assert.equal(record.environment.engine.instead?.code, 'ENGINE_MISSING');
    await window.panel
      .getByText(/WebAssembly/)
      .first()
      .waitFor();
  });

  it('tells once what a faster engine would take, and offers to get it', async () => {
    const told = await window.told('This model trains with WebAssembly');
    await told.getByRole('button', { name: 'Get It in the Background' }).waitFor();
    await window.screenshot('first-training');
    await told.getByRole('button', { name: 'Not Now' }).press('Enter');
    await window.panel.getByRole('button', { name: 'Stop' }).click();
    await window.inState('Stopped');
    await window.command('Run Lesson');
    await window.pick('A small neural network');
    await window.moving();
    assert.equal(await window.page.getByText('This model trains with WebAssembly').count(), 0);
  });
});
