/** The chat with the model of a run, in the panel: by keys, as it is written, as it is heard, in every theme. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { PanelToHost } from '../../../src/protocol/panel';
import { usePanels, THEMES, type PanelPage } from './page';
import { clothesScene } from './scenes';
import { chatMessage, chatScene, SAID } from './texts';

type Asked = Extract<PanelToHost, { readonly type: 'setPicture' }>['settings'];

describe('a chat in the panel', function () {
  this.timeout(60_000);
  const { open } = usePanels();

  const asked = async (panel: PanelPage): Promise<readonly Asked[]> =>
    (await panel.sent()).flatMap((message) => (message.type === 'setPicture' ? [message.settings] : []));
  const section = (panel: PanelPage) => panel.page.locator('[data-section=chat]');

  it('is offered before any run, for a lesson whose model one can talk to', async () => {
    const panel = await open({ width: 900 });
    const lesson = { id: 'language-model', title: 'A language model', summary: 'Talk to it.' };
    await panel.send({ type: 'show', run: null, lesson });
    await panel.page.getByRole('button', { name: 'Open Lesson' }).waitFor();
    const chat = panel.page.getByRole('button', { name: 'Chat With the Model' });
    assert.equal(await chat.count(), 0);
    await panel.send({ type: 'show', run: null, lesson: { ...lesson, hasChat: true } });
    await chat.press('Enter');
    assert.deepEqual((await panel.sent()).at(-1), { type: 'command', command: 'chat' });
  });

  it('is said what it is while it is empty; Enter sends, Shift+Enter begins a line, Escape stops', async () => {
    const panel = await open({ width: 900, state: { collapsed: [] } });
    await panel.send(...clothesScene('finished', 1), chatMessage());
    const log = panel.page.getByRole('log', { name: 'Conversation' });
    assert.match(await section(panel).innerText(), /Talk to SmolLM2.*often wrong/s);
    assert.match(await log.innerText(), /Nothing has been said yet/);
    const message = panel.page.getByRole('textbox', { name: 'Message' });
    assert.equal(await panel.page.getByRole('button', { name: 'Send' }).isDisabled(), true);
    await message.press('Enter');
    await message.pressSequentially('Hello');
    await message.press('Shift+Enter');
    await message.pressSequentially('there');
    await panel.page.getByRole('checkbox', { name: /before the training/ }).check();
    await panel.page.getByRole('slider', { name: 'Temperature' }).press('ArrowRight');
    await message.press('Enter');
    assert.deepEqual(await asked(panel), [
      {
        ...{ kind: 'conversation', ask: 'say', text: 'Hello\nthere', beside: true, temperature: 0.1, topP: 1 },
        system: 'Answer with one command: device, room, action.',
      },
    ]);
    assert.equal(await message.inputValue(), '');
    assert.match(await log.innerText(), /Hello\nthere/);
    await message.press('Escape');
    assert.deepEqual((await asked(panel)).at(-1), { kind: 'conversation', ask: 'stop' });
  });

  it('shows answers as they are written, and tells who hears it each one once it is whole', async () => {
    const panel = await open({ width: 900, state: { collapsed: [] } });
    const begun = { by: 'trained', step: 62, text: 'heating, at', tokens: 3 } as const;
    const turn = { said: 'Warmer', answers: [begun] };
    await panel.send(...clothesScene('finished', 1), chatMessage({ isAnswering: true, turns: [turn] }));
    const log = panel.page.getByRole('log', { name: 'Conversation' });
    await log.getByText('heating, at').waitFor();
    assert.deepEqual([await log.getAttribute('aria-busy'), await log.getAttribute('aria-live')], ['true', 'off']);
    const told = section(panel).locator('[role=status]');
    assert.equal(await told.innerText(), '');
    const whole = { ...begun, text: 'heating, attic, 21', tokens: 7, end: 'ended' } as const;
    await panel.send(chatMessage({ turns: [{ ...turn, answers: [whole] }] }));
    await panel.until("document.querySelector('.chat-told').textContent.includes('heating, attic, 21')");
    assert.match((await told.textContent()) ?? '', /^SmolLM2 135M Instruct after step 62: heating, attic, 21/);
    await panel.page.getByRole('button', { name: 'Show Attention' }).click();
    await panel.page.getByRole('button', { name: 'New Conversation' }).click();
    assert.deepEqual(await asked(panel), [
      { kind: 'conversation', ask: 'attention' },
      { kind: 'conversation', ask: 'new' },
    ]);
  });

  it('gives back what could not be said, with the reason', async () => {
    const panel = await open({ width: 900, state: { collapsed: [] } });
    await panel.send(...clothesScene('finished', 1), chatMessage({ turns: SAID }));
    const message = panel.page.getByRole('textbox', { name: 'Message' });
    await message.fill('Hello');
    await message.press('Enter');
    const error = { code: 'PICTURE_GONE', message: 'The model is gone.', remedy: 'Run again.' } as const;
    await panel.send({ type: 'refused', key: '/runs/run-1', picture: 'conversation', error });
    await panel.page.getByRole('alert').getByText('The model is gone. Run again.').waitFor();
    assert.equal(await message.inputValue(), 'Hello');
    assert.equal(await panel.page.getByRole('button', { name: 'Send' }).isEnabled(), true);
  });

  for (const theme of THEMES)
    it(`keeps its answers beside each other or below, and nothing wider than the page, in ${theme}`, async () => {
      const panel = await open({ width: 700, theme, state: { collapsed: [] } });
      await panel.send(...chatScene());
      const answers = section(panel).locator('.chat-answer');
      const [first, second] = [await answers.nth(0).boundingBox(), await answers.nth(1).boundingBox()];
      assert.ok(first !== null && second !== null && first.y === second.y && second.x > first.x);
      const folder = process.env['CHAT_SHOTS'];
      if (folder !== undefined) {
        fs.mkdirSync(folder, { recursive: true });
        await section(panel).screenshot({ path: path.join(folder, `${theme}.png`) });
      }
      await panel.page.setViewportSize({ width: 320, height: 800 });
      const [, below] = [await answers.nth(0).boundingBox(), await answers.nth(1).boundingBox()];
      assert.ok(below !== null && below.x < first.x + first.width);
      const wider = `[...document.querySelectorAll('[data-section=chat] *')]
        .filter((one) => one.getBoundingClientRect().right > document.querySelector('[data-section=chat]').getBoundingClientRect().right + 1)
        .map((one) => one.className)`;
      assert.deepEqual(await panel.evaluate(wider), []);
    });
});
