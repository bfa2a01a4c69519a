/** What looking costs: the same lesson and seed with the panel open in VS Code, and with nobody attached. */
import fs from 'node:fs';
import path from 'node:path';
import { readRun } from '../../src/client/runs/store';
import { Trainer } from '../../src/client/trainers/trainer';
import type { RunRecord } from '../../src/protocol/run';
import { eventually } from '../support/wait';
import { paths } from '../support/world';
import { Workbench } from '../ui/workbench';
import { atMost, median, rounds, type Log, type Row } from './row';

const ROUNDS = 3;
const LESSON = { id: 'image-classification', title: 'Image classification', epochs: 1 };

export async function panelRatio(log: Log): Promise<Row[]> {
  const workbench = await Workbench.open();
  try {
    const modelFile = workbench.world.lesson(LESSON.id, LESSON.epochs);
    const window = await workbench.window();
    const watched: number[] = [];
    const alone: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await window.command('Run Lesson');
      await window.pick(LESSON.title);
      const known = watched.length;
      const done = await eventually(
        async () => {
          const ended = (await workbench.world.runs()).filter(({ record }) => record.end !== undefined);
          return ended.length > known ? ended[0] : undefined;
        },
        'a watched run',
        300,
      );
      watched.push(secondsOf(done.record));
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

function secondsOf(record: RunRecord): number {
  if (record.state !== 'finished') throw new Error(`The run ended as ${record.state}: ${JSON.stringify(record.end)}`);
  return record.progress.seconds;
}

async function headless({ world }: Workbench, modelFile: string): Promise<number> {
  const folder = path.join(world.folder, 'headless');
  fs.mkdirSync(folder, { recursive: true });
  const trainer = await Trainer.start({ key: folder, paths, client: { name: 'bench', pid: process.pid } });
  const { runFolder } = await trainer.request('run/start', {
    modelFile,
    runsDirectory: path.join(folder, 'runs'),
    abandon: { action: 'continue', graceSeconds: 30 },
  });
  // Nobody listens while it trains.
  trainer.dispose();
  const record = await eventually(
    async () => {
      const current = await readRun(runFolder);
      return current.end === undefined ? undefined : current;
    },
    'a headless run',
    300,
  );
  const again = await Trainer.attach({ key: folder, paths, client: { name: 'bench', pid: process.pid } });
  await again?.kill();
  return secondsOf(record);
}
