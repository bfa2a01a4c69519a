/** `--only notebook`: a cell's way through the kernel, a notebook of 1,000 cells as VS Code is given it, completion. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { labPaths } from '../../src/cli/context';
import { executeCell } from '../../src/client/notebook/cells';
import { TrainerConnection } from '../../src/client/processes/connection';
import { readNotebook } from '../../src/notebook/document';
import { notebookTypes } from './notebookTypes';
import { atMost, median, type Row } from './row';

const ROUNDS = 300;
/** The first ones compile the kernel's own code. */
const WARM = 30;
const CELLS = 1_000;

export async function notebook(): Promise<Row[]> {
  return [...(await roundTrip()), opening(), ...(await notebookTypes())];
}

/** From the request to the cell's end, as a client sees it: translated, instrumented, run, its value shown. */
async function roundTrip(): Promise<Row[]> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-bench-kernel-'));
  const project = path.join(folder, 'bench.lab.md');
  const kernel = await TrainerConnection.start({ paths: labPaths(), locale: 'en', project, role: 'kernel' });
  const times: number[] = [];
  try {
    for (let round = 0; round < ROUNDS + WARM; round++) {
      const asked = performance.now();
      const outcome = await executeCell(
        kernel,
        {
          ticket: randomUUID(),
          notebook: project,
          cell: 'cell:1',
          language: 'typescript',
          source: `const value: number = ${String(round)};\nvalue * 2`,
          runsDirectory: path.join(folder, 'runs'),
          abandon: { action: 'stop', graceSeconds: 5 },
        },
        () => undefined,
      );
      if (outcome.kind !== 'ended' || outcome.end.state !== 'done') throw new Error('The cell failed.');
      if (round >= WARM) times.push(performance.now() - asked);
    }
  } finally {
    await kernel.kill();
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const value = median(times);
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2);
  const note = `median of ${String(ROUNDS)} cells; nine of ten within ${at(0.9)} ms, fastest ${at(0)}`;
  return [{ bench: 'notebook', name: 'A cell through the kernel', value, unit: 'ms', ...atMost(2, 'ms', value), note }];
}

/** What the serializer does before VS Code shows anything. */
function opening(): Row {
  const pair = (_: unknown, index: number): string =>
    `Text ${String(index)} with $x^2$.\n\n\`\`\`ts\nconst x${String(index)} = 1;\n\`\`\`\n`;
  const text = Array.from({ length: CELLS / 2 }, pair).join('\n');
  const began = performance.now();
  const { length } = readNotebook(text).cells;
  const value = performance.now() - began;
  if (length !== CELLS) throw new Error(`It has ${String(length)} cells.`);
  return { bench: 'notebook', name: 'Reading a file of 1,000 cells', value, unit: 'ms', ...atMost(1_000, 'ms', value) };
}
