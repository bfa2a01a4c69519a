import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TrainerConnection } from '../../../src/client/processes/connection';
import { RunFeed } from '../../../src/host/state/feed';
import type { HostToPanel } from '../../../src/protocol/panel';
import { RUN_FORMAT, type Point, type RunRecord } from '../../../src/protocol/run';

const record: RunRecord = {
  format: RUN_FORMAT,
  id: 'a',
  title: 'A',
  modelFile: '/m.ts',
  sourceHash: '',
  createdAt: '2026-01-01T00:00:00.000Z',
  state: 'finished',
  end: { reason: 'completed', at: '2026-01-01T00:01:00.000Z', unattended: false },
  progress: { epoch: 1, step: 1, stepsPerEpoch: 1, totalSteps: 1, seconds: 1, secondsLeft: null, learningRate: 0.1 },
  latest: {},
  environment: { node: '', platform: '', cpus: 1 },
  trainer: { pid: 1, instance: '' },
  points: 0,
  checkpoints: [],
};

const point = (step: number): Point => ({
  kind: 'step',
  step,
  epoch: step / 100,
  time: step,
  learningRate: 0.1,
  values: { loss: 1 / step },
});

describe('the feed of the panel', () => {
  let folder: string;
  let feed: RunFeed | undefined;
  const messages: HostToPanel[] = [];
  const pointMessages = () => messages.filter((message) => message.type === 'points');

  /** A trainer of which only what it tells is needed. */
  const heard: ((told: { runId: string; from: number; points: readonly Point[] }) => void)[] = [];
  const trainer = {
    // Nothing was told since the end.
    request: () => Promise.resolve([]),
    on: (name: string, listener: (typeof heard)[number]) => {
      if (name === 'run/points') heard.push(listener);
      return { dispose: () => undefined };
    },
  } as unknown as TrainerConnection;
  const tell = (from: number, points: readonly Point[]): void => {
    for (const listener of heard) listener({ runId: record.id, from, points });
  };

  const append = (from: number, to: number): void => {
    const lines: string[] = [];
    for (let step = from; step <= to; step++) lines.push(JSON.stringify(point(step)));
    fs.appendFileSync(path.join(folder, 'metrics.jsonl'), `${lines.join('\n')}\n`);
  };
  /** Waits until this many points have been posted. */
  const posted = async (count: number): Promise<void> => {
    const sum = (): number =>
      pointMessages().reduce((all, { columns }) => all + columns.reduce((part, { length }) => part + length, 0), 0);
    while (sum() < count) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(sum(), count);
  };

  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-feed-'));
    fs.writeFileSync(path.join(folder, 'run.json'), JSON.stringify(record));
    messages.length = 0;
    heard.length = 0;
  });
  afterEach(() => {
    feed?.dispose();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('sends a long history whole, in order and in parts', async () => {
    append(1, 120_000);
    let begun = 0;
    feed = new RunFeed(
      folder,
      (news) => Promise.resolve(messages.push(...news)),
      () => {
        assert.equal(messages.length, 0, 'the run is shown before its points');
        begun++;
      },
    );
    await feed.follow(undefined);
    await posted(120_000);
    assert.equal(begun, 1);
    let next = 1;
    for (const { from, columns, key } of pointMessages()) {
      assert.equal(key, folder);
      assert.equal(from, next - 1);
      for (const { step } of columns) for (const value of step) assert.equal(value, next++);
    }
    assert.ok(pointMessages().length >= 3);
  });

  /** A page that takes a message only when it is told to. */
  const stubbornPage = (): { readonly feed: RunFeed; take(): void } => {
    let release: () => void = () => undefined;
    const own = new RunFeed(
      folder,
      (news) => {
        messages.push(...news);
        return new Promise<void>((resolve) => (release = resolve));
      },
      () => undefined,
    );
    feed = own;
    return {
      feed: own,
      take: () => {
        release();
      },
    };
  };

  it('holds no more of a long history than travels at once while the page takes nothing', async () => {
    append(1, 200_000);
    const page = stubbornPage();
    let isReady = false;
    const ready = page.feed.follow(undefined).then(() => (isReady = true));
    while (pointMessages().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    // Reading has all the time it wants: it goes no further than the next message.
    for (let i = 0; i < 100; i++) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(isReady, false);
    const going = setInterval(() => {
      page.take();
    }, 1);
    await Promise.all([ready, posted(200_000)]);
    clearInterval(going);
  });

  it('keeps nothing of what a trainer tells while a long history is read: the disk has it', async () => {
    append(1, 120_000);
    const page = stubbornPage();
    const ready = page.feed.follow(trainer);
    while (pointMessages().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    append(120_001, 120_010);
    // Another value than on disk: were it kept, it would be seen.
    tell(
      120_000,
      [...Array(10).keys()].map((i) => ({ ...point(120_001 + i), learningRate: 9 })),
    );
    const going = setInterval(() => {
      page.take();
    }, 1);
    await Promise.all([ready, posted(120_010)]);
    clearInterval(going);
    for (const { columns } of pointMessages())
      for (const { values } of columns) assert.ok(values['learningRate']?.every((rate) => rate === 0.1));
  });

  it('has the last points of a run, also where they are told while a gap is read', async () => {
    append(1, 10);
    let taken = Promise.resolve();
    feed = new RunFeed(
      folder,
      (news) => {
        messages.push(...news);
        return taken;
      },
      () => undefined,
    );
    await feed.follow(trainer);
    await posted(10);
    let release: () => void = () => undefined;
    taken = new Promise((resolve) => (release = resolve));
    // 11 to 60,000 were never told, and are read, as far as the page takes them.
    append(11, 60_010);
    tell(60_000, [point(60_001)]);
    while (pointMessages().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    append(60_011, 60_020);
    tell(
      60_010,
      [...Array(10).keys()].map((i) => point(60_011 + i)),
    );
    // Nobody tells anything after this.
    release();
    await posted(60_020);
    let next = 1;
    for (const { columns } of pointMessages())
      for (const { step } of columns) for (const value of step) assert.equal(value, next++);
  });

  it('lets go of its files when it ends while the page takes nothing', async () => {
    append(1, 200_000);
    feed = new RunFeed(
      folder,
      (news) => new Promise<void>(() => messages.push(...news)),
      () => undefined,
    );
    const ready = feed.follow(undefined);
    while (pointMessages().length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    feed.dispose();
    await ready;
  });

  it('sends only what is new when it follows again', async () => {
    append(1, 50);
    feed = new RunFeed(
      folder,
      (news) => Promise.resolve(messages.push(...news)),
      () => undefined,
    );
    await feed.follow(undefined);
    await posted(50);
    append(51, 80);
    // A trainer came and is gone: the feed is told to take what is on disk once more.
    await feed.follow(trainer);
    await posted(80);
    assert.deepEqual([...(pointMessages().at(-1)?.columns[0]?.step ?? [])].slice(0, 2), [51, 52]);
    assert.equal(pointMessages().at(-1)?.from, 50);
  });

  it('sends nothing more while the page has not taken the last messages', async () => {
    append(1, 10);
    let release: (() => void) | undefined;
    feed = new RunFeed(
      folder,
      (news) => {
        messages.push(...news);
        return new Promise<void>((resolve) => (release = resolve));
      },
      () => undefined,
    );
    await feed.follow(undefined);
    await posted(10);
    append(11, 20);
    await feed.follow(trainer);
    feed.takeRecord({ ...record, title: 'B' });
    await new Promise((resolve) => setTimeout(resolve, 250));
    assert.equal(messages.length, 1);
    release?.();
    await posted(20);
    assert.ok(messages.some((message) => message.type === 'record' && message.run.record.title === 'B'));
  });

  it('says when the run cannot be read', async () => {
    fs.writeFileSync(path.join(folder, 'run.json'), 'no json');
    feed = new RunFeed(
      folder,
      (news) => Promise.resolve(messages.push(...news)),
      () => undefined,
    );
    await assert.rejects(feed.follow(undefined), { code: 'RUN_CORRUPT' });
  });
});
