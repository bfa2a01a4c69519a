import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../../src/protocol/errors';
import type { RunRecord } from '../../../src/protocol/run';
import { recordFile } from '../../../src/runFolder/layout';
import { readRecord, readRecordSync } from '../../../src/runFolder/record';
import { endRun, listRuns, newestFinishedRun } from '../../../src/runFolder/runs';
import { HandMadeRun, sound } from './support';

describe('the record of a run', () => {
  let run: HandMadeRun;
  beforeEach(() => (run = new HandMadeRun()));
  afterEach(() => {
    run.dispose();
  });

  it('is read as it was written, with fields of a later version', async () => {
    run.record({ ...sound, later: { kept: true } });
    assert.deepEqual(await readRecord(run.folder), { ...sound, later: { kept: true } });
    assert.deepEqual(readRecordSync(run.folder), { ...sound, later: { kept: true } });
  });

  it('may be that of a run which has only begun', async () => {
    const { end, config, execution, referenceEnd, lesson, resumedFrom, ...begun } = sound;
    assert.ok(end && config && execution && referenceEnd && lesson && resumedFrom);
    run.record(begun);
    assert.deepEqual(await readRecord(run.folder), begun);
  });

  it('may have figures that JSON cannot write', async () => {
    run.record({ ...sound, latest: { loss: 1, f1: Number.NaN }, progress: { ...sound.progress, learningRate: NaN } });
    const { latest, progress } = await readRecord(run.folder);
    assert.deepEqual(latest, { loss: 1 });
    assert.ok(Number.isNaN(progress.learningRate));
  });

  it('is unreadable, and never another error, whatever stands in the place of any of its fields', async () => {
    const places = paths(sound);
    assert.ok(places.length > 60);
    let refused = 0;
    for (const place of places) {
      for (const wrong of [undefined, null, -1.5, 'x', [], {}, [null], true]) {
        run.record(replaced(sound, place, wrong));
        try {
          const record = await readRecord(run.folder);
          assert.equal(typeof record.title, 'string');
          assert.ok(!Number.isNaN(Date.parse(record.createdAt)));
        } catch (error) {
          assert.ok(error instanceof LabError && error.code === 'RUN_CORRUPT', `${place.join('.')}: ${String(error)}`);
          refused++;
        }
        const { runs, unreadable } = await listRuns(run.runs);
        assert.equal(runs.length + unreadable.length, 1);
        newestFinishedRun(run.runs, sound.modelFile);
      }
    }
    assert.ok(refused > places.length * 4, String(refused));
  });

  it('says which field is wrong', async () => {
    run.record({ ...sound, progress: { ...sound.progress, step: 'many' } });
    await assert.rejects(readRecord(run.folder), (error: LabError) => {
      assert.match(error.data.found ?? '', /run\.json: progress\.step/);
      return true;
    });
  });

  it('is said to be of a newer version, not damaged, where its format is one to come', async () => {
    const later = { ...sound, format: 2, progress: undefined, progression: 'another thing' };
    fs.writeFileSync(recordFile(run.folder), JSON.stringify(later));
    const said = (error: LabError): boolean =>
      error.code === 'FORMAT_NEWER' &&
      (error.data.found ?? '').includes('format 2') &&
      !(error.data.remedy ?? '').includes('elete');
    await assert.rejects(readRecord(run.folder), said);
    assert.throws(() => readRecordSync(run.folder), said);
    assert.deepEqual(
      (await listRuns(path.dirname(run.folder))).unreadable.map(({ problem }) => problem.code),
      ['FORMAT_NEWER'],
    );
  });

  it('is not read where a gigabyte or a folder stands in its place', async () => {
    fs.truncateSync(recordFile(run.folder), 1024 ** 3);
    const refused = (error: LabError): boolean => error.code === 'RUN_CORRUPT';
    await assert.rejects(readRecord(run.folder), refused);
    assert.throws(() => readRecordSync(run.folder), refused);
    fs.rmSync(recordFile(run.folder));
    fs.mkdirSync(recordFile(run.folder));
    await assert.rejects(readRecord(run.folder), refused);
  });
});

describe('a run whose trainer died', () => {
  const training: RunRecord = JSON.parse(JSON.stringify({ ...sound, state: 'training', end: undefined })) as RunRecord;
  const end = { reason: 'trainerDied', at: '2026-01-02T03:06:05.000Z', unattended: true } as const;

  it('is ended by two processes at once, and its record is whole whenever one looks', async () => {
    const run = new HandMadeRun(training);
    try {
      const script = `
        const { endRun } = require(${JSON.stringify(await ownProgram(run.runs))});
        const [folder, id] = process.argv.slice(1);
        const fs = require('node:fs');
        (async () => {
          for (let i = 0; i < 60; i++) {
            await endRun(folder, { reason: 'trainerDied', at: new Date().toISOString(), unattended: id === '1' });
            fs.writeFileSync(folder + '/again' + id, ${JSON.stringify(JSON.stringify(training))});
            fs.renameSync(folder + '/again' + id, folder + '/run.json');
          }
          await endRun(folder, { reason: 'trainerDied', at: new Date().toISOString(), unattended: id === '1' });
        })().catch((error) => { console.error(error); process.exit(1); });`;
      const writers = ['1', '2'].map((id) =>
        spawn(process.execPath, ['-e', script, run.folder, id], { stdio: 'inherit' }),
      );
      const codes = Promise.all(writers.map(async (writer) => (await once(writer, 'exit'))[0] as unknown));
      for (;;) {
        await readRecord(run.folder);
        const over = await Promise.race([codes, new Promise((resolve) => setImmediate(resolve, undefined))]);
        if (over === undefined) continue;
        assert.deepEqual(over, [0, 0]);
        break;
      }
      const { state, end: how } = await endRun(run.folder, end);
      assert.equal(state, 'interrupted');
      assert.equal(how?.reason, 'trainerDied');
      assert.deepEqual(fs.readdirSync(run.folder).sort(), ['.made-here', 'artifacts', 'checkpoints', 'run.json']);
    } finally {
      run.dispose();
    }
  });

  it('is ended without writing through a link that was laid in the way', async () => {
    const run = new HandMadeRun(training);
    try {
      const precious = path.join(run.runs, 'precious');
      fs.writeFileSync(precious, 'mine');
      fs.symlinkSync(precious, `${recordFile(run.folder)}.tmp`);
      const ended = await endRun(run.folder, end);
      assert.equal(fs.readFileSync(precious, 'utf8'), 'mine');
      assert.deepEqual(await readRecord(run.folder), ended);

      const elsewhere = path.join(run.runs, 'elsewhere.json');
      fs.writeFileSync(elsewhere, JSON.stringify(training));
      fs.rmSync(recordFile(run.folder));
      fs.symlinkSync(elsewhere, recordFile(run.folder));
      await endRun(run.folder, end);
      assert.deepEqual(JSON.parse(fs.readFileSync(elsewhere, 'utf8')), training);
      assert.ok(fs.lstatSync(recordFile(run.folder)).isFile());
    } finally {
      run.dispose();
    }
  });

  it('is unreadable, not a fault of ours, when its record is damaged', async () => {
    const run = new HandMadeRun(training);
    try {
      fs.writeFileSync(recordFile(run.folder), '{"format":1,');
      await assert.rejects(endRun(run.folder, end), (error: LabError) => error.code === 'RUN_CORRUPT');
    } finally {
      run.dispose();
    }
  });
});

/** The code under test as a file that another process can load. */
async function ownProgram(folder: string): Promise<string> {
  const outfile = path.join(folder, 'runs.js');
  await build({ entryPoints: ['src/runFolder/runs.ts'], bundle: true, platform: 'node', outfile, logLevel: 'silent' });
  return outfile;
}

type Place = readonly (string | number)[];

/** Every field of a value, however deep. */
function paths(value: unknown, at: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [at];
  const inside = Object.entries(value).flatMap(([key, part]) =>
    paths(part, [...at, Array.isArray(value) ? Number(key) : key]),
  );
  return at.length === 0 ? inside : [at, ...inside];
}

function replaced(value: unknown, [first, ...rest]: Place, by: unknown): unknown {
  if (first === undefined) return by;
  const inside = value as Readonly<Record<string | number, unknown>>;
  const copy: Record<string | number, unknown> = { ...inside, [first]: replaced(inside[first], rest, by) };
  return Array.isArray(value) ? Object.values(copy) : copy;
}
