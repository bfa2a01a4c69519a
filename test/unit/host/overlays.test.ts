import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Overlays } from '../../../src/host/panel/overlays';
import type { RunHistory } from '../../../src/host/state/history';
import type { HostToPanel } from '../../../src/protocol/panel';
import type { StoredRun } from '../../../src/runFolder/runs';

const run = (folder: string, modelFile: string, points = 10): StoredRun => ({
  folder,
  record: { modelFile, points } as StoredRun['record'],
});

describe('runs laid over another', () => {
  const runs = [run('a1', 'a.ts'), run('a2', 'a.ts'), run('a3', 'a.ts', 0), run('b1', 'b.ts'), run('b2', 'b.ts')];
  let sent: Extract<HostToPanel, { type: 'overlays' }> | undefined;
  const history = { list: () => Promise.resolve(runs) } as unknown as RunHistory;
  const overlays = (): Overlays =>
    new Overlays(history, (message) => {
      if (message.type === 'overlays') sent = message;
      return Promise.resolve();
    });
  const foreground = (folder: string): StoredRun => runs.find((one) => one.folder === folder)!;

  it('are offered where they are of the same model file and have points', async () => {
    await overlays().send(foreground('a1'));
    assert.deepEqual(
      sent?.available.map(({ key }) => key),
      ['a2'],
    );
  });

  it('stay when the same model file is run again', async () => {
    const laid = overlays();
    await laid.send(foreground('a1'));
    laid.choose(['a2']);
    await laid.send(foreground('a1'));
    await laid.send(foreground('a3'));
    assert.deepEqual(sent?.shown, ['a2']);
  });

  it('do not stay over the curves of another lesson', async () => {
    const laid = overlays();
    laid.choose(['a2']);
    await laid.send(foreground('a1'));
    assert.deepEqual(sent?.shown, ['a2']);
    await laid.send(foreground('b1'));
    assert.deepEqual(sent.shown, []);
    assert.deepEqual(
      sent.available.map(({ key }) => key),
      ['b2'],
    );
  });

  it('may be of another lesson where they were chosen for it', async () => {
    const laid = overlays();
    laid.choose(['a2']);
    await laid.send(foreground('b1'));
    await laid.send(foreground('b1'));
    assert.deepEqual(sent?.shown, ['a2']);
  });

  it('get the points that they have won since they were laid over', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-overlays-'));
    const posted: Extract<HostToPanel, { type: 'points' }>[] = [];
    const append = (from: number, to: number): void => {
      const steps = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      const values = { loss: 1 };
      const lines = steps.map((step) =>
        JSON.stringify({ kind: 'step', step, epoch: 1, time: 1, learningRate: 0.1, values }),
      );
      fs.appendFileSync(path.join(folder, 'metrics.jsonl'), `${lines.join('\n')}\n`);
    };
    try {
      append(1, 10);
      let list = [run('a1', 'a.ts'), run(folder, 'a.ts', 10)];
      const growing = { list: () => Promise.resolve(list) } as unknown as RunHistory;
      const laid = new Overlays(growing, (message) => {
        if (message.type === 'points') posted.push(message);
        return Promise.resolve();
      });
      laid.choose([folder]);
      await laid.send(list[0]!);
      append(11, 15);
      list = [run('a1', 'a.ts'), run(folder, 'a.ts', 15)];
      await laid.send(list[0]!);
      await laid.send(list[0]!);
      assert.deepEqual(
        posted.map(({ from, columns }) => [from, [...(columns[0]?.step ?? [])].at(-1)]),
        [
          [0, 10],
          [10, 15],
        ],
      );
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});
