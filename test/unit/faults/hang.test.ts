/** A model file that never returns cannot hold the lab up: stopping works, whoever asks. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { TrainerConnection } from '../../../src/client/processes/connection';
import { trainerPlace } from '../../../src/client/processes/place';
import { endUnresponsive } from '../../../src/client/processes/unresponsive';
import type { LabError } from '../../../src/protocol/errors';
import { readRun } from '../../../src/runFolder/runs';
import { Bench, spirals } from '../trainer/support';
import { eventually, isAlive } from './support';

describe('an endless loop in a model file', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  const marker = (): string => path.join(bench.folder, 'looping');
  const loop = (): string => `require('fs').writeFileSync(${JSON.stringify(marker())}, ''); for (;;);`;

  const places: { where: string; text: () => string }[] = [
    { where: 'at its top level', text: () => `${loop()}\n${spirals()}` },
    {
      where: 'in its model function',
      text: () => spirals().replace('tf.sequential(', `(() => { ${loop()} })() ?? tf.sequential(`),
    },
  ];
  for (const { where, text } of places) {
    it(`${where} is stopped by ending the process, and run.json says so`, async () => {
      const trainer = await bench.trainer();
      const run = await bench.start(trainer, bench.modelFile(`declare const require: any;\n${text()}`));
      await eventually(() => (fs.existsSync(marker()) ? true : undefined), 'the loop');
      const stopped = await trainer.stopRun(run.id, run.runFolder, 0.3);
      assert.equal(stopped.state, 'stopped');
      assert.equal(stopped.end?.reason, 'killed');
      assert.equal(isAlive(trainer.hello.pid), false);
      assert.deepEqual(await readRun(run.runFolder), stopped);
      assert.deepEqual((await trainer.closed).expected, true);

      const next = await bench.start(await bench.trainer(), bench.modelFile(spirals({ epochs: 1 })));
      assert.equal((await next.ended()).state, 'finished');
    });
  }

  it('is told with its line to whoever ends it; one that came to an end was none', async () => {
    const trainer = await bench.trainer();
    const { blockedFile } = trainerPlace(bench.options());
    const looks = `declare const require: any;
const isBlocked = () => require('fs').existsSync(${JSON.stringify(blockedFile)});
function wait() {
  while (!isBlocked()) Math.sqrt(2);
}
wait();
require('fs').writeFileSync(${JSON.stringify(marker())}, '');
export const late = setTimeout(() => {
  for (let i = 0; ; i++) Math.sqrt(i);
}, 2500);
${spirals({ epochs: 1_000_000 })}`;
    const run = await bench.start(trainer, bench.modelFile(looks));
    await eventually(() => (fs.existsSync(marker()) ? true : undefined), 'the end of the first loop');
    await eventually(() => (fs.existsSync(blockedFile) ? undefined : true), 'no word of it');
    await eventually(() => (fs.existsSync(blockedFile) ? true : undefined), 'the second loop');
    const { end } = await trainer.stopRun(run.id, run.runFolder, 0.3);
    assert.equal(end?.reason, 'killed');
    assert.equal(end.error?.code, 'TRAINER_BLOCKED');
    const line = looks.split('\n').findIndex((text) => text.includes('for (let i')) + 1;
    assert.deepEqual(
      { file: end.error.location?.file, line: end.error.location?.line },
      { file: path.join(bench.folder, 'model.ts'), line },
    );
  });

  it('does not make its run look dead', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(`declare const require: any;\n${loop()}\n${spirals()}`));
    await eventually(() => (fs.existsSync(marker()) ? true : undefined), 'the loop');
    assert.equal((await readRun(run.runFolder)).state, 'preparing');
  });

  it('can be stopped from a window that was opened or reloaded meanwhile', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(`declare const require: any;\n${loop()}\n${spirals()}`));
    await eventually(() => (fs.existsSync(marker()) ? true : undefined), 'the loop');
    trainer.dispose();

    await assert.rejects(
      TrainerConnection.attach(bench.options({ answerSeconds: 0.5 })),
      (error: LabError) => error.code === 'TRAINER_UNRESPONSIVE' && (error.data.remedy ?? '').includes('Stop'),
    );
    const stopped = await endUnresponsive(run.runFolder, bench.options());
    assert.equal(stopped.state, 'stopped');
    assert.equal(stopped.end?.reason, 'killed');
    assert.equal(isAlive(trainer.hello.pid), false);
  });
});

describe('a model file that waits for ever', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  it('in loading its data is stopped', async () => {
    const trainer = await bench.trainer();
    const data = 'datasets.spirals({ train: 96, test: 60 })';
    const text = spirals().replace(data, `{ ...${data}, load: () => new Promise<never>(() => {}) }`);
    const run = await bench.start(trainer, bench.modelFile(text));
    await run.until(() => run.record !== undefined);
    const stopped = await trainer.stopRun(run.id, run.runFolder, 0.3);
    assert.equal(stopped.state, 'stopped', JSON.stringify(stopped.end));
    assert.deepEqual(await readRun(run.runFolder), stopped);
  });
});
