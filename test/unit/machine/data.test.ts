import assert from 'node:assert/strict';
import fs from 'node:fs';
import { BUILT_IN_DATA, checkBuiltInData, checkLanguageModel, checkOwnData } from '../../../src/client/machine/data';
import type { Finding } from '../../../src/client/machine/finding';
import { languageModelFile } from '../../../src/client/paths';
import { PACKED_FOLDERS } from '../../../src/setup/data';
import { Folder, ownPaths } from '../setup/folder';
import { asNobody, machineIn, packData } from './support';

describe('data in Check Set-up', () => {
  let folder: Folder;
  beforeEach(() => (folder = new Folder()));
  afterEach(() => {
    folder.dispose();
  });

  it('looks for exactly what set-up packs, and finds it on this machine', async () => {
    assert.deepEqual([...BUILT_IN_DATA], [...PACKED_FOLDERS].sort());
    assert.equal((await checkBuiltInData(machineIn(folder, { paths: ownPaths }))).verdict, 'good');
  });

  it('is good where all is there, and names the place without the home folder', async () => {
    packData(folder);
    const found = await checkBuiltInData(machineIn(folder));
    assert.equal(found.verdict, 'good');
    assert.equal(found.found, 'All 10 data sets are there, in ~/cache/data.');
  });

  it('is a problem where a set is missing, empty, or no compressed data: each is named', async () => {
    packData(folder);
    fs.rmSync(folder.at('cache/data/poets'), { recursive: true });
    fs.rmSync(folder.at('cache/data/mnist/all.gz'));
    folder.write('cache/data/glove-50d/all.gz', 'half a page of HTML');
    folder.write('cache/data/quatrains/all.gz', '');
    const { verdict, found, remedy } = await checkBuiltInData(machineIn(folder));
    assert.equal(verdict, 'problem');
    assert.equal(
      found,
      [
        'Missing: poets.',
        'Damaged or unreadable: ~/cache/data/glove-50d (all.gz is not compressed data), ~/cache/data/mnist (empty), ~/cache/data/quatrains (all.gz is not compressed data).',
      ].join('\n'),
    );
    assert.equal(remedy, 'Delete what is damaged. Run "npm run setup -- --only data".');
  });

  it('tells an installed lab from a clone: there, installing again helps', async () => {
    const { remedy } = await checkBuiltInData(
      machineIn(folder, { paths: { root: folder.at('installed'), cache: folder.at('cache') } }),
    );
    assert.equal(remedy, 'Install the lab again.');
  });

  it('is a problem for who may not read it', async () => {
    packData(folder);
    fs.chmodSync(folder.at('cache/data/poets'), 0);
    const { verdict, found } = (await asNobody(
      folder,
      'src/client/machine/data.ts',
      'checkBuiltInData',
      machineIn(folder),
    )) as Finding;
    assert.equal(verdict, 'problem');
    assert.equal(found, 'Damaged or unreadable: ~/cache/data/poets (EACCES).');
  });

  it('of the learner: none is set, it is full, empty, missing, a file, or may not be read', async () => {
    const own = folder.at('mine');
    const look = (): Promise<Finding> => checkOwnData(machineIn(folder, { dataDirectory: own }));
    assert.equal((await checkOwnData(machineIn(folder))).verdict, 'good');

    const missing = await look();
    assert.equal(missing.verdict, 'problem');
    assert.equal(missing.found, '~/mine cannot be read (ENOENT).');
    assert.match(missing.remedy ?? '', /deepLearningLab\.data\.directory/);
    assert.equal(missing.action, 'dataSetting');

    fs.mkdirSync(own);
    assert.deepEqual([(await look()).verdict, (await look()).found], ['note', '~/mine is empty.']);
    folder.write('mine/cifar-10-batches-bin/data_batch_1.bin', 'x');
    assert.deepEqual([(await look()).verdict, (await look()).found], ['good', '~/mine can be read: 1 entries.']);

    fs.chmodSync(own, 0);
    const closed = (await asNobody(
      folder,
      'src/client/machine/data.ts',
      'checkOwnData',
      machineIn(folder, { dataDirectory: own }),
    )) as Finding;
    assert.deepEqual([closed.verdict, closed.found], ['problem', '~/mine cannot be read (EACCES).']);

    const file = folder.write('file', '');
    const wrong = await checkOwnData(machineIn(folder, { dataDirectory: file }));
    assert.deepEqual([wrong.verdict, wrong.found], ['problem', '~/file cannot be read (ENOTDIR).']);
  });

  it('the language model is there with its size, or missing with what brings it', async () => {
    const machine = machineIn(folder);
    const absent = await checkLanguageModel(machine);
    assert.deepEqual([absent.verdict, absent.action], ['note', 'getLanguageModel']);
    const file = languageModelFile(machine.paths);
    folder.write(file.slice(folder.path.length + 1), Buffer.alloc(2_000_000));
    const there = await checkLanguageModel(machine);
    assert.equal(there.verdict, 'good');
    assert.match(there.found, /~\/cache\/models\/.*\(2 MB\)/);
  });
});
