/** From a table to a model file that trains at once. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { BUILT_IN_SETS, modelText } from '../../../src/client/experiments/modelText';
import { targetsOf } from '../../../src/client/experiments/suggest';
import { lookAtTable } from '../../../src/lab/datasets/table/look';
import type { TableLook } from '../../../src/protocol/dataLook';
import { inspectModel } from '../../../src/trainer/inspection/inspect';
import { passengers } from '../../support/passengers';

describe('New Experiment', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-new-'));
  });
  afterEach(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const looked = (text: string, name = 'table.csv'): TableLook => {
    fs.writeFileSync(path.join(folder, name), text);
    return lookAtTable(path.join(folder, name));
  };

  /** Built as the editor builds it, in its own folder as the trainer is. */
  async function inspected(text: string): Promise<Awaited<ReturnType<typeof inspectModel>>> {
    const file = path.join(folder, 'model.ts');
    fs.writeFileSync(file, text);
    const before = process.cwd();
    process.chdir(folder);
    try {
      return await inspectModel({ modelFile: file });
    } finally {
      process.chdir(before);
    }
  }

  it('proposes the column that is probably to be predicted, and leaves out what numbers or names the rows', async () => {
    const look = looked(passengers(200), 'titanic.csv');
    const [target, ...others] = targetsOf(look).map(({ name }) => name);
    assert.equal(target, 'Survived');
    assert.ok(!others.includes('Name'));
    const text = modelText({ kind: 'table', path: 'titanic.csv', look, target: 'Survived' });
    assert.match(text, /features: \['Pclass', 'Sex', 'Age', 'Fare'\]/);
    assert.match(text, /categorical: \['Pclass'\]/);
    const { problems, data, parameters } = await inspected(text);
    assert.deepEqual(problems, []);
    assert.deepEqual([data?.name, data?.train, data?.test, data?.classes], ['titanic.csv', 160, 40, 2]);
    assert.ok((parameters?.total ?? 0) > 0);
  });

  it('proposes a regression for numbers, whose errors are in standard deviations', async () => {
    const rows = Array.from({ length: 100 }, (_, i) => `${i % 7},${100_000 + 1_537 * i}`).join('\n');
    const look = looked(`rooms,price\n${rows}\n`);
    assert.equal(targetsOf(look)[0]?.name, 'price');
    const text = modelText({ kind: 'table', path: 'table.csv', look, target: 'price' });
    assert.match(text, /standardizeTarget: true/);
    const { problems, data } = await inspected(text);
    assert.deepEqual(problems, []);
    assert.equal(data?.classes, 0);
  });

  it('writes names as texts, whatever stands in them', async () => {
    const look = looked('it\'s,"a \\\\ b",line break\n1,2,x\n3,4,y\n5,6,x\n7,8,y\n', "d'or.csv");
    const text = modelText({ kind: 'table', path: "d'or.csv", look, target: 'line break' });
    const { problems, data } = await inspected(text);
    assert.deepEqual(problems, []);
    assert.deepEqual([data?.name, data?.classes], ["d'or.csv", 2]);
  });

  it('writes a model file for a folder of pictures, whose training pictures change', async () => {
    for (const name of ['cat/1.png', 'cat/2.png', 'cat/3.png', 'dog/1.png', 'dog/2.png']) {
      fs.mkdirSync(path.join(folder, 'pets', path.dirname(name)), { recursive: true });
      fs.writeFileSync(path.join(folder, 'pets', name), '');
    }
    const text = modelText({ kind: 'pictures', path: 'pets', name: 'pets' });
    assert.match(text, /import { augment, datasets, /);
    const { problems, data } = await inspected(text);
    assert.deepEqual(problems, []);
    assert.deepEqual([data?.classes, data?.inputShape], [2, [64, 64, 3]]);
  });

  it('has nothing to propose where no column can be predicted', () => {
    assert.deepEqual(targetsOf(looked('name,same\na,1\nb,1\nc,1\n')), []);
  });

  for (const set of BUILT_IN_SETS)
    it(`writes a model file for ${set} without a problem`, async () => {
      const { problems, data } = await inspected(modelText({ kind: 'builtIn', set }));
      assert.deepEqual(problems, []);
      assert.ok((data?.train ?? 0) > 0);
    });
});
