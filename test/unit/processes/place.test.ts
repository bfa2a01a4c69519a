import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { sweep, trainerPlace } from '../../../src/client/processes/place';
import { take } from '../../../src/processes/lock';

describe('what trainers leave behind', () => {
  it('is taken away after a day, but for what belongs to one that lives', () => {
    const cache = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-place-'));
    try {
      const place = (project: string) => trainerPlace({ project, paths: { root: '/', cache } });
      const [dead, alive, young] = [place('/dead'), place('/alive'), place('/young')];
      for (const { logFile, failureFile, lockFile } of [dead, alive, young]) {
        for (const file of [logFile, failureFile]) fs.writeFileSync(file, '');
        if (lockFile === alive.lockFile) assert.equal(take(lockFile), undefined);
        else fs.writeFileSync(lockFile, JSON.stringify({ pid: 0, started: '' }));
      }
      const twoDaysAgo = new Date(Date.now() - 2 * 24 * 3_600_000);
      for (const { logFile, failureFile, lockFile } of [dead, alive])
        for (const file of [logFile, failureFile, lockFile]) fs.utimesSync(file, twoDaysAgo, twoDaysAgo);
      sweep(young);
      const kept = [alive, young].flatMap(({ logFile, failureFile, lockFile }) => [logFile, failureFile, lockFile]);
      assert.deepEqual(
        fs.readdirSync(path.dirname(dead.lockFile)).sort(),
        kept.map((file) => path.basename(file)).sort(),
      );
    } finally {
      fs.rmSync(cache, { recursive: true });
    }
  });
});
