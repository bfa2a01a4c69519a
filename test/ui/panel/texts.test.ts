/** The pictures of models of text: what a learner sets, sees and hears of them. */
import assert from 'node:assert/strict';
import type { PanelToHost } from '../../../src/protocol/panel';
import { usePanels, type PanelPage } from './page';
import { TEXTS } from './texts';

type Asked = Extract<PanelToHost, { readonly type: 'setPicture' }>;

describe('the text that a model writes, in the panel', function () {
  this.timeout(60_000);
  const { open } = usePanels();

  const asked = async (panel: PanelPage): Promise<Asked> => {
    await panel.until("harness.sent.some((message) => message.type === 'setPicture')");
    return (await panel.sent()).findLast((message): message is Asked => message.type === 'setPicture')!;
  };

  it('is asked for anew with another prompt and other settings, of the run that is shown', async () => {
    const panel = await open({ width: 900, state: { collapsed: [] } });
    const messages = await TEXTS.writing();
    await panel.send(...messages);
    const prompt = panel.page.getByRole('textbox', { name: 'Prompt' });
    assert.equal(await prompt.inputValue(), 'Call me');
    await prompt.fill('Some years');
    const { key, settings } = await asked(panel);
    assert.equal(key, '/runs/run-1');
    assert.deepEqual(settings, { kind: 'sampledText', prompt: 'Some years', temperature: 0.8, topK: 5, topP: 1 });
    // One that was on its way moves nothing back.
    await panel.send(...messages.slice(-2));
    assert.equal(await prompt.inputValue(), 'Some years');

    await panel.page.getByRole('slider', { name: 'Temperature' }).press('ArrowRight');
    await panel.until('harness.sent.some(({ settings }) => settings?.temperature > 0.85)');
    await panel.page.getByRole('slider', { name: 'Top-k' }).press('End');
    await panel.until('harness.sent.some(({ settings }) => settings?.topK > 5)');
    assert.match(await panel.page.locator('[data-section=writing] .sampling').innerText(), /all \d+/);
  });

  it('says why it is not drawn, beside what was typed', async () => {
    const panel = await open({ width: 900, state: { collapsed: [] } });
    await panel.send(...(await TEXTS.writing()));
    const error = { code: 'PICTURE_GONE', message: 'The model is gone.', remedy: 'Run again.' } as const;
    await panel.send({ type: 'refused', key: '/runs/run-1', picture: 'sampledText', error });
    await panel.page.getByRole('alert').getByText('The model is gone. Run again.').waitFor();
  });

  it('shows attention for the token that is pointed at or reached by keys, in the head that is chosen', async () => {
    const panel = await open({ width: 900, state: { collapsed: [] } });
    await panel.send(...(await TEXTS.writing()));
    const section = panel.page.locator('[data-section=attention]');
    const read = section.locator('.attended');
    // The sharpest head of the second layer that looks one token back.
    await section.getByRole('radio', { name: 'Layer 2, head 1' }).check();
    await section
      .getByRole('button', { name: /^m looks at/ })
      .first()
      .hover();
    assert.match(await read.innerText(), /^m looks at: space \(1 back\) (7|8|9)\d%/);
    await section.locator('[aria-current=true]').focus();
    await panel.page.keyboard.press('ArrowRight');
    assert.match(await read.innerText(), /^e looks at: m \(1 back\)/);
    assert.equal(await panel.evaluate('document.activeElement.textContent.trim()'), 'e');
    await section.getByRole('radio', { name: 'Layer 2, head 2' }).check();
    assert.match(await read.innerText(), /^e looks at: itself/);
  });
});
