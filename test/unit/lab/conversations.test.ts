/** Requests and answers as rows of tokens, with the tokens of the real SmolLM2. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { labPaths } from '../../../src/cli/context';
import { languageModelFile } from '../../../src/client/paths';
import { datasets, type GgufModel } from '../../../src/lab';
import { serveModels } from '../../../src/lab/models/serve';
import { ggufLoader } from '../../../src/trainer/language/gguf';
import { DataFolder, refused } from './dataFolder';
import { useEngine } from './tensorflow';

describe('datasets.conversations', function () {
  this.timeout(120_000);
  let folder: DataFolder;
  let model: GgufModel;
  before(async () => {
    await useEngine();
    const load = ggufLoader({ languageModel: languageModelFile(labPaths()), memoryLimitMB: Infinity });
    serveModels({ gguf: load, run: () => assert.fail() });
    model = await load();
  });
  after(() => {
    model.dispose();
  });
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });
  const load = (
    text: string | Uint8Array,
    more: object = {},
  ): ReturnType<ReturnType<typeof datasets.conversations>['load']> => {
    folder.write('own.tsv', Buffer.from(text as string));
    return datasets
      .conversations({ file: 'own.tsv', length: 30, answer: 6, system: 'Answer.', ...more })
      .load(folder.context());
  };

  it('a row ends with its answer, which alone counts; before shorter rows stand zeros', async () => {
    const { train, test } = await load('Who are you?\tNobody.\n\nSay a longer word\thippopotamus\r\nBye\tBye!\n', {
      validation: 1 / 3,
    });
    assert.deepEqual([train.length, test.length], [2, 1]);
    const asked = model.encodeChat([
      { role: 'system', content: 'Answer.' },
      { role: 'user', content: 'Who are you?' },
    ]);
    const answer = model.encode('Nobody.<|im_end|>');
    const whole = [...asked, ...answer];
    const zeros = Array<number>(30 - whole.length + 1).fill(0);
    assert.deepEqual([...train.x.slice(0, 30)], [...zeros, ...whole.slice(0, -1)]);
    const empty = Array<number>(6 - answer.length).fill(0);
    assert.deepEqual([...train.y.slice(0, 6)], [...empty, ...answer]);
    assert.deepEqual([...(train.mask as Uint8Array).slice(0, 6)], [...empty, ...answer.map(() => 1)]);
  });

  it('a line without a tab is a text, of which every token but the first counts', async () => {
    const { train } = await load('The cat sat.\nThe dog ran.', { validation: 0.5, answer: 30 });
    const tokens = model.encode('The cat sat.');
    assert.deepEqual([...train.y].slice(-tokens.length + 1), tokens.slice(1));
    assert.equal(
      (train.mask as Uint8Array).reduce((a, b) => a + b),
      tokens.length - 1,
    );
  });

  it('an empty file, a part without lines, what is too long, bytes that are no UTF-8, and a missing file are told', async () => {
    await refused(load(''), 'TEXT_EMPTY');
    await refused(load('a\tb'), 'TEXT_EMPTY');
    const { message } = await refused(load(`a\tb\nc\t${'word '.repeat(40)}\nd\te`), 'TEXT_TOO_LONG');
    assert.match(message, /Line 2/);
    await refused(load(Buffer.from([0x61, 0x09, 0xff, 0x0a])), 'DATA_CORRUPT');
    await refused(datasets.conversations({ file: 'none.tsv', length: 8 }).load(folder.context()), 'DATA_MISSING');
    await refused(load('a\tb\nc\td', { model: path.join(folder.path, 'none.gguf'), validation: 0.5 }), 'GGUF_MISSING');
    await refused(load('a\nb', { answer: 30, validation: 0.5 }), 'TEXT_EMPTY');
    for (const wrong of [{ length: 1 }, { answer: 31 }, { file: '' }, { validation: 2 }, { system: 3 }, { lenght: 3 }])
      assert.throws(() => datasets.conversations({ file: 'own.tsv', length: 30, ...wrong } as never), {
        code: 'EXPERIMENT_INVALID',
      });
  });
});
