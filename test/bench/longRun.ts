/**
 * A run of millions of points on disk: what its readers and exports take, for how long they hold up all else, and what
 * it takes of a real browser that shows it.
 */
import { fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { RunFeed } from '../../src/host/state/feed';
import type { HostToPanel } from '../../src/protocol/panel';
import type { Point } from '../../src/protocol/run';
import { exportCsv } from '../../src/runFolder/export/csv';
import { exportTensorBoard } from '../../src/runFolder/export/tensorboard';
import { pointsFile } from '../../src/runFolder/layout';
import { copyPoints, PointReader } from '../../src/runFolder/points';
import { HandMadeRun, line } from '../unit/runFolder/support';
import { launchBrowser, PanelPage, servePage } from '../ui/panel/page';
import { atMost, type Log, type Row } from './row';

const POINTS = 4_000_000;
const BATCH = 50_000;
const MOST_BLOCKED_MS = 50;
const MOST_MEGABYTES = 200;
/** VS Code takes a message in about so long. */
const MESSAGE_MS = 20;

/** Each in a process of its own: its memory is its own, too. */
const WORKS: Readonly<Record<string, (folder: string, out: string) => Promise<unknown>>> = {
  read: async (folder) => {
    let points = 0;
    for await (const piece of new PointReader(folder).pieces()) points += piece.points.length;
    return points;
  },
  copied: (folder, out) => copyPoints(folder, POINTS, out),
  'as CSV': (folder, out) => exportCsv(folder, path.join(out, 'run.csv')),
  'for TensorBoard': exportTensorBoard,
  'to the panel': sendToPanel,
};

interface Measured {
  readonly seconds: number;
  /** Longest time in which nobody else had a turn, in milliseconds. */
  readonly blocked: number;
  /** What it took at most, above what its process takes anyway. */
  readonly megabytes: number;
}

export async function longRun(log: Log): Promise<Row[]> {
  const run = new HandMadeRun({ state: 'finished' });
  try {
    write(run.folder);
    log(`  ${(fs.statSync(pointsFile(run.folder)).size / POINTS).toFixed(1)} bytes a point`);
    const rows: Row[] = [];
    for (const name of Object.keys(WORKS)) {
      const out = fs.mkdtempSync(path.join(run.runs, 'out-'));
      const { seconds, blocked, megabytes } = await inChild(name, run.folder, out);
      fs.rmSync(out, { recursive: true });
      const note = `${((seconds / POINTS) * 1e6).toFixed(2)} µs a point`;
      const row = { bench: 'longRun' };
      rows.push(
        { ...row, name: `${name}: whole`, value: seconds, unit: 's', note },
        {
          ...row,
          name: `${name}: longest block`,
          value: blocked,
          unit: 'ms',
          ...atMost(MOST_BLOCKED_MS, 'ms', blocked),
        },
        { ...row, name: `${name}: memory`, value: megabytes, unit: 'MB', ...atMost(MOST_MEGABYTES, 'MB', megabytes) },
      );
    }
    rows.push(await inPage(run.folder));
    return rows;
  } finally {
    run.dispose();
  }
}

function write(folder: string): void {
  const file = fs.openSync(pointsFile(folder), 'w');
  for (let from = 0; from < POINTS; from += BATCH) {
    fs.writeSync(file, Array.from({ length: BATCH }, (_, i) => line(point(from + i))).join(''));
  }
  fs.closeSync(file);
}

/** As a classifier's steps are. */
function point(i: number): Point {
  const loss = Math.abs(Math.sin(i)) / (1 + i / 1000);
  const values = { loss, accuracy: Math.round(128 * Math.abs(Math.cos(i))) / 128 };
  return { kind: 'step', step: i + 1, epoch: (i + 1) / 938, time: (i + 1) * 0.000613, learningRate: 0.001, values };
}

async function sendToPanel(folder: string): Promise<void> {
  let sent = 0;
  await new Promise<void>((resolve, reject) => {
    const feed = new RunFeed(
      folder,
      async (messages) => {
        for (const message of messages)
          if (message.type === 'points') for (const { length } of message.columns) sent += length;
        await delay(MESSAGE_MS);
        if (sent >= POINTS) resolve();
      },
      () => undefined,
    );
    feed.follow(undefined).catch(reject);
  });
}

/** What the page holds when it has every point, above what it held before the first one. */
async function inPage(folder: string): Promise<Row> {
  const [browser, served] = await Promise.all([launchBrowser(), servePage()]);
  try {
    const panel = await PanelPage.open(browser, served.url);
    const devtools = await panel.page.context().newCDPSession(panel.page);
    const held = async (): Promise<number> => {
      await devtools.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize } = await devtools.send('Runtime.getHeapUsage');
      return (usedSize + backingStorageSize) / 1e6;
    };
    const before = await held();
    await new Promise<void>((resolve, reject) => {
      let sent = 0;
      const post = async (message: HostToPanel): Promise<void> => {
        await panel.send(message);
        if (message.type === 'points') for (const { length } of message.columns) sent += length;
        if (sent >= POINTS) resolve();
      };
      const postAll = async (messages: readonly HostToPanel[]): Promise<void> => {
        for (const message of messages) await post(message);
      };
      const feed = new RunFeed(folder, postAll, (record) => {
        post({ type: 'show', run: { key: folder, record }, lesson: null }).catch(reject);
      });
      feed.follow(undefined).catch(reject);
    });
    const value = (await held()) - before;
    const note = `${before.toFixed(1)} MB before the first point`;
    return { bench: 'longRun', name: 'in the page: memory', value, unit: 'MB', note, ...atMost(10, 'MB', value) };
  } finally {
    await browser.close();
    await served.close();
  }
}

const CHILD = '--long-run';

function inChild(...args: readonly string[]): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const child = fork(__filename, [CHILD, ...args], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    child.once('message', (measured) => {
      resolve(measured as Measured);
    });
    child.once('exit', (code) => {
      reject(new Error(`exit code ${String(code)}`));
    });
  });
}

async function measured(work: () => Promise<unknown>): Promise<Measured> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  // It measures from its first tick on.
  await delay(100);
  histogram.reset();
  const begun = performance.now();
  const before = process.memoryUsage.rss();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  await delay(100);
  const megabytes = (process.resourceUsage().maxRSS * 1024 - before) / 1e6;
  return { seconds, blocked: histogram.max / 1e6, megabytes };
}

/** @returns whether this process is one of those that measure */
export function isLongRunChild(): boolean {
  const [flag, name = '', folder = '', out = ''] = process.argv.slice(2);
  if (flag !== CHILD) return false;
  void measured(() => WORKS[name]!(folder, out)).then((result) => process.send?.(result));
  return true;
}
