/**
 * `--only typing`: how long a letter takes from the keyboard to the picture in the real VS Code, at rest and while a
 * lesson trains beside it with the panel open, in turns. The same file, the same lists, the same look at the model.
 */
import { Workbench, type Window } from '../ui/workbench';
import { atMost, median, type Log, type Row } from './row';

const LESSON = { id: 'image-classification', title: 'Image classification', epochs: 100 };
const LETTERS = 150;
const TURNS = 3;
/** About 110 words a minute; no multiple of a frame, so that letters fall anywhere in one. */
const APART_MS = 109;
const SETTLED_MS = 10_000;

export async function* typing(log: Log): AsyncGenerator<Row> {
  const workbench = await Workbench.open();
  try {
    workbench.world.lesson(LESSON.id, LESSON.epochs);
    const window = await workbench.window();
    // Opens the model file and the panel; at rest they stay open.
    await train(window);
    await stop(window);
    await listen(window);
    const [rest, training]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < TURNS; turn++) {
      rest.push(...(await latencies(window)));
      await train(window);
      training.push(...(await latencies(window)));
      await stop(window);
    }
    for (const [name, of] of [
      ['median', median],
      [
        '95th percentile',
        (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)]!,
      ],
    ] as const) {
      const [still, beside] = [of(rest), of(training)];
      log(`  ${name}: at rest ${still.toFixed(1)} ms, beside a training ${beside.toFixed(1)} ms`);
      const value = beside / still;
      const note = `${still.toFixed(1)} ms at rest, ${beside.toFixed(1)} ms beside it; ${String(rest.length)} letters each`;
      yield {
        bench: 'typing',
        name: `A letter beside a training, ${name}`,
        value,
        unit: 'x',
        ...atMost(1.2, 'x', value),
        note,
      };
    }
  } finally {
    await workbench.dispose();
  }
}

async function train(window: Window): Promise<void> {
  await window.command('Run Lesson');
  await window.pick(LESSON.title);
  await window.inState('Training');
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
}

async function stop(window: Window): Promise<void> {
  await window.command('Stop');
  await window.inState('Stopped');
  await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
}

/** From the moment that the browser has the key until the frame after it is drawn. */
async function listen({ page }: Window): Promise<void> {
  await page.evaluate(`
    typed = [];
    addEventListener('keydown', ({ key, timeStamp }) => {
      if (key.length !== 1) return;
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => typed.push(performance.now() - timeStamp);
        port2.postMessage(undefined);
      });
    }, true);`);
}

const taken = ({ page }: Window): Promise<number[]> => page.evaluate('typed.splice(0)');

/** Into a comment at the end of the model file, which is left as it was. */
async function latencies(window: Window): Promise<number[]> {
  const { page } = window;
  await page.locator('.editor-group-container .monaco-editor .view-lines').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type('\n// ');
  await taken(window);
  for (let letter = 0; letter < LETTERS; letter++) {
    await page.keyboard.press('abcdefgh ijklmnop qrstuvw'[letter % 25]!);
    await page.waitForTimeout(APART_MS);
  }
  const measured = await taken(window);
  for (let undone = 0; undone < 5; undone++) await page.keyboard.press('Control+Z');
  return measured;
}
