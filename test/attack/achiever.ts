/** A window, in a process of its own, that writes progress again and again. */
import { ProgressStore } from '../../src/client/exercises/progress';

const [file = '', exercise = '', times = ''] = process.argv.slice(2);

async function achieve(): Promise<void> {
  const store = new ProgressStore(file);
  for (let i = 0; i < Number(times); i++)
    await store.update(exercise, (before) => ({ ...before, attempts: before.attempts + 1 }));
}

void achieve();
