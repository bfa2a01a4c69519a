/** `--only notebook`: a cell's way through the kernel and through VS Code, 1,000 cells, completion. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { labPaths } from '../../src/cli/context';
import { executeCell } from '../../src/client/notebook/cells';
import { TrainerConnection } from '../../src/client/processes/connection';
import { readNotebook } from '../../src/notebook/document';
import { runInHost } from '../support/extensionHost';
import { root, World } from '../support/world';
import { notebookTypes } from './notebookTypes';
import { notebookWindow, textOfCells } from './notebookWindow';
import { atMost, median, NUMBERS_VARIABLE, type RoundTrips, type Row } from './row';

const ROUNDS = 300;
/** The first ones compile the kernel's own code. */
const WARM = 30;
const CELLS = 1_000;

export async function* notebook(): AsyncGenerator<Row> {
  yield await roundTrip();
  yield* await roundTripInVscode();
  yield opening();
  yield* await notebookTypes();
  yield* notebookWindow();
}

/** From the request to the cell's end, as a client sees it: translated, instrumented, run, its value shown. */
async function roundTrip(): Promise<Row> {
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
  return row('A cell through the kernel', times, 2);
}

/** From the command that executes a cell to its end and its output in the document, as an extension sees it. */
async function roundTripInVscode(): Promise<Row[]> {
  const world = new World();
  const file = path.join(world.folder, 'times.json');
  try {
    const env = { ...world.env, [NUMBERS_VARIABLE]: file, DEEP_LEARNING_LAB_ROOT: root };
    const exit = await runInHost({ world, script: path.join(root, 'dist', 'test', 'benchHost.js'), env });
    if (exit !== 0) throw new Error('No cell could be timed in VS Code.');
    const { lab, bare } = JSON.parse(fs.readFileSync(file, 'utf8')) as RoundTrips;
    const { bench, name, value, unit, note } = row('The same with a kernel that does nothing', bare, 20);
    return [row('A cell in VS Code', lab, 20), { bench, name, value, unit, ...(note === undefined ? {} : { note }) }];
  } finally {
    await world.dispose();
  }
}

function row(name: string, times: readonly number[], limit: number): Row {
  const value = median(times);
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2);
  const note = `median of ${String(times.length)} cells; nine of ten within ${at(0.9)} ms, fastest ${at(0)}`;
  return { bench: 'notebook', name, value, unit: 'ms', ...atMost(limit, 'ms', value), note };
}

/** What the serializer does before VS Code shows anything. */
function opening(): Row {
  const text = textOfCells(CELLS);
  const began = performance.now();
  const { length } = readNotebook(text).cells;
  const value = performance.now() - began;
  if (length !== CELLS) throw new Error(`It has ${String(length)} cells.`);
  return { bench: 'notebook', name: 'Reading a file of 1,000 cells', value, unit: 'ms', ...atMost(1_000, 'ms', value) };
}
