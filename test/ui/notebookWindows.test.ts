/** What may happen to a notebook's window in the real VS Code: a second one, and its end before a save. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { eventually } from '../support/wait';
import { Workbench, type Window } from './workbench';

const NAME = 'windows.lab.md';
const NOTEBOOK = `# Windows

\`\`\`ts
import fs from 'node:fs';
let shared = 1;
console.log('begun in a window');
while (!fs.existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 50));
'ended'
\`\`\`

\`\`\`ts
shared += 41;
'answer ' + shared
\`\`\`
`;

describe('the windows of a notebook in the real VS Code', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  const windows: Window[] = [];
  const file = (): string => path.join(workbench.world.workspace, NAME);

  before(async () => {
    workbench = await Workbench.open();
  });
  after(() => workbench.dispose());
  afterEach(async function () {
    for (const [index, window] of windows.splice(0).entries())
      if (this.currentTest?.state === 'failed') await window.pictureOf(`${index}-${this.currentTest.title}`);
    await workbench.closeWindows();
  });
  beforeEach(() => {
    fs.writeFileSync(file(), NOTEBOOK);
  });

  const open = async (): Promise<Window> => {
    const window = await workbench.window();
    windows.push(window);
    if (await window.page.locator('.tab', { hasText: NAME }).isVisible()) return window;
    await window.page.keyboard.press('Control+P');
    await window.quickInput.locator('input').fill(NAME);
    await window.quickInput.locator('.monaco-list-row', { hasText: NAME }).first().waitFor();
    await window.page.keyboard.press('Enter');
    await window.page.locator('.tab.active', { hasText: NAME }).waitFor();
    return window;
  };
  const cell = (window: Window, text: string) =>
    window.page.locator('.notebookOverlay .code-cell-row .monaco-editor', { hasText: text });
  const runCell = async (window: Window, text: string): Promise<void> => {
    const cell = window.page.locator('.notebookOverlay .code-cell-row', { hasText: text });
    await cell.hover();
    await cell.getByRole('button', { name: 'Execute Cell' }).first().click();
  };
  /** Outputs are drawn in a frame of VS Code's. */
  const shows = (window: Window, text: string): Promise<unknown> =>
    eventually(() => window.inFrames('.output_container', { hasText: text }), `the output "${text}"`, 120);

  it('two of them share a kernel: what one runs, the other shows, and goes on from', async () => {
    const first = await open();
    const second = await open();
    await runCell(first, 'begun in');
    // What is shown moves the cells below it; before, a click may miss.
    for (const window of [first, second]) await shows(window, 'begun in a window');
    // Waits for its turn: a kernel does one thing after the other.
    await runCell(second, 'shared += 41');
    fs.writeFileSync(path.join(workbench.world.workspace, 'go'), '');
    for (const window of [first, second]) {
      await shows(window, 'ended');
      await shows(window, 'answer 42');
    }
    assert.equal(fs.readFileSync(file(), 'utf8'), NOTEBOOK);
  });

  it('a dirty one that goes has its text again when it comes back, and nothing is written before a save', async () => {
    const window = await open();
    await cell(window, 'shared += 41').click();
    await window.page.keyboard.press('Control+End');
    await window.page.keyboard.type('; // typed and not saved');
    await window.page.locator('.tab.dirty', { hasText: NAME }).waitFor();
    // VS Code keeps what is not saved a second after it was typed; a window that goes earlier asks.
    const backups = path.join(workbench.world.userDataDir, 'User', 'Backups');
    await eventually(() => {
      const files = fs.existsSync(backups) ? fs.readdirSync(backups, { recursive: true, encoding: 'utf8' }) : [];
      const texts = files.map((name) => path.join(backups, name)).filter((name) => fs.statSync(name).isFile());
      return texts.some((name) => fs.readFileSync(name, 'utf8').includes('typed and not saved')) ? true : undefined;
    }, 'VS Code keeps it');
    await window.page.reload();
    await window.ready();
    await cell(window, 'typed and not saved').waitFor();
    await window.page.locator('.tab.dirty', { hasText: NAME }).waitFor();
    assert.equal(fs.readFileSync(file(), 'utf8'), NOTEBOOK);
    await window.page.keyboard.press('Control+S');
    await eventually(
      () => (fs.readFileSync(file(), 'utf8').includes('typed and not saved') ? true : undefined),
      'it is saved',
    );
    assert.equal(fs.readFileSync(file(), 'utf8').replace('; // typed and not saved', ''), NOTEBOOK);
  });

  it('what two have typed is not lost: the later save is asked about', async () => {
    const first = await open();
    const second = await open();
    for (const [window, text] of [
      [first, '; // of the first'],
      [second, '; // of the second'],
    ] as const) {
      await cell(window, 'shared += 41').click();
      await window.page.keyboard.press('Control+End');
      await window.page.keyboard.type(text);
      await window.page.locator('.tab.dirty', { hasText: NAME }).waitFor();
    }
    await first.page.keyboard.press('Control+S');
    await eventually(
      () => (fs.readFileSync(file(), 'utf8').includes('of the first') ? true : undefined),
      'it is saved',
    );
    await second.page.keyboard.press('Control+S');
    await second.told('The content of the file is newer');
    assert.ok(!fs.readFileSync(file(), 'utf8').includes('of the second'));
    await cell(second, 'of the second').waitFor();
  });
});
