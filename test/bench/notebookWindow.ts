/** `--only notebook`: what is seen in the window: how soon 1,000 cells are there, and what a live chart in a cell costs. */
import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { eventually } from '../support/wait';
import { Workbench, type Window } from '../ui/workbench';
import { atMost, median, rounds, type Log, type Row } from './row';

const CELLS = 1_000;
const OPENINGS = 5;
const TRAININGS = 3;
const LESSON = { id: 'image-classification', title: 'Image classification', epochs: 1 };
const LIMIT_SECONDS = 600;
/** Looking for the end should cost nothing that is measured. */
const LOOK_MS = 1000;

export async function* notebookWindow(log: Log): AsyncGenerator<Row> {
  const workbench = await Workbench.open();
  try {
    const window = await workbench.window();
    yield await opening(workbench, window);
    yield* await liveChart(workbench, window, log);
  } finally {
    await workbench.dispose();
  }
}

/** Half of them prose with a formula, half code. */
export function textOfCells(count: number): string {
  const pair = (_: unknown, index: number): string =>
    `Text ${String(index)} with $x^2$.\n\n\`\`\`ts\nconst x${String(index)} = 1;\n\`\`\`\n`;
  return Array.from({ length: count / 2 }, pair).join('\n');
}

/** From choosing the file to its first cells on the screen: the code in an editor, the prose with its formula in the frame. */
async function opening({ world }: Workbench, window: Window): Promise<Row> {
  const name = 'thousand.lab.md';
  const small = 'small.lab.md';
  fs.writeFileSync(path.join(world.workspace, name), textOfCells(CELLS));
  fs.writeFileSync(path.join(world.workspace, small), '```ts\nconst little = 1;\n```\n');
  const times: number[] = [];
  for (let round = 0; round <= OPENINGS; round++) {
    const seconds = await open(window, name, async () => {
      await code(window, 'const x0 = 1').waitFor();
      await eventually(() => window.inFrames('.markup', { hasText: 'Text 0' }), 'the first text', 60, 5);
    });
    // The first one loads VS Code's notebooks and their renderers.
    if (round > 0) times.push(seconds);
    await closeAll(window);
    // VS Code's TypeScript goes through all documents for each cell that is closed: nothing is read in these seconds.
    await open(window, small, () => code(window, 'const little').waitFor());
    await closeAll(window);
  }
  const value = median(times);
  return {
    bench: 'notebook',
    name: 'Opening 1,000 cells in VS Code',
    value,
    unit: 's',
    ...atMost(1, 's', value),
    note: rounds(times, 2),
  };
}

/** The same training in turns: from a cell, its run live below it, and by Run Lesson, with the panel. */
async function liveChart(workbench: Workbench, window: Window, log: Log): Promise<Row[]> {
  const modelFile = workbench.world.lesson(LESSON.id, LESSON.epochs);
  const name = 'live.lab.md';
  const text =
    "```ts\nimport { train } from 'deep-learning-lab';\nimport lesson from './model';\nawait train(lesson);\n```\n";
  fs.writeFileSync(path.join(path.dirname(modelFile), name), text);
  const inCell: number[] = [];
  const inPanel: number[] = [];
  for (let round = 0; round <= TRAININGS; round++) {
    const cell = await secondsOf(workbench, async () => {
      await open(window, name, () => toTop(window, code(window, 'await train')));
      const cell = window.page.locator('.notebookOverlay .code-cell-row', { hasText: 'await train' });
      await cell.hover();
      await cell.getByRole('button', { name: 'Execute Cell' }).first().click();
    });
    await closeAll(window);
    const panel = await secondsOf(workbench, async () => {
      await window.command('Run Lesson');
      await window.pick(LESSON.title);
    });
    await closeAll(window);
    log(`  round ${String(round)}: in a cell ${cell.toFixed(2)} s, panel ${panel.toFixed(2)} s`);
    // The first one opens what opens with either.
    if (round === 0) continue;
    inCell.push(cell);
    inPanel.push(panel);
  }
  const ratio = median(inCell.map((seconds, index) => seconds / inPanel[index]!));
  return [
    { bench: 'notebook', name: 'training, live in a cell', value: median(inCell), unit: 's', note: rounds(inCell, 2) },
    { bench: 'notebook', name: 'training, panel open', value: median(inPanel), unit: 's', note: rounds(inPanel, 2) },
    {
      bench: 'notebook',
      name: 'live in a cell against the panel',
      value: ratio,
      unit: 'ratio',
      ...atMost(1, '', ratio),
    },
  ];
}

/** How long the run trained that is begun. */
async function secondsOf({ world }: Workbench, begin: () => Promise<void>): Promise<number> {
  const before = new Set((await world.runs()).map(({ folder }) => folder));
  await begin();
  const ended = async (): Promise<number | undefined> => {
    const run = (await world.runs()).find(({ folder }) => !before.has(folder));
    if (run?.record.end === undefined) return undefined;
    if (run.record.state !== 'finished') throw new Error(`The run ended as ${run.record.state}.`);
    return run.record.progress.seconds;
  };
  return await eventually(ended, 'the end of a run', LIMIT_SECONDS, LOOK_MS);
}

/** By its name, as from the keyboard. @returns seconds from Enter until it is shown */
async function open({ page, quickInput }: Window, name: string, shown: () => Promise<unknown>): Promise<number> {
  // The list may still be that of another text: its first one is not always it.
  const row = quickInput.locator('.monaco-list-row', { hasText: name }).first();
  await eventually(async () => {
    // A frame that takes the focus late takes a key with it; a list that is asked too early stays as it is.
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+P');
    const typed = quickInput.locator('input').fill(name, { timeout: 3000 });
    return await typed.then(() => row.waitFor({ timeout: 5000 })).then(isDone, isNotYet);
  }, `${name} in the list of files`);
  const asked = performance.now();
  await row.click();
  await shown();
  return (performance.now() - asked) / 1000;
}

/** A notebook that is opened again stands where it was left, and draws only what is in sight. */
async function toTop({ page }: Window, first: Locator): Promise<void> {
  const list = page.locator('.notebookOverlay .cell-list-container');
  await list.waitFor();
  await eventually(async () => {
    if (await first.isVisible()) return true;
    await list.hover({ position: { x: 10, y: 200 } });
    await page.mouse.wheel(0, -3000);
    return undefined;
  }, 'the first cell');
}

async function closeAll({ page }: Window): Promise<void> {
  await eventually(async () => {
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+W');
    return await page.locator('.tab').first().waitFor({ state: 'detached', timeout: 3000 }).then(isDone, isNotYet);
  }, 'every editor closed');
}

const isDone = (): true => true;
const isNotYet = (): undefined => undefined;

const code = ({ page }: Window, text: string): Locator =>
  page.locator('.notebookOverlay .code-cell-row .monaco-editor', { hasText: text });
