/** What may happen to a notebook's window in the real VS Code: a second one, and its end before a save. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { KeptCell } from '../../src/client/notebook/store';
import { some } from '../support/sample';
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

const TRAINS = `\`\`\`ts
import fs from 'node:fs';
import { datasets, experiment, losses, tf, train } from 'deep-learning-lab';
let scope = 41;
fs.appendFileSync('executed', 'once ');
console.log('before all');
do {
  await train(experiment({
    title: 'Unwatched', data: datasets.circles(), epochs: 200, batchSize: 32, optimizer: () => tf.train.sgd(0.1),
    loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
    model: ({ inputShape, classes }) => tf.sequential({ layers: [tf.layers.dense({ inputShape, units: classes })] }),
  }));
} while (!fs.existsSync('return'));
console.log('after all');
\`\`\`

\`\`\`ts
'then ' + (scope + 1)
\`\`\`
`;

describe('the windows of a notebook in the real VS Code', function () {
  this.timeout(300_000);
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
  /** What the cells have come to, as it is kept on disk. */
  const kept = (): readonly KeptCell[] => {
    const folder = path.join(workbench.world.workspace, 'deep-learning-lab', '.lab', 'outputs');
    const [name] = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
    if (name === undefined) return [];
    return (JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as { cells: KeptCell[] }).cells;
  };
  const cell = (window: Window, text: string) =>
    window.page.locator('.notebookOverlay .code-cell-row .monaco-editor', { hasText: text });
  const append = async (window: Window, text: string): Promise<void> => {
    // VS Code scrolls a list that it opens again to where it was left; the cell may lie beneath the toolbar then.
    await eventually(async () => {
      await window.scrollNotebook(-Infinity);
      const clicked = cell(window, 'shared += 41').click({ timeout: 10_000 });
      return await clicked.then(
        () => true,
        () => undefined,
      );
    }, 'the cell is clicked');
    await window.page.keyboard.press('Control+End');
    await window.page.keyboard.type(text);
    await window.page.locator('.tab.dirty', { hasText: NAME }).waitFor();
  };
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

  for (const when of some(['meanwhile', 'when it is back'], 1))
    it(`one that nobody is at for a while misses nothing, and goes on with the cells below: the cell ends ${when}`, async () => {
      fs.writeFileSync(file(), TRAINS);
      const inWorkspace = (name: string): string => path.join(workbench.world.workspace, name);
      for (const name of ['executed', 'return', 'deep-learning-lab/.lab/outputs'])
        fs.rmSync(inWorkspace(name), { recursive: true, force: true });
      const window = await open();
      await window.page.getByRole('button', { name: 'Run All' }).first().click();
      await shows(window, 'before all');
      const logs = path.join(workbench.world.userDataDir, 'logs');
      const isSaid = (text: string): boolean =>
        fs
          .readdirSync(logs, { recursive: true, encoding: 'utf8' })
          .filter((name) => path.basename(name) === 'Deep Learning Lab.log')
          .some((name) => fs.readFileSync(path.join(logs, name), 'utf8').includes(text));
      // A page that does nothing else answers nobody.
      const silent = window.page.evaluate((until) => {
        while (Date.now() < until);
      }, Date.now() + 40_000);
      await eventually(() => (isSaid('The window does not answer') ? true : undefined), 'it is left', 40);
      if (when === 'meanwhile') fs.writeFileSync(inWorkspace('return'), '');
      await silent;
      await eventually(() => (isSaid('The window is back') ? true : undefined), 'it is back', 40);
      fs.writeFileSync(inWorkspace('return'), '');
      const cells = await eventually(() => (kept().length === 2 ? kept() : undefined), 'both cells have ended', 100);
      assert.ok(cells.every(({ success }) => success === true));
      const shown = cells.map(({ events }) => JSON.stringify(events));
      for (const text of ['before all', 'Unwatched', 'after all']) assert.ok(shown[0]!.includes(text), text);
      assert.match(shown[1]!, /then 42/);
      assert.equal(fs.readFileSync(inWorkspace('executed'), 'utf8'), 'once ', 'the cell was executed once');
    });

  it('a dirty one that goes has its text again when it comes back, and nothing is written before a save', async () => {
    const window = await open();
    await append(window, '; // typed and not saved');
    // VS Code keeps what is not saved a second after it was typed; a window that goes earlier asks.
    const backups = path.join(workbench.world.userDataDir, 'User', 'Backups');
    const isKept = (): boolean => {
      const files = fs.existsSync(backups) ? fs.readdirSync(backups, { recursive: true, encoding: 'utf8' }) : [];
      const texts = files.map((name) => path.join(backups, name)).filter((name) => fs.statSync(name).isFile());
      return texts.some((name) => fs.readFileSync(name, 'utf8').includes('typed and not saved'));
    };
    await eventually(() => isKept() || undefined, 'VS Code keeps it');
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
    // A window that goes before would have it again in the next one.
    await eventually(() => !isKept() || undefined, 'VS Code keeps it no more');
  });

  it('what two have typed is not lost: the later save is asked about', async () => {
    const first = await open();
    const second = await open();
    await append(first, '; // of the first');
    await append(second, '; // of the second');
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
