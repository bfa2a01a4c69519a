/** Nothing of the lab runs on when it is uninstalled. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { defaultCache } from '../../../src/files/cache';
import { isAlive } from '../../../src/processes/identity';
import { Bench, root, spirals } from '../trainer/support';
import { Program } from './program';

describe('the end of an installation', function () {
  this.timeout(120_000);

  it('ends its trainers as VS Code calls it, idle or at work, and keeps their runs; those of another installation stay', async () => {
    const [ours, others] = [new Bench(), new Bench()];
    try {
      // As another folder of extensions has it.
      const installed = path.join(ours.folder, 'installed');
      fs.mkdirSync(installed);
      for (const name of fs.readdirSync(root)) fs.symlinkSync(path.join(root, name), path.join(installed, name));
      // VS Code names it by a link to it, Node's own paths do not.
      const byLink = path.join(ours.folder, 'link');
      fs.symlinkSync(installed, byLink);
      const paths = { root: byLink, cache: defaultCache() };
      const trains = await ours.trainer({ paths, idleSeconds: 60 });
      const idle = await ours.trainer({ paths, role: 'kernel', idleSeconds: 60 });
      const other = await others.trainer({ idleSeconds: 60 });
      const run = await ours.start(trains, ours.modelFile(spirals({ epochs: 100_000 })));
      await run.until(() => run.points.length > 5);
      const program = new Program(['--type=extension-post-uninstall', 'leave'], { DEEP_LEARNING_LAB_ROOT: installed });
      assert.equal(await program.ended, 0, program.stderr);
      assert.deepEqual(
        [trains, idle, other].map(({ hello }) => isAlive(hello)),
        [false, false, true],
      );
      const { state, end } = await run.ended();
      assert.deepEqual([state, end?.reason], ['stopped', 'stoppedByUser']);
    } finally {
      await ours.dispose();
      await others.dispose();
    }
  });
});
