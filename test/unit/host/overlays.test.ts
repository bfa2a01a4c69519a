import assert from 'node:assert/strict';
import type { StoredRun } from '../../../src/client/runs/store';
import { Overlays } from '../../../src/host/panel/overlays';
import type { RunHistory } from '../../../src/host/runs/history';
import type { HostToPanel } from '../../../src/protocol/panel';

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
});
