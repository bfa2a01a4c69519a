import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  afterVerdict,
  NO_PROGRESS,
  progressAsCsv,
  progressFile,
  ProgressStore,
} from '../../../src/client/exercises/progress';
import { LabError } from '../../../src/protocol/errors';
import type { ExerciseVerdict } from '../../../src/protocol/exercise';

const verdict = (passed: boolean, at: string): ExerciseVerdict => ({
  lesson: 'dropout',
  exercise: 'mask',
  passed,
  checks: [{ id: 'a', title: 'A', term: 'a', status: passed ? 'passed' : 'failed' }],
  seconds: 0.1,
  at,
});

describe('progress of exercises', () => {
  let folder: string;
  let store: ProgressStore;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-progress-'));
    store = new ProgressStore(progressFile(folder));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  it('is empty before anything was checked', async () => {
    assert.deepEqual(await store.read(), {});
  });

  it('keeps the date of the first pass, the last verdict and the attempts, for whoever reads the file next', async () => {
    const first = await store.update('dropout/mask', (before) => afterVerdict(before, verdict(false, '2026-01-01')));
    assert.equal(first['dropout/mask']?.passedAt, undefined);
    await store.update('dropout/mask', (before) => afterVerdict(before, verdict(true, '2026-01-02')));
    await store.update('dropout/mask', (before) => afterVerdict(before, verdict(false, '2026-01-03')));
    const after = await new ProgressStore(store.file).read();
    assert.equal(after['dropout/mask']?.passedAt, '2026-01-02');
    assert.equal(after['dropout/mask'].attempts, 3);
    assert.equal(after['dropout/mask'].last?.passed, false);
  });

  it('loses nothing when two windows write in turn, or one writes much at once', async () => {
    const other = new ProgressStore(store.file);
    await store.update('a/x', (before) => ({ ...before, hints: 1 }));
    await other.update('b/y', (before) => ({ ...before, hints: 2 }));
    await Promise.all(
      Array.from({ length: 20 }, () => store.update('a/x', (b) => ({ ...b, attempts: b.attempts + 1 }))),
    );
    const all = await other.read();
    assert.deepEqual([all['a/x']?.attempts, all['a/x']?.hints, all['b/y']?.hints], [20, 1, 2]);
    assert.deepEqual(fs.readdirSync(folder), ['progress.json']);
  });

  it('leaves what a newer version wrote as it is, and says so', async () => {
    const newer = '{"format":2,"exercises":{"a/x":"in a way that is not known here"}}';
    fs.writeFileSync(store.file, newer);
    const said = (error: LabError): boolean => error.code === 'FORMAT_NEWER' && error.data.found === 'format 2';
    await assert.rejects(store.read(), said);
    await assert.rejects(
      store.update('a/x', () => NO_PROGRESS),
      said,
    );
    assert.equal(fs.readFileSync(store.file, 'utf8'), newer);
    assert.deepEqual(fs.readdirSync(folder), ['progress.json']);
  });

  it('says when the file is damaged, and puts it aside before it begins anew', async () => {
    for (const damage of [
      '{"format":1,"exer',
      '{"format":0,"exercises":{}}',
      '{"format":1,"exercises":{"a":1}}',
      '{"format":1,"exercises":{"a/x":{"attempts":1,"hints":0,"last":7}}}',
      '{"format":1,"exercises":{"a/x":{"attempts":1,"hints":0,"passedAt":"yesterday"}}}',
      '{"format":1,"exercises":{"a/x":{"attempts":-1,"hints":0}}}',
      '[]',
      'null',
    ]) {
      fs.writeFileSync(store.file, damage);
      await assert.rejects(store.read(), (error: LabError) => error.code === 'PROGRESS_CORRUPT');
      await store.update('a/x', () => NO_PROGRESS);
      assert.deepEqual(await store.read(), { 'a/x': NO_PROGRESS });
    }
    const aside = fs.readdirSync(folder).filter((name) => name.includes('.damaged-'));
    assert.ok(aside.length >= 1);
  });

  it('says when it cannot be written, and leaves no draft', async () => {
    fs.writeFileSync(path.join(folder, 'file'), '');
    const blocked = new ProgressStore(path.join(folder, 'progress.json'));
    fs.mkdirSync(blocked.file); // a folder where the file should be
    await assert.rejects(
      blocked.update('a/x', () => NO_PROGRESS),
      (error: unknown) => error instanceof LabError,
    );
    assert.deepEqual(fs.readdirSync(folder).sort(), ['file', 'progress.json']);
  });

  it('forgets some, or all', async () => {
    await store.update('a/x', () => NO_PROGRESS);
    await store.update('a/y', () => NO_PROGRESS);
    assert.deepEqual(await store.reset(['a/x']), { 'a/y': NO_PROGRESS });
    assert.deepEqual(await store.reset(), {});
  });

  it('is exported as a table', async () => {
    const all = await store.update('dropout/mask', (before) => afterVerdict(before, verdict(true, '2026-01-02')));
    const [head, line] = progressAsCsv(all).split('\r\n');
    assert.equal(head?.split(',').length, line?.split(',').length);
    assert.equal(line, 'dropout,mask,2026-01-02,2026-01-02,1,1,1,0,');
  });
});
