/** `--only notebook`: how soon 1,000 cells are in the window. */
import fs from 'node:fs';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { eventually } from '../support/wait';
import { Workbench, type Window } from '../ui/workbench';
import { closeAll, open } from './editors';
import { atMost, median, rounds, type Row } from './row';

const CELLS = 1_000;
const OPENINGS = 5;

export async function* notebookWindow(): AsyncGenerator<Row> {
  const workbench = await Workbench.open();
  try {
    const window = await workbench.window();
    yield await opening(workbench, window);
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

const code = ({ page }: Window, text: string): Locator =>
  page.locator('.notebookOverlay .code-cell-row .monaco-editor', { hasText: text });
