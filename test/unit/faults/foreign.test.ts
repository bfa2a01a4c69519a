/** A run that came with its folder may be looked at; nothing goes on from it, and nothing of it is written. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { seal } from '../../../src/files/seal';
import { endUnresponsive } from '../../../src/client/processes/unresponsive';
import type { LabError } from '../../../src/protocol/errors';
import { ownIdentity } from '../../../src/processes/identity';
import type { RunRecord } from '../../../src/protocol/run';
import { deleteRun, endRun, listRuns, readRun } from '../../../src/runFolder/runs';
import { Bench, spirals } from '../trainer/support';

describe('a run that came with its folder', () => {
  let bench: Bench;
  let own: string;
  let foreign: string;
  let file: string;

  before(async () => {
    bench = new Bench();
    file = bench.modelFile(spirals({ epochs: 2 }));
    const run = await bench.start(await bench.trainer(), file);
    await run.ended();
    own = run.runFolder;
  });
  after(() => bench.dispose());
  beforeEach(() => {
    foreign = path.join(bench.runs, 'came-with-it');
    fs.cpSync(own, foreign, { recursive: true });
  });
  afterEach(() => {
    fs.rmSync(foreign, { recursive: true, force: true });
  });

  /** As if it trained under this very process. */
  const training = (): RunRecord => {
    const record = JSON.parse(fs.readFileSync(path.join(foreign, 'run.json'), 'utf8')) as RunRecord;
    const forged = { ...record, state: 'training', trainer: { ...ownIdentity(), instance: 'x' } } as const;
    fs.writeFileSync(path.join(foreign, 'run.json'), JSON.stringify({ ...forged, end: undefined }));
    return forged;
  };
  const end = { reason: 'trainerDied', at: '2026-01-02T03:06:05.000Z', unattended: true } as const;
  const text = (): string => fs.readFileSync(path.join(foreign, 'run.json'), 'utf8');

  it('is listed and read, never as one that trains: the process that it names is not asked, nor ended', async () => {
    training();
    const { runs } = await listRuns(bench.runs);
    assert.equal(runs.length, 2);
    const { state, end: how } = await readRun(foreign);
    assert.equal(state, 'interrupted');
    assert.equal(how?.unattended, false, 'no window tells of it');
    // Would end this process.
    assert.equal((await endUnresponsive(foreign, bench.options())).state, 'interrupted');
  });

  it('is not settled, though its trainer is dead', async () => {
    training();
    const before = text();
    assert.equal((await endRun(foreign, end)).state, 'interrupted');
    assert.equal(text(), before);
    assert.deepEqual(fs.readdirSync(foreign).sort(), fs.readdirSync(own).sort());
  });

  it('is not resumed, and no folder is left of the attempt; it is once the user trusts it', async () => {
    const trainer = await bench.trainer();
    const before = fs.readdirSync(bench.runs);
    const resume = { resumeFrom: { runFolder: foreign, checkpoint: 'epoch-0001' } };
    await assert.rejects(bench.start(trainer, file, resume), (error: LabError) => {
      assert.equal(error.code, 'RUN_FOREIGN');
      assert.match(error.data.remedy ?? '', /Trust Run/);
      return true;
    });
    assert.deepEqual(fs.readdirSync(bench.runs), before);
    seal(foreign);
    const resumed = await bench.start(trainer, file, resume);
    assert.equal((await resumed.ended()).state, 'finished');
    fs.rmSync(resumed.runFolder, { recursive: true });
  });

  it('can be deleted, and of a link among the runs the link alone', async () => {
    training();
    await deleteRun(foreign);
    assert.equal(fs.existsSync(foreign), false);
    const elsewhere = path.join(bench.folder, 'elsewhere');
    fs.cpSync(own, elsewhere, { recursive: true });
    fs.symlinkSync(elsewhere, foreign);
    assert.equal((await listRuns(bench.runs)).runs.length, 2);
    await deleteRun(foreign);
    assert.ok(fs.existsSync(path.join(elsewhere, 'run.json')));
    fs.rmSync(elsewhere, { recursive: true });
  });
});
