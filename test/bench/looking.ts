/**
 * `--only looking`: what it costs to look at a training: processor time of VS Code and its browser over a minute, while
 * the panel shows it, while the panel is closed and all else is as it was (a cursor that blinks in the editor costs as
 * much as the panel does), while a cell shows it, and while none does. Wall-clock ratios of whole trainings say the same
 * with far more noise.
 */
import fs from 'node:fs';
import path from 'node:path';
import { Workbench, type Window } from '../ui/workbench';
import { closeAll, open, toTop } from './editors';
import { ROLES, sharesOver, type ByRole } from './processorTime';
import { atMost, type Log, type Row } from './row';

const SECONDS = 60;
/** A network just begun is told about often, and what opens with it is opened: none of it is measured. */
const SETTLED_SECONDS = 15;
const LESSON = { id: 'image-classification', title: 'Image classification', epochs: 100 };
const NOTEBOOK = 'live.lab.md';
const CELLS = {
  trains: "import { train } from 'deep-learning-lab';\nimport lesson from './model';\nawait train(lesson);",
  waits: 'await new Promise((resolve) => setTimeout(resolve, 600_000));',
};

export async function* looking(log: Log): AsyncGenerator<Row> {
  const workbench = await Workbench.open();
  try {
    const modelFile = workbench.world.lesson(LESSON.id, LESSON.epochs);
    const folder = path.dirname(modelFile);
    const text = Object.values(CELLS).map((code) => `\`\`\`ts\n${code}\n\`\`\`\n`);
    fs.writeFileSync(path.join(folder, NOTEBOOK), text.join('\n'));
    const window = await workbench.window();
    const measured = async (what: string): Promise<ByRole> => {
      await new Promise((resolve) => setTimeout(resolve, SETTLED_SECONDS * 1000));
      const shares = await sharesOver(SECONDS);
      log(`  ${what}: ${ROLES.map((role) => `${role} ${percent(shares[role])}`).join(', ')}`);
      return shares;
    };

    await openNotebook(window);
    const idle = await measured('a notebook, nothing runs');
    const waiting = await inCell(window, 'waits', () => measured('a cell that waits'));
    await closeAll(window);

    await window.command('Run Lesson');
    await window.pick(LESSON.title);
    await window.inState('Training');
    const panel = await measured('the panel, training');
    // The rest stays as it is: the same editor with its blinking cursor, the same lists and status bar, the same training.
    const tab = window.page.locator('.tab', { hasText: `Lab: ${LESSON.title}` });
    await tab.hover();
    await tab.getByRole('button', { name: 'Close' }).click();
    await tab.waitFor({ state: 'detached' });
    await window.page.locator('.editor-group-container .monaco-editor .view-lines').first().click();
    const closed = await measured('the panel closed, training');
    await window.command('Stop');
    await closeAll(window);

    await openNotebook(window);
    const cell = await inCell(window, 'trains', () => measured('a cell, training'));

    const cost = (shares: ByRole, without = idle): number => 100 * (drawing(shares) - drawing(without));
    const [ofPanel, ofCell, ofWaiting] = [cost(panel, closed), cost(cell), cost(waiting)];
    yield row('The panel beside a training', ofPanel, 4, panel);
    yield row('a cell that trains, with its live chart', ofCell, ofPanel, cell);
    // VS Code turns a wheel in every cell that runs, and without a graphics card draws the window anew for it.
    yield row('a cell that waits and shows nothing: VS Code itself', ofWaiting, undefined, waiting);
    yield row('the live chart in a cell: what is beyond that', ofCell - ofWaiting, ofPanel);
  } finally {
    await workbench.dispose();
  }
}

/** What draws and what feeds it; the browser's own process and the server carry messages for all alike. */
const drawing = (shares: ByRole): number => shares['extension host'] + shares.page + shares.compositor;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function row(name: string, value: number, limit: number | undefined, shares?: ByRole): Row {
  const note = shares && ROLES.map((role) => `${role} ${percent(shares[role])}`).join(', ');
  const goal = limit === undefined ? {} : atMost(Number(limit.toFixed(1)), '% of a core', value);
  return { bench: 'looking', name, value, unit: '% of a core', ...goal, ...(note === undefined ? {} : { note }) };
}

async function openNotebook(window: Window): Promise<void> {
  await open(window, NOTEBOOK, () => toTop(window, window.page.locator('.code-cell-row', { hasText: 'await train' })));
}

/** Executes the cell, looks, and interrupts it. */
async function inCell<T>({ page }: Window, which: keyof typeof CELLS, look: () => Promise<T>): Promise<T> {
  const text = which === 'trains' ? 'await train' : 'await new Promise';
  const cell = page.locator('.notebookOverlay .code-cell-row', { hasText: text });
  await cell.hover();
  await cell.getByRole('button', { name: 'Execute Cell' }).first().click();
  const result = await look();
  await page.locator('.notebookOverlay .code-cell-row', { hasText: text }).hover();
  await page.getByRole('button', { name: 'Interrupt' }).first().click();
  return result;
}
