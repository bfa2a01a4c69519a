/** From choosing the lesson to the first point in the panel's page: trainer started, model built, one step done. */
import { eventually } from '../support/wait';
import { Workbench, type Window } from '../ui/workbench';
import { atMost, median, rounds, type Row } from './row';

const ROUNDS = 5;
const LESSON = 'A small neural network';

export async function firstPoint(): Promise<Row[]> {
  const workbench = await Workbench.open();
  try {
    workbench.world.lesson('neural-network', 1000);
    const window = await workbench.window();
    const cold: number[] = [];
    const warm: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      cold.push(await timeOne(window));
      warm.push(await timeOne(window));
      // The next one starts its process anew.
      const [latest] = await workbench.world.runs();
      if (latest !== undefined) process.kill(latest.record.trainer.pid, 'SIGKILL');
    }
    return [
      row('Run Lesson to first point', cold),
      row('the same with the trainer of an earlier run still there', warm),
    ];
  } finally {
    await workbench.dispose();
  }
}

const row = (name: string, values: readonly number[]): Row => {
  const value = median(values);
  return { bench: 'firstPoint', name, value, unit: 's', ...atMost(2, 's', value), note: rounds(values, 2) };
};

/** Seconds. Stops the run again. */
async function timeOne(window: Window): Promise<number> {
  await window.command('Run Lesson');
  await window.quickInput.locator('.monaco-list-row', { hasText: LESSON }).first().waitFor();
  const chosen = Date.now();
  await window.pick(LESSON);
  const first = await eventually(async () => {
    const at = await window.firstPointAt();
    return at !== undefined && at >= chosen ? at : undefined;
  }, 'the first point');
  await window.command('Stop');
  await window.inState('Stopped');
  return (first - chosen) / 1000;
}
