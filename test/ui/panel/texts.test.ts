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

describe('the embedding of words, in the panel', function () {
  this.timeout(60_000);
  const { open } = usePanels();

  const shown = async (): Promise<PanelPage> => {
    const panel = await open({ width: 900, state: { collapsed: [] } });
    await panel.send(...(await TEXTS.embedding()));
    return panel;
  };
  const words = async (panel: PanelPage): Promise<unknown[]> =>
    (await panel.sent()).flatMap((message) =>
      message.type === 'setPicture' && message.settings.kind === 'wordEmbedding' ? message.settings.word : [],
    );

  it('shows the neighbours of the word, and asks for those of another that is typed or chosen', async () => {
    const panel = await shown();
    const section = panel.page.locator('[data-section=embedding]');
    const field = section.getByRole('combobox', { name: 'Word' });
    assert.equal(await field.inputValue(), 'good');
    const first = section.locator('.near-words tbody tr').first();
    assert.match(await first.innerText(), /^\w+\s+0\.\d\d\s+-?−?0\.\d\d$/);
    await field.fill('awful');
    await field.press('Enter');
    await panel.until('harness.sent.length > 0');
    const token = await first.getByRole('button').innerText();
    await first.getByRole('button').click();
    assert.deepEqual(await words(panel), ['awful', token]);
  });

  it('tells the word that is pointed at, and leads from word to word by keys', async () => {
    const panel = await shown();
    const section = panel.page.locator('[data-section=embedding]');
    const map = section.getByRole('slider', { name: 'Map of frequent words' });
    const said = section.locator('.attended');
    await map.focus();
    assert.match((await map.getAttribute('aria-valuetext')) ?? '', /^good: positive \d\d/);
    await panel.page.keyboard.press('Home');
    assert.equal(await map.getAttribute('aria-valuenow'), '1');
    const leftmost = (await map.getAttribute('aria-valuetext')) ?? '';
    assert.match(leftmost, /^\w+: (negative|positive) /);
    assert.equal(await said.innerText(), leftmost);
    await panel.page.keyboard.press('End');
    const rightmost = (await map.getAttribute('aria-valuetext')) ?? '';
    assert.notEqual(rightmost, leftmost);
    await panel.page.keyboard.press('Enter');
    assert.deepEqual(await words(panel), [rightmost.split(':')[0]]);

    // Somewhere on the map there is a word below the pointer.
    const box = (await map.boundingBox())!;
    await panel.page.mouse.move(box.x + 3, box.y + 3);
    const none = await said.innerText();
    let found = none;
    for (let step = 0; step < 400 && found === none; step++) {
      await panel.page.mouse.move(
        box.x + ((step % 20) / 20) * box.width,
        box.y + (Math.floor(step / 20) / 20) * box.height,
      );
      found = await said.innerText();
    }
    assert.match(found, /^\w+: (negative|positive) \d/);
  });

  it('says why a word is refused, until another is asked for, though pictures go on coming', async () => {
    const panel = await shown();
    const section = panel.page.locator('[data-section=embedding]');
    const field = section.getByRole('combobox', { name: 'Word' });
    await field.fill('xyzzy');
    await field.press('Enter');
    const error = { code: 'PICTURE_WORD', message: 'Not in the vocabulary.', remedy: 'Type another.' } as const;
    await panel.send({ type: 'refused', key: '/runs/run-1', picture: 'wordEmbedding', error });
    await section.getByRole('alert').getByText('Not in the vocabulary. Type another.').waitFor();
    await panel.send((await TEXTS.embedding()).at(-1)!);
    assert.equal(await section.getByRole('alert').count(), 1);
    assert.equal(await field.inputValue(), 'xyzzy');
    await field.fill('awful');
    await field.press('Enter');
    await section.getByRole('alert').waitFor({ state: 'detached' });
  });

  it('has all words of the map in a table, with what each says alone', async () => {
    const panel = await shown();
    const table = panel.page.locator('[data-section=embedding] details');
    await table.getByText('All words of the map').click();
    const rows = await table.locator('tbody tr').allInnerTexts();
    assert.ok(rows.length > 50);
    assert.ok(
      rows.every((row) => /^\S+\s+(negative|positive) \d+(\.\d)?%\s+\S+\s+\S+$/.test(row)),
      rows[0],
    );
  });
});
