/** Run folders that were damaged: each is told of, none hides the others. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { followRun } from '../../../src/client/runs/follow';
import { seal } from '../../../src/files/seal';
import { ownIdentity } from '../../../src/processes/identity';
import { LabError } from '../../../src/protocol/errors';
import type { RunRecord } from '../../../src/protocol/run';
import { readPictures } from '../../../src/runFolder/pictures';
import { readPoints } from '../../../src/runFolder/points';
import { deleteRun, endRun, listRuns, readRun } from '../../../src/runFolder/runs';
import { Bench, spirals } from '../trainer/support';

describe('a damaged run folder', () => {
  let bench: Bench;
  let original: string;
  let folder: string;

  before(async () => {
    bench = new Bench();
    const run = await bench.start(await bench.trainer(), bench.modelFile(spirals({ epochs: 2 })));
    await run.ended();
    original = run.runFolder;
  });
  after(() => bench.dispose());
  beforeEach(() => {
    folder = path.join(bench.folder, 'copies', 'damaged');
    fs.cpSync(original, folder, { recursive: true });
    seal(folder);
  });
  afterEach(() => {
    fs.rmSync(path.dirname(folder), { recursive: true });
  });

  const at = (...names: string[]): string => path.join(folder, ...names);
  const isCorrupt = (error: unknown): boolean => error instanceof LabError && error.code === 'RUN_CORRUPT';

  for (const [what, text, code = 'RUN_CORRUPT'] of [
    ['empty', ''],
    ['cut in the middle', undefined],
    ['zeros, as a power cut leaves', '\0'.repeat(100)],
    ['null', 'null'],
    ['a list', '[]'],
    ['an object of another kind', '{"format":1,"state":"training"}'],
    ['of a later format', '{"format":99}', 'FORMAT_NEWER'],
  ] as const) {
    it(`whose run.json is ${what} is reported by name, hides no other run and can be deleted`, async () => {
      const whole = fs.readFileSync(at('run.json'), 'utf8');
      fs.writeFileSync(at('run.json'), text ?? whole.slice(0, whole.length / 2));
      fs.cpSync(original, path.join(bench.folder, 'copies', 'fine'), { recursive: true });
      await assert.rejects(readRun(folder), (error: LabError) => error.code === code);
      const { runs, unreadable } = await listRuns(path.dirname(folder));
      assert.deepEqual(
        runs.map((run) => path.basename(run.folder)),
        ['fine'],
      );
      assert.equal(unreadable.length, 1);
      assert.equal(unreadable[0]?.problem.code, code);
      assert.match(unreadable[0].problem.message, /damaged/);
      await deleteRun(folder);
      assert.equal(fs.existsSync(folder), false);
    });
  }

  it('whose metrics.jsonl has a torn last line gives every whole point', async () => {
    const points = await readPoints(folder);
    fs.appendFileSync(at('metrics.jsonl'), '{"kind":"step","step":99,"epo');
    assert.deepEqual(await readPoints(folder), points);
    assert.deepEqual(await readPoints(folder, 3), points.slice(3));
  });

  it('whose metrics.jsonl ends in zeros, as a power cut leaves, gives every whole point', async () => {
    const points = await readPoints(folder);
    fs.appendFileSync(at('metrics.jsonl'), '\0'.repeat(512));
    assert.deepEqual(await readPoints(folder), points);
  });

  it('whose metrics.jsonl is damaged in the middle says in which line, to a follower too', async () => {
    const lines = fs.readFileSync(at('metrics.jsonl'), 'utf8').split('\n');
    lines[2] = '{"kind":"st';
    fs.writeFileSync(at('metrics.jsonl'), lines.join('\n'));
    const named = (error: unknown): boolean =>
      isCorrupt(error) && ((error as LabError).data.found ?? '').includes('metrics.jsonl:3');
    await assert.rejects(readPoints(folder), named);
    const nothing = (): void => undefined;
    const following = followRun(undefined, folder, { record: nothing, points: nothing, picture: nothing });
    await assert.rejects(following.ready, named);
  });

  it('without metrics.jsonl has no points', async () => {
    fs.rmSync(at('metrics.jsonl'));
    assert.deepEqual(await readPoints(folder), []);
  });

  it('with a damaged picture gives the others', async () => {
    const kinds = (await readPictures(folder)).map(({ kind }) => kind).sort();
    assert.deepEqual(kinds, ['confusionMatrix', 'decisionBoundary', 'dropoutMasks']);
    fs.writeFileSync(at('artifacts', 'confusionMatrix.json'), '{');
    assert.deepEqual((await readPictures(folder)).map(({ kind }) => kind).sort(), ['decisionBoundary', 'dropoutMasks']);
  });

  it('whose trainer is gone is interrupted, also where another process has its number now', async () => {
    const record = JSON.parse(fs.readFileSync(at('run.json'), 'utf8')) as RunRecord;
    const open: Partial<RunRecord> = { ...record };
    Reflect.deleteProperty(open, 'end');
    const write = (trainer: object): void => {
      fs.writeFileSync(
        at('run.json'),
        JSON.stringify({ ...open, state: 'training', trainer: { ...trainer, instance: 'x' } }),
      );
    };
    const self = ownIdentity();
    write(self);
    assert.equal((await readRun(folder)).state, 'training');
    await assert.rejects(deleteRun(folder), (error: LabError) => error.code === 'RUN_ACTIVE');
    for (const other of [
      { ...self, started: `${self.started}0` },
      { pid: self.pid },
      { ...self, pid: 1 },
      { ...self, pid: 0 },
      { ...self, pid: -1 },
      { pid: 2 ** 30, started: '' },
    ]) {
      write(other);
      assert.equal((await readRun(folder)).state, 'interrupted', JSON.stringify(other));
    }

    const settled = await endRun(folder, { reason: 'trainerDied', at: new Date().toISOString(), unattended: true });
    assert.equal(settled.state, 'interrupted');
    const again = await endRun(folder, { reason: 'killed', at: new Date().toISOString(), unattended: false });
    assert.deepEqual(again, settled, 'an end is written once');
  });
});
