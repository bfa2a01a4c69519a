/**
 * What looking costs: the same lesson and seed with the panel open in VS Code, and with nobody attached, in turns, both
 * on the Node of VS Code. A first run opens the editor, its language service and the panel, and does not count.
 */
import fs from 'node:fs';
import path from 'node:path';
import { TrainerConnection } from '../../src/client/processes/connection';
import type { RunRecord } from '../../src/protocol/run';
import { readRun } from '../../src/runFolder/runs';
import { installedVscode } from '../../src/setup/vscode';
import { eventually } from '../support/wait';
import { paths } from '../support/world';
import { Workbench, type Window } from '../ui/workbench';
import { atMost, median, rounds, type Log, type Row } from './row';

const ROUNDS = 5;
const LESSON = { id: 'image-classification', title: 'Image classification', epochs: 10 };
const LIMIT_SECONDS = 600;
/** Looking for the end should cost nothing that is measured. */
const LOOK_MS = 1000;

export async function panelRatio(log: Log): Promise<Row[]> {
  const workbench = await Workbench.open();
  try {
    const modelFile = workbench.world.lesson(LESSON.id, LESSON.epochs);
    const window = await workbench.window();
    await warmUp(workbench, window);
    const watched: number[] = [];
    const alone: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      watched.push(await withPanel(workbench, window));
      alone.push(await headless(workbench, modelFile));
      log(
        `  round ${String(round + 1)}: panel ${watched.at(-1)!.toFixed(2)} s, headless ${alone.at(-1)!.toFixed(2)} s`,
      );
    }
    const ratio = median(watched.map((seconds, index) => seconds / alone[index]!));
    return [
      { bench: 'panel', name: 'training, panel open', value: median(watched), unit: 's', note: rounds(watched, 2) },
      { bench: 'panel', name: 'training, headless', value: median(alone), unit: 's', note: rounds(alone, 2) },
      { bench: 'panel', name: 'panel open against headless', value: ratio, unit: 'ratio', ...atMost(1.02, '', ratio) },
    ];
  } finally {
    await workbench.dispose();
  }
}

/** A run up to its second epoch: by then all that opens with a lesson is open. */
async function warmUp(workbench: Workbench, window: Window): Promise<void> {
  await window.command('Run Lesson');
  await window.pick(LESSON.title);
  await workbench.world.run(({ record }) => record.progress.epoch > 2, 'the second epoch', LIMIT_SECONDS);
  await window.command('Stop');
  await window.inState('Stopped');
}

async function withPanel({ world }: Workbench, window: Window): Promise<number> {
  const before = new Set((await world.runs()).map(({ folder }) => folder));
  await window.command('Run Lesson');
  await window.pick(LESSON.title);
  const run = await world.run(({ folder }) => !before.has(folder), 'a watched run', LIMIT_SECONDS);
  return await secondsOf(run.folder);
}

async function headless({ world }: Workbench, modelFile: string): Promise<number> {
  const folder = path.join(world.folder, 'headless');
  fs.mkdirSync(folder, { recursive: true });
  const trainer = await TrainerConnection.start({ project: folder, paths, execPath: installedVscode(paths)!.node });
  const { runFolder } = await trainer.request('run/start', {
    modelFile,
    runsDirectory: path.join(folder, 'runs'),
    abandon: { action: 'continue', graceSeconds: 30 },
  });
  // Nobody listens while it trains.
  trainer.dispose();
  const seconds = await secondsOf(runFolder);
  const again = await TrainerConnection.attach({ project: folder, paths });
  await again?.kill();
  return seconds;
}

/** Waits for the run's end. @returns how long it trained */
async function secondsOf(runFolder: string): Promise<number> {
  const ended = async (): Promise<RunRecord | undefined> => {
    const record = await readRun(runFolder);
    return record.end === undefined ? undefined : record;
  };
  const record = await eventually(ended, 'the end of a run', LIMIT_SECONDS, LOOK_MS);
  if (record.state !== 'finished') throw new Error(`The run ended as ${record.state}: ${JSON.stringify(record.end)}`);
  return record.progress.seconds;
}
