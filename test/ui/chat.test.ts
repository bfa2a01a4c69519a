/** Chat with the real SmolLM2 in the real VS Code, with nothing trained before, over a reload of the window. */
import assert from 'node:assert/strict';
import { eventually } from '../support/wait';
import { THEMES, Workbench, leavePicture, type ThemeName, type Window } from './workbench';

describe('a chat in the real VS Code', function () {
  this.timeout(300_000);
  let workbench: Workbench;
  let window: Window;
  before(async () => {
    // On one thread a long answer takes several times as long as a reload.
    workbench = await Workbench.open({ 'deepLearningLab.trainer.threads': 1 });
    window = await workbench.window();
  });
  after(() => workbench.dispose());
  leavePicture(() => window);

  it('needs no training, and after a reload is where it was, still writing', async () => {
    await window.command('Chat With the Model');
    await window.pick('A real language model');
    await window.inState('Paused');
    const log = window.panel.getByRole('log', { name: 'Conversation' });
    const message = window.panel.getByRole('textbox', { name: 'Message' });
    const say = async (text: string): Promise<void> => {
      await message.fill(text);
      await message.press('Enter');
    };
    const system = window.panel.getByRole('textbox', { name: 'What it is told first' });
    await system.fill('');
    await say('What is the capital of France?');
    await log.getByText(/Paris/).waitFor();
    await eventually(
      async () => ((await log.getAttribute('aria-busy')) === 'false' ? true : undefined),
      'the end of the answer',
    );
    assert.equal(await window.step(), 0, 'nothing is trained');
    await window.screenshot('chat-before');

    await say('Tell me a long story about a ship.');
    await log
      .getByText(/before the training/)
      .nth(1)
      .waitFor();
    await window.page.reload();
    await window.ready();
    await log.getByText(/Paris/).waitFor();
    await log.getByText('Tell me a long story about a ship.').waitFor();
    await window.panel.getByRole('button', { name: 'Stop Answer' }).click();
    await log.getByText(/stopped/).waitFor();

    await window.panel.getByRole('button', { name: 'Show Attention' }).click();
    const heads = window.panel.getByRole('radiogroup', { name: 'Heads' });
    await heads.waitFor();
    assert.equal(await heads.getByRole('radio').count(), 270);
    for (const theme of Object.keys(THEMES) as ThemeName[]) {
      if (process.env['CHAT_SHOTS'] === undefined) break;
      await workbench.theme(theme);
      await log.getByText(/Paris/).waitFor();
      await window.screenshot(`chat-${theme}`);
    }
    assert.deepEqual(window.complaints, []);
  });
});
