import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chooseLabFolder, labFolderAt, lessonIdOf, type LabFolder } from '../../../src/client/lessons/labFolder';
import { isMadeHere } from '../../../src/files/seal';
import { equipWorkingCopy, prepareLabFolder } from '../../../src/client/lessons/support';
import {
  ensureWorkingCopy,
  lessonState,
  resetWorkingCopy,
  workingCopyOf,
} from '../../../src/client/lessons/workingCopy';
import type { Lesson } from '../../../src/protocol/lesson';
import type { RunRecord } from '../../../src/protocol/run';

describe('working copies', () => {
  let top: string;
  let lab: LabFolder;
  let lesson: Lesson;

  const write = (file: string, text: string): void => {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  };
  const read = (...parts: string[]): string => fs.readFileSync(path.join(...parts), 'utf8');
  const copied = (file: string): string => path.join(lab.root, 'spirals', file);

  beforeEach(() => {
    top = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-copy-'));
    lab = labFolderAt(path.join(top, 'work'));
    const folder = path.join(top, 'samples', 'spirals');
    lesson = {
      id: 'spirals',
      title: 'Spirals',
      summary: '',
      minutes: 1,
      order: 1,
      model: 'model.ts',
      needsLanguageModel: false,
      hasChat: false,
      folder,
      notebook: path.join(folder, 'lesson.lab.md'),
    };
    write(path.join(folder, 'lesson.lab.md'), 'notebook');
    write(path.join(folder, 'lesson.zh-cn.lab.md'), '笔记本');
    write(path.join(folder, 'images', 'plane.png'), 'picture');
    write(path.join(folder, 'model.ts'), 'original');
    write(path.join(folder, 'helpers', 'layers.ts'), 'helper');
    write(path.join(folder, 'exercises', 'solution.ts'), 'secret');
  });
  afterEach(() => {
    fs.rmSync(top, { recursive: true, force: true });
  });

  it('hold the lesson’s files and the notebook in the user’s language, without solutions', async () => {
    const copy = await ensureWorkingCopy(lab, lesson);
    assert.equal(read(copy.modelFile), 'original');
    assert.equal(read(copied('helpers/layers.ts')), 'helper');
    assert.equal(read(copy.notebook), 'notebook');
    assert.equal(read(copied('images/plane.png')), 'picture');
    assert.deepEqual(fs.readdirSync(copy.folder).sort(), ['helpers', 'images', 'lesson.lab.md', 'model.ts']);
    assert.deepEqual(fs.readdirSync(lab.own), [], 'the draft is gone');
  });

  it('get the notebook of another language beside the one they have', async () => {
    await ensureWorkingCopy(lab, lesson);
    write(copied('lesson.lab.md'), 'my notes');
    const copy = await ensureWorkingCopy(lab, { ...lesson, notebook: path.join(lesson.folder, 'lesson.zh-cn.lab.md') });
    assert.equal(read(copy.notebook), '笔记本');
    assert.equal(read(copied('lesson.lab.md')), 'my notes');
  });

  it('of a version that had no notebooks get theirs, and nothing else changes', async () => {
    write(copied('model.ts'), 'my work');
    write(copied('helpers/layers.ts'), 'my layers');
    const copy = await ensureWorkingCopy(lab, lesson);
    assert.equal(read(copy.notebook), 'notebook');
    assert.equal(read(copy.modelFile), 'my work');
    assert.equal(read(copied('helpers/layers.ts')), 'my layers');
  });

  it('keep the learner’s notebook as a backup when they are reset', async () => {
    await ensureWorkingCopy(lab, lesson);
    write(copied('lesson.lab.md'), 'my notes');
    const reset = await resetWorkingCopy(lab, lesson);
    assert.deepEqual(reset.files, ['lesson.lab.md']);
    assert.equal(read(reset.backup!, 'lesson.lab.md'), 'my notes');
    assert.equal(read(copied('lesson.lab.md')), 'notebook');
  });

  it('can be written to even when the installed lesson is read-only', async () => {
    fs.chmodSync(path.join(lesson.folder, 'model.ts'), 0o444);
    const copy = await ensureWorkingCopy(lab, lesson);
    assert.notEqual(fs.statSync(copy.modelFile).mode & 0o200, 0);
  });

  it('are never overwritten, and get back what was deleted', async () => {
    await ensureWorkingCopy(lab, lesson);
    write(copied('model.ts'), 'my work');
    fs.rmSync(copied('helpers'), { recursive: true });
    await ensureWorkingCopy(lab, lesson);
    assert.equal(read(copied('model.ts')), 'my work');
    assert.equal(read(copied('helpers/layers.ts')), 'helper');
  });

  it('are made once when two windows make them at the same time', async () => {
    await Promise.all([ensureWorkingCopy(lab, lesson), ensureWorkingCopy(lab, lesson)]);
    assert.equal(read(copied('model.ts')), 'original');
  });

  it('are reset without a loss: edited files are kept, added files stay', async () => {
    await ensureWorkingCopy(lab, lesson);
    write(copied('model.ts'), 'my work');
    write(copied('notes.ts'), 'mine');
    const reset = await resetWorkingCopy(lab, lesson, new Date('2026-01-02T03:04:05.678Z'));
    assert.deepEqual(reset.files, ['model.ts']);
    assert.equal(reset.backup, path.join(lab.root, '.lab', 'backups', '2026-01-02T03-04-05-678', 'spirals'));
    assert.equal(read(reset.backup, 'model.ts'), 'my work');
    assert.equal(read(copied('model.ts')), 'original');
    assert.equal(read(copied('notes.ts')), 'mine');
  });

  it('need no backup when nothing was edited', async () => {
    await ensureWorkingCopy(lab, lesson);
    assert.deepEqual(await resetWorkingCopy(lab, lesson), { files: [] });
    assert.ok(!fs.existsSync(lab.backups));
  });

  it('keep the learner’s text when the backup cannot be written', async () => {
    await ensureWorkingCopy(lab, lesson);
    write(copied('model.ts'), 'my work');
    write(lab.backups, 'a file where the folder should be');
    await assert.rejects(resetWorkingCopy(lab, lesson), { code: 'WORKING_COPY' });
    assert.equal(read(copied('model.ts')), 'my work');
  });

  it('report a folder that cannot be made', async () => {
    write(lab.root, 'a file where the folder should be');
    await assert.rejects(ensureWorkingCopy(lab, lesson), { code: 'WORKING_COPY' });
  });

  it('are written through no link that came with the folder, neither of a file nor of a folder', async () => {
    const precious = path.join(top, 'precious');
    write(path.join(precious, 'file'), 'mine');
    const untouched = (): void => {
      assert.deepEqual(fs.readdirSync(precious), ['file']);
      assert.equal(read(precious, 'file'), 'mine');
    };
    const refused = { code: 'WORKING_COPY', message: /is a link/ };
    fs.mkdirSync(lab.root);
    fs.symlinkSync(precious, lab.own);
    await assert.rejects(prepareLabFolder(lab), refused);
    await assert.rejects(ensureWorkingCopy(lab, lesson), refused);
    fs.rmSync(lab.own);
    for (const folder of [lab.runs, lab.backups]) {
      fs.mkdirSync(lab.own, { recursive: true });
      fs.symlinkSync(precious, folder);
    }
    await assert.rejects(prepareLabFolder(lab), refused);
    fs.symlinkSync(precious, path.join(lab.root, lesson.id));
    await assert.rejects(ensureWorkingCopy(lab, lesson), refused);
    untouched();

    fs.rmSync(path.join(lab.root, lesson.id));
    const copy = await ensureWorkingCopy(lab, lesson);
    fs.rmSync(copy.modelFile);
    fs.symlinkSync(path.join(precious, 'file'), copy.modelFile);
    await assert.rejects(resetWorkingCopy(lab, lesson), refused, 'the backups are a link');
    fs.rmSync(lab.backups);
    await resetWorkingCopy(lab, lesson);
    untouched();
    assert.ok(fs.lstatSync(copy.modelFile).isFile());
    assert.equal(read(copy.modelFile), 'original');
  });

  it('are not made through a link in the place of the lab folder that came with the workspace', async () => {
    const precious = path.join(top, 'precious');
    write(path.join(precious, 'file'), 'mine');
    const workspace = path.join(top, 'came');
    fs.mkdirSync(workspace);
    fs.symlinkSync(precious, path.join(workspace, 'deep-learning-lab'));
    const refused = { code: 'WORKING_COPY', message: /is a link/ };
    const choose = (): LabFolder => chooseLabFolder({ workspaceFolders: [workspace], home: top });
    await assert.rejects(prepareLabFolder(choose()), refused);
    await assert.rejects(ensureWorkingCopy(choose(), lesson), refused);
    assert.deepEqual(fs.readdirSync(precious), ['file']);
    // As if it were a lab folder already.
    write(path.join(precious, '.lab', '.gitignore'), '*');
    await assert.rejects(ensureWorkingCopy(choose(), lesson), refused);
    assert.deepEqual(fs.readdirSync(precious).sort(), ['.lab', 'file']);
    // Who names a link in the settings, or has laid one in their home folder, means where it leads.
    const named = { setting: path.join(workspace, 'deep-learning-lab'), workspaceFolders: [], home: top };
    await ensureWorkingCopy(chooseLabFolder(named), lesson);
    fs.symlinkSync(precious, path.join(top, 'deep-learning-lab'));
    await prepareLabFolder(chooseLabFolder({ workspaceFolders: [], home: top }));
    assert.ok(fs.existsSync(path.join(precious, 'spirals', 'model.ts')));
  });

  it('that are made where nothing was before are the lab’s own, and others are not', async () => {
    fs.mkdirSync(lab.root);
    await prepareLabFolder(lab);
    assert.equal(isMadeHere(lab.own), false, 'the folder was there: it may have come from anywhere');
    const other = labFolderAt(path.join(top, 'new', 'lab'));
    await prepareLabFolder(other);
    assert.equal(isMadeHere(other.own), true);
  });

  it('know the lesson of a file', () => {
    assert.equal(lessonIdOf(lab, copied('model.ts')), 'spirals');
    assert.equal(lessonIdOf(lab, copied('helpers/layers.ts')), 'spirals');
    assert.equal(lessonIdOf(lab, path.join(lab.root, 'model.ts')), undefined);
    assert.equal(lessonIdOf(lab, path.join(lab.runs, 'x', 'model.ts')), undefined);
    assert.equal(lessonIdOf(lab, path.join(top, 'elsewhere', 'model.ts')), undefined);
  });

  it('derive their state from the disk and the runs', async () => {
    const run = (id: string, latest: RunRecord['latest'], state: RunRecord['state'] = 'finished') =>
      ({ lesson: id, latest, state }) as unknown as RunRecord;
    const runs = [
      run('spirals', { val_accuracy: 0.5 }, 'failed'),
      run('spirals', { val_accuracy: 0.75 }),
      run('other', {}),
      run('spirals', { val_accuracy: 0.9 }, 'training'),
    ];
    assert.deepEqual(await lessonState(lab, lesson, []), { kind: 'notStarted' });
    await ensureWorkingCopy(lab, lesson);
    assert.deepEqual(await lessonState(lab, lesson, []), { kind: 'started', runs: 0, finished: 0 });
    assert.deepEqual(await lessonState(lab, lesson, runs), {
      kind: 'started',
      runs: 3,
      finished: 1,
      bestAccuracy: 0.75,
    });
    assert.deepEqual(await lessonState(lab, lesson, [run('spirals', {})]), { kind: 'started', runs: 1, finished: 1 });
  });

  describe('are equipped', () => {
    const equip = async (version: string): Promise<boolean> =>
      await equipWorkingCopy(lab, { root: top, cache: top }, version, workingCopyOf(lab, lesson));

    beforeEach(async () => {
      write(path.join(top, 'dist', 'types', 'tsconfig.template.json'), '{ "template": 1 }');
      write(path.join(top, 'dist', 'types', 'lab', 'index.d.ts'), 'v1');
      await ensureWorkingCopy(lab, lesson);
    });

    it('with types, a tsconfig and a .gitignore', async () => {
      assert.equal(await equip('1.0.0'), true);
      assert.equal(read(lab.types, 'lab', 'index.d.ts'), 'v1');
      assert.equal(read(copied('tsconfig.json')), '{ "template": 1 }');
      assert.equal(read(lab.own, '.gitignore'), '*\n');
    });

    it('with new types when the extension is new, and only then', async () => {
      await equip('1.0.0');
      write(path.join(top, 'dist', 'types', 'lab', 'index.d.ts'), 'v2');
      await equip('1.0.0');
      assert.equal(read(lab.types, 'lab', 'index.d.ts'), 'v1');
      fs.writeFileSync(path.join(lab.types, 'removed.d.ts'), '');
      await equip('1.0.1');
      assert.equal(read(lab.types, 'lab', 'index.d.ts'), 'v2');
      assert.ok(!fs.existsSync(path.join(lab.types, 'removed.d.ts')));
      assert.deepEqual(
        fs.readdirSync(lab.own).filter((entry) => entry.startsWith('types')),
        ['types'],
      );
    });

    it('without touching a tsconfig or .gitignore of the learner', async () => {
      write(copied('tsconfig.json'), 'mine');
      write(path.join(lab.own, '.gitignore'), 'mine');
      await equip('1.0.0');
      assert.equal(read(copied('tsconfig.json')), 'mine');
      assert.equal(read(lab.own, '.gitignore'), 'mine');
    });

    it('as far as possible when this installation has no types, and say so', async () => {
      fs.rmSync(path.join(top, 'dist'), { recursive: true });
      assert.equal(await equip('1.0.0'), false);
      assert.ok(!fs.existsSync(copied('tsconfig.json')));
    });
  });
});

describe('the lab folder', () => {
  let top: string;
  beforeEach(() => {
    top = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-folder-'));
  });
  afterEach(() => {
    fs.rmSync(top, { recursive: true, force: true });
  });
  const choose = (workspaceFolders: string[], setting?: string): string =>
    path.relative(
      top,
      chooseLabFolder({ workspaceFolders, home: path.join(top, 'home'), ...(setting === undefined ? {} : { setting }) })
        .root,
    );
  const makeLab = (folder: string): void => {
    fs.mkdirSync(path.join(top, folder, '.lab'), { recursive: true });
    fs.writeFileSync(path.join(top, folder, '.lab', '.gitignore'), '*');
  };

  it('is in the workspace, or in the home folder without one', () => {
    assert.equal(choose([]), path.join('home', 'deep-learning-lab'));
    assert.equal(choose([path.join(top, 'a'), path.join(top, 'b')]), path.join('a', 'deep-learning-lab'));
  });

  it('is the open folder itself when that is a lab folder or a working copy in one', () => {
    makeLab('a');
    assert.equal(choose([path.join(top, 'a')]), 'a');
    assert.equal(choose([path.join(top, 'a', 'spirals')]), 'a');
  });

  it('is the one that exists among several open folders', () => {
    makeLab(path.join('b', 'deep-learning-lab'));
    assert.equal(choose([path.join(top, 'a'), path.join(top, 'b')]), path.join('b', 'deep-learning-lab'));
  });

  it('follows the setting: absolute, from the home folder, from the workspace', () => {
    assert.equal(choose([path.join(top, 'a')], path.join(top, 'c')), 'c');
    assert.equal(choose([path.join(top, 'a')], '~/c'), path.join('home', 'c'));
    assert.equal(choose([path.join(top, 'a')], 'c'), path.join('a', 'c'));
    assert.equal(choose([], 'c'), path.join('home', 'c'));
    assert.equal(choose([path.join(top, 'a')], ' '), path.join('a', 'deep-learning-lab'));
  });
});
