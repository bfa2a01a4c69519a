/** A million really computed points into the page, as a live stream and as one snapshot; what its frames cost. */
import type { Columns, HostToPanel } from '../../../src/protocol/panel';
import type { PanelPage } from './page';
import { clothesRun, CLOTHES_LESSON, panelRun } from './scenes';
import { generator } from './training';

/** Milliseconds. */
export interface Costs {
  readonly median: number;
  readonly p99: number;
  readonly max: number;
  readonly count: number;
}

export interface MillionFigures {
  readonly points: number;
  /** Taking points in, each frame. */
  readonly append: Costs;
  readonly draw: Costs;
  /** Everything the page does in a frame. */
  readonly frame: Costs;
}

/** Logistic regression of one noisy feature by plain gradient descent: one point a step. */
export function logisticSteps(steps: number): Columns {
  const random = generator(11);
  const step = new Float64Array(steps);
  const epoch = new Float64Array(steps);
  const time = new Float64Array(steps);
  const loss = new Float64Array(steps);
  const accuracy = new Float64Array(steps);
  let [weight, bias] = [0, 0];
  for (let i = 0; i < steps; i++) {
    const x = random() * 4 - 2;
    const y = Number(random() < 1 / (1 + Math.exp(-3 * x - 1)));
    const p = 1 / (1 + Math.exp(-weight * x - bias));
    const rate = 0.5 / Math.sqrt(1 + i / 100);
    weight -= rate * (p - y) * x;
    bias -= rate * (p - y);
    step[i] = i + 1;
    epoch[i] = (i + 1) / 10_000;
    time[i] = (i + 1) * 0.0004;
    loss[i] = -Math.log(y === 1 ? p : 1 - p);
    accuracy[i] = Number(p > 0.5 === (y === 1));
  }
  return { kind: 'step', length: steps, step, epoch, time, values: { loss, accuracy } };
}

export function slice(columns: Columns, from: number, to: number): Columns {
  const part = (array: Float64Array): Float64Array => array.slice(from, to);
  return {
    kind: columns.kind,
    length: to - from,
    step: part(columns.step),
    epoch: part(columns.epoch),
    time: part(columns.time),
    values: Object.fromEntries(Object.entries(columns.values).map(([name, array]) => [name, part(array)])),
  };
}

/** `size` points a message, one message a frame: 1000 is a live stream faster than any, 50000 what a late page gets. */
export async function measureStream(panel: PanelPage, columns: Columns, size: number): Promise<MillionFigures> {
  const run = panelRun(clothesRun(), { state: 'training', points: [], epochs: 10 });
  await panel.send({ type: 'show', run, lesson: CLOTHES_LESSON });
  await panel.evaluate('void (harness.stored = [])');
  const batch = 50_000;
  for (let from = 0; from < columns.length; from += batch) {
    const messages: HostToPanel[] = [];
    for (let at = from; at < Math.min(columns.length, from + batch); at += size) {
      const part = slice(columns, at, Math.min(columns.length, at + size));
      messages.push({ type: 'points', key: run.key, from: at, columns: [part] });
    }
    await panel.page.evaluate((parts) => {
      (globalThis as unknown as { harness: { stored: HostToPanel[] } }).harness.stored.push(...parts);
    }, messages);
  }
  const durations =
    await panel.evaluate<Record<'frame' | 'frame:points' | 'frame:draw', number[]>>('harness.play(harness.stored)');
  return {
    points: columns.length,
    append: costs(durations['frame:points']),
    draw: costs(durations['frame:draw']),
    frame: costs(durations.frame),
  };
}

function costs(values: readonly number[]): Costs {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number =>
    Number((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(2));
  return { median: at(0.5), p99: at(0.99), max: at(1), count: sorted.length };
}
