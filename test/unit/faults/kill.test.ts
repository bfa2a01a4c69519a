/** A trainer that is killed leaves a run that can be read, and continued from its last whole checkpoint. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { TrainerConnection } from '../../../src/client/processes/connection';
import { readPoints } from '../../../src/runFolder/points';
import { listRuns, readRun } from '../../../src/runFolder/runs';
import { Bench, spirals, type Followed } from '../trainer/support';
import { assertSameCurve, eventually } from './support';

describe('kill -9 of the trainer', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  it('during training: the client is told, the run is interrupted, and resumed it continues the same curve', async () => {
    const text = spirals({ epochs: 6 });
    const file = bench.modelFile(text);
    const whole = await bench.start(await bench.trainer(), file);
    await whole.ended();

    const trainer = await bench.trainer();
    const endless = bench.modelFile(spirals({ epochs: 1_000_000 }));
    const run = await bench.start(trainer, endless);
    await run.until(() => (run.record?.checkpoints.length ?? 0) >= 2);
    process.kill(trainer.hello.pid, 'SIGKILL');
    const exit = await trainer.closed;
    assert.equal(exit.expected, false);
    assert.equal(exit.error?.code, 'TRAINER_DIED');
    assert.match(exit.error.remedy ?? '', /checkpoint/);

    const record = await readRun(run.runFolder);
    assert.equal(record.state, 'interrupted');
    assert.equal(record.end?.reason, 'trainerDied');
    const points = await readPoints(run.runFolder);
    assert.ok(points.length >= run.points.length, 'what was notified is on disk');
    assert.deepEqual(points.slice(0, run.points.length), run.points);

    // The same experiment but for its length, so the same curve.
    bench.modelFile(text);
    const resumed = await bench.start(await bench.trainer(), file, {
      resumeFrom: { runFolder: run.runFolder, checkpoint: 'epoch-0002' },
    });
    assert.equal((await resumed.ended()).state, 'finished');
    assertSameCurve(resumed.points, whole.points);
  });

  it('before the first checkpoint: there is nothing to resume from, and the next run is not disturbed', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 1, samples: 32 * 4000, extra: '' })));
    await run.until(() => run.points.length > 0);
    process.kill(trainer.hello.pid, 'SIGKILL');
    await trainer.closed;
    const record = await readRun(run.runFolder);
    assert.equal(record.state, 'interrupted');
    assert.deepEqual(record.checkpoints, []);
    const next = await bench.start(await bench.trainer(), bench.modelFile(spirals({ epochs: 1 })));
    assert.equal((await next.ended()).state, 'finished');
    const { runs, unreadable } = await listRuns(bench.runs);
    assert.deepEqual(runs.map(({ record: { state } }) => state).sort(), ['finished', 'interrupted']);
    assert.deepEqual(unreadable, []);
  });

  // 9 MB of weights and twice that for Adam: writing takes long enough to be hit in the middle.
  const heavy = (epochs: number): string =>
    spirals({ epochs, samples: 32, dropout: 0 }).replace(
      'tf.layers.dropout({ rate: 0 }),',
      "tf.layers.dense({ units: 1500, activation: 'relu' }), tf.layers.dense({ units: 1500, activation: 'relu' }),",
    );

  const moments: { when: string; hit: (temporary: string) => boolean }[] = [
    { when: 'as it begins', hit: (temporary) => fs.existsSync(temporary) },
    { when: 'half-way through the weights', hit: (temporary) => sizeOf(path.join(temporary, 'weights.bin')) > 13e6 },
    {
      when: 'as its description is written',
      hit: (temporary) => fs.existsSync(path.join(temporary, 'checkpoint.json')),
    },
  ];
  for (const { when, hit } of moments) {
    it(`during checkpoint writing, ${when}: the torn one is neither listed nor loadable, the last whole one is`, async function () {
      const trainer = await bench.trainer();
      const file = bench.modelFile(heavy(1_000_000));
      const run = await bench.start(trainer, file);
      await run.until(() => (run.record?.checkpoints.length ?? 0) >= 1 || run.record?.end !== undefined);
      assert.equal(run.record?.end, undefined);
      await killWhen(trainer, path.join(run.runFolder, 'checkpoints'), hit);

      const record = await readRun(run.runFolder);
      assert.equal(record.state, 'interrupted');
      const onDisk = fs.readdirSync(path.join(run.runFolder, 'checkpoints'));
      for (const name of record.checkpoints) assert.ok(onDisk.includes(name), `${name} is listed and there`);
      assert.ok(record.checkpoints.every((name) => /^epoch-\d+$/.test(name)));

      // Older ones were dropped; the name counts the epochs.
      const last = record.checkpoints.at(-1)!;
      const epochs = Number(last.replace('epoch-', '')) + 1;
      bench.modelFile(heavy(epochs));
      const next = await bench.trainer();
      const torn = onDisk.find((name) => name.endsWith('.tmp'));
      if (torn !== undefined && !fs.existsSync(path.join(run.runFolder, 'checkpoints', torn, 'checkpoint.json'))) {
        const refused = await bench
          .start(next, file, { resumeFrom: { runFolder: run.runFolder, checkpoint: torn } })
          .then(async (started) => (await started.ended()).end?.error?.code)
          .catch((error: unknown) => (error as { code?: string }).code);
        assert.equal(refused, 'CHECKPOINT_DAMAGED');
      }
      const resumed = await bench.start(next, file, { resumeFrom: { runFolder: run.runFolder, checkpoint: last } });
      const ended = await resumed.ended();
      assert.equal(ended.state, 'finished', JSON.stringify(ended.end));
      assert.equal(resumed.epochs().length, epochs);
    });
  }

  async function killWhen(
    trainer: TrainerConnection,
    checkpoints: string,
    hit: (temporary: string) => boolean,
  ): Promise<void> {
    await eventually(() => {
      const temporary = fs.readdirSync(checkpoints).find((name) => name.endsWith('.tmp'));
      return temporary !== undefined && hit(path.join(checkpoints, temporary)) ? true : undefined;
    }, 'a checkpoint in the middle of being written');
    process.kill(trainer.hello.pid, 'SIGKILL');
    await trainer.closed;
  }
});

describe('a damaged checkpoint', () => {
  let bench: Bench;
  let run: Followed;
  let trainer: TrainerConnection;
  let file: string;
  beforeEach(async () => {
    bench = new Bench();
    trainer = await bench.trainer();
    file = bench.modelFile(spirals({ epochs: 2 }));
    run = await bench.start(trainer, file);
    await run.ended();
  });
  afterEach(() => bench.dispose());

  const resume = async (checkpoint: string): Promise<string | undefined> => {
    const resumed = await bench
      .start(trainer, file, { resumeFrom: { runFolder: run.runFolder, checkpoint } })
      .catch((error: unknown) => (error as { code: string }).code);
    if (typeof resumed === 'string') return resumed;
    return (await resumed.ended()).end?.error?.code;
  };

  for (const name of ['weights.bin', 'checkpoint.json']) {
    it(`whose ${name} is cut short is refused, and an earlier one works`, async () => {
      const part = path.join(run.runFolder, 'checkpoints', 'epoch-0002', name);
      fs.truncateSync(part, fs.statSync(part).size - 1);
      assert.equal(await resume('epoch-0002'), 'CHECKPOINT_DAMAGED');
      assert.equal(await resume('epoch-0001'), undefined);
    });
    it(`whose ${name} is gone is refused`, async () => {
      fs.rmSync(path.join(run.runFolder, 'checkpoints', 'epoch-0002', name));
      assert.equal(await resume('epoch-0002'), 'CHECKPOINT_DAMAGED');
    });
  }

  it('of which one byte is another is called damaged, not of another model, and no run is left of the attempt', async () => {
    const before = fs.readdirSync(bench.runs);
    const weights = path.join(run.runFolder, 'checkpoints', 'epoch-0002', 'weights.bin');
    const bytes = fs.readFileSync(weights);
    for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at]! ^= 1;
      fs.writeFileSync(weights, changed);
      assert.equal(await resume('epoch-0002'), 'CHECKPOINT_DAMAGED');
    }
    assert.deepEqual(fs.readdirSync(bench.runs), before);
  });

  it('whose description is anything else is called damaged, whichever part of it', async () => {
    const file = path.join(run.runFolder, 'checkpoints', 'epoch-0002', 'checkpoint.json');
    const sound = JSON.parse(fs.readFileSync(file, 'utf8')) as Record<string, unknown>;
    const before = fs.readdirSync(bench.runs);
    for (const key of Object.keys(sound)) {
      for (const wrong of [undefined, null, -1.5, 'x', [7], { weights: [] }]) {
        fs.writeFileSync(file, JSON.stringify({ ...sound, [key]: wrong }));
        assert.equal(await resume('epoch-0002'), 'CHECKPOINT_DAMAGED', `${key}: ${JSON.stringify(wrong)}`);
      }
    }
    assert.deepEqual(fs.readdirSync(bench.runs), before);
  });

  it('by a name that leads elsewhere is refused', async () => {
    for (const name of ['../checkpoints/epoch-0002', 'epoch-0002/', '..', '']) {
      assert.equal(await resume(name), 'CHECKPOINT_DAMAGED', name);
    }
  });

  it('that never was is refused', async () => {
    assert.equal(await resume('epoch-0099'), 'CHECKPOINT_DAMAGED');
  });
});

function sizeOf(file: string): number {
  return fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
