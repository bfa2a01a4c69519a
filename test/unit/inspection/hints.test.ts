import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { analyse } from '../../../src/client/source/analyse';
import { hintsOf, type Hint } from '../../../src/client/source/hints';
import { inspectModel } from '../../../src/trainer/inspection/inspect';
import { repositoryRoot } from '../manifest/root';
import { inspecting } from './inspecting';
import { modelText } from './models';

describe('what stands beside a model file', () => {
  const { modelFile } = inspecting();

  async function hints(source: string, file = modelFile()): Promise<Hint[]> {
    return hintsOf(source, analyse(source), await inspectModel({ modelFile: file, source }), file, 'en');
  }
  /** "text of the line before the hint ⟨label⟩" */
  function shown(source: string, list: readonly Hint[]): string[] {
    return [...list]
      .sort((a, b) => a.at - b.at)
      .map(({ at, label }) => `${source.slice(source.lastIndexOf('\n', at - 1) + 1, at).trim()} ⟨${label}⟩`);
  }

  it('is each layer’s output and size, the data’s size and the total', async () => {
    const file = path.join(repositoryRoot(), 'samples/image-classification/model.ts');
    const source = fs.readFileSync(file, 'utf8');
    const list = shown(source, await hints(source, file));
    assert.deepEqual(list, [
      'export default experiment({ ⟨93,322 parameters⟩',
      'data: datasets.fashionMnist({ train: 20_000, test: 4_000 }), ⟨[28, 28, 1] · 20,000 train, 4,000 test⟩',
      `tf.layers.conv2d({ inputShape, filters: 32, kernelSize: 3, activation: 'relu' }), ⟨[null, 26, 26, 32] · 320⟩`,
      'tf.layers.maxPooling2d({ poolSize: 2 }), ⟨[null, 13, 13, 32]⟩',
      `tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }), ⟨[null, 11, 11, 64] · 18,496⟩`,
      'tf.layers.maxPooling2d({ poolSize: 2 }), ⟨[null, 5, 5, 64]⟩',
      `tf.layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }), ⟨[null, 3, 3, 64] · 36,928⟩`,
      'tf.layers.flatten(), ⟨[null, 576]⟩',
      `tf.layers.dense({ units: 64, activation: 'relu' }), ⟨[null, 64] · 36,928⟩`,
      'tf.layers.dense({ units: classes }), ⟨[null, 10] · 650⟩',
    ]);
  });

  it('lists every instance of a call in a loop and in a helper, and who made it', async () => {
    const source = modelText({
      before: `const data = datasets.moons({ train: 30, test: 10 });
const block = (units: number) => tf.layers.dense({ units });`,
      data: 'data',
      loss: `'binaryCrossentropy'`,
      model: `{
    const model = tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 4 })] });
    for (let i = 0; i < 3; i++) model.add(tf.layers.dense({ units: 4 }));
    for (const units of [5, 6, 7, 8]) model.add(block(units));
    model.add(block(5)); model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
    return model;
  }`,
    });
    const list = await hints(source);
    const labels = shown(source, list);
    assert.ok(
      labels.includes('for (let i = 0; i < 3; i++) model.add(tf.layers.dense({ units: 4 })); ⟨[null, 4] · 20 ×3⟩'),
      labels.join('\n'),
    );
    assert.ok(
      labels.includes(
        'const block = (units: number) => tf.layers.dense({ units }); ⟨[null, 5] · 25 ; [null, 6] · 36 ; [null, 7] · 49 ; 2 more⟩',
      ),
      labels.join('\n'),
    );
    assert.ok(
      labels.includes('const data = datasets.moons({ train: 30, test: 10 }); ⟨[2] · 30 train, 10 test⟩'),
      labels.join('\n'),
    );
    const helper = list.find(({ details }) => details.length === 5);
    assert.match(helper?.details[0] ?? '', /^Dense \S+ · \[null, 5\] · 25 parameters · made by line \d+$/);
  });

  it('stands directly behind a call that more follows in its line', async () => {
    const source = modelText({
      model: `{
    const input = tf.input({ shape: inputShape });
    const output = tf.layers.dense({ units: classes, activation: 'softmax', trainable: false }).apply(input) as tf.SymbolicTensor;
    return tf.model({ inputs: input, outputs: output });
  }`,
    });
    const list = await hints(source);
    const labels = shown(source, list);
    assert.ok(
      labels.includes(
        `const output = tf.layers.dense({ units: classes, activation: 'softmax', trainable: false }) ⟨[null, 3] · 9⟩`,
      ),
      labels.join('\n'),
    );
    assert.ok(labels.includes('const input = tf.input({ shape: inputShape }); ⟨[null, 2]⟩'), labels.join('\n'));
    assert.ok(list.some(({ details }) => details.some((line) => line.includes('frozen'))));
    assert.ok(list.some(({ details }) => details.includes('0 of 9 parameters are trained.')));
  });

  it('is nothing where nothing could be built', async () => {
    assert.deepEqual(await hints('export default 3'), []);
    assert.deepEqual(await hints(''), []);
  });
});
