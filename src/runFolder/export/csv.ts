import fs from 'node:fs/promises';
import { csvLine } from '../../files/csv';
import { PointReader } from '../points';
import { Turns } from '../turns';

/**
 * One row a point: kind, step, epoch, time, learning_rate, then every series; empty where a point has none. Read twice,
 * because the names of all series come first, and no more than a piece is held.
 * @throws LabError RUN_CORRUPT
 */
export async function exportCsv(runFolder: string, file: string): Promise<void> {
  const found = new Set<string>();
  for await (const { points } of new PointReader(runFolder).pieces()) {
    for (const { values } of points) for (const name of Object.keys(values)) found.add(name);
  }
  const names = [...found];
  const output = await fs.open(file, 'w');
  try {
    await output.writeFile(csvLine(['kind', 'step', 'epoch', 'time', 'learning_rate', ...names]));
    const turns = new Turns();
    for await (const { points } of new PointReader(runFolder).pieces()) {
      const rows: string[] = [];
      for (const { kind, step, epoch, time, learningRate, values } of points) {
        rows.push(csvLine([kind, step, epoch, time, learningRate, ...names.map((name) => values[name])]));
        if (turns.isOver) await turns.next();
      }
      await output.writeFile(rows.join(''));
    }
  } finally {
    await output.close();
  }
}
