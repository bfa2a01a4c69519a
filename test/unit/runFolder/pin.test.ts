import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { LabError } from '../../../src/protocol/errors';
import { isPinned, pin, unpin } from '../../../src/runFolder/pin';
import { listRuns, readRun } from '../../../src/runFolder/runs';
import { HandMadeRun } from './support';

describe('a pinned run', () => {
  let run: HandMadeRun;
  beforeEach(() => (run = new HandMadeRun()));
  afterEach(() => {
    run.dispose();
  });

  it('is pinned by a file beside its record, which stays as it is; twice is as once', async () => {
    const before = fs.readFileSync(path.join(run.folder, 'run.json'), 'utf8');
    assert.equal(isPinned(run.folder), false);
    pin(run.folder);
    pin(run.folder);
    assert.equal(isPinned(run.folder), true);
    assert.deepEqual(fs.readdirSync(run.folder).sort(), [
      '.made-here',
      'artifacts',
      'checkpoints',
      'pinned',
      'run.json',
    ]);
    assert.equal(fs.readFileSync(path.join(run.folder, 'run.json'), 'utf8'), before);
    assert.equal((await listRuns(run.runs)).runs.length, 1);
    unpin(run.folder);
    unpin(run.folder);
    assert.equal(isPinned(run.folder), false);
    assert.equal((await readRun(run.folder)).title, 'By hand');
  });

  it('is moved with its pin', () => {
    pin(run.folder);
    const moved = path.join(run.runs, 'moved');
    fs.renameSync(run.folder, moved);
    assert.equal(isPinned(moved), true);
    assert.equal(isPinned(run.folder), false);
  });

  it('is told as missing where it was deleted meanwhile, and is not made again', () => {
    fs.rmSync(run.folder, { recursive: true });
    assert.throws(
      () => {
        pin(run.folder);
      },
      (error: LabError) => error instanceof LabError && error.code === 'RUN_MISSING',
    );
    unpin(run.folder);
    assert.equal(fs.existsSync(run.folder), false);
  });

  it('writes through no link, and takes none away but the link itself', () => {
    const outside = path.join(run.runs, 'outside');
    fs.writeFileSync(outside, 'mine');
    fs.symlinkSync(outside, path.join(run.folder, 'pinned'));
    pin(run.folder);
    assert.equal(isPinned(run.folder), true);
    unpin(run.folder);
    assert.equal(fs.readFileSync(outside, 'utf8'), 'mine');
    fs.symlinkSync(path.join(run.runs, 'nowhere'), path.join(run.folder, 'pinned'));
    pin(run.folder);
    assert.equal(fs.existsSync(path.join(run.runs, 'nowhere')), false);
  });

  it('where the folder cannot be written, says so', () => {
    const file = path.join(run.runs, 'a-file');
    fs.writeFileSync(file, '');
    assert.throws(
      () => {
        pin(file);
      },
      (error: LabError) => error instanceof LabError && error.code === 'RUN_FOLDER_UNWRITABLE',
    );
    assert.equal(isPinned(file), false);
  });
});
