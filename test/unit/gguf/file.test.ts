import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { GgufFile } from '../../../src/lab/gguf/file';
import { FORMATS } from '../../../src/lab/gguf/formats';
import { createRandom } from '../../../src/lab/random';
import { LabError, type LabErrorCode, type LabErrorData } from '../../../src/protocol/errors';
import { installLanguageTools, languageTool } from '../../support/languageTools';
import { DataFolder, refused } from '../lab/dataFolder';
import { floats, gguf, list, long, string, text, TYPES, uint32, words, type Entry } from './write';

const byName = new Map([...FORMATS.values()].map((format) => [format.name, format]));

function decoded(name: string, block: readonly number[]): number[] {
  const format = byName.get(name);
  assert.ok(format);
  assert.equal(block.length, format.bytes);
  const numbers = new Float32Array(format.numbers);
  format.decode(new DataView(Uint8Array.from(block).buffer), numbers);
  return [...numbers];
}

const bytes = (count: number, value: (i: number) => number): number[] =>
  Array.from({ length: count }, (_, i) => value(i));
const count = (numbers: number, value: (i: number) => number): number[] => bytes(numbers, value);
/** float16, little-endian: 0x3800 is 0.5, 0x4000 is 2, 0xc000 is -2, 0x3c00 is 1. */
const [HALF, ONE, TWO, MINUS_TWO] = [
  [0x00, 0x38],
  [0x00, 0x3c],
  [0x00, 0x40],
  [0x00, 0xc0],
] as const;

describe('GGUF: what the bytes of a block mean, by hand', () => {
  it('F32 and F16 are plain numbers', () => {
    assert.deepEqual(decoded('F32', [0, 0, 0x20, 0xc1]), [-10]);
    assert.deepEqual(decoded('F16', [...MINUS_TWO]), [-2]);
    assert.deepEqual(decoded('F16', [0x01, 0x00]), [2 ** -24], 'the smallest there is');
    assert.deepEqual(decoded('F16', [0x00, 0xfc]), [-Infinity]);
    assert.deepEqual(decoded('F16', [0x01, 0x7c]), [NaN]);
  });

  it('Q4_0: 0.5 · (q − 8)', () => {
    // Byte i is the number i in its low half, and 15 − i in its high one.
    const block = [...HALF, ...bytes(16, (i) => i | ((15 - i) << 4))];
    assert.deepEqual(
      decoded('Q4_0', block),
      count(32, (i) => 0.5 * ((i < 16 ? i : 31 - i) - 8)),
    );
  });

  it('Q4_1: 0.5 · q − 2', () => {
    const block = [...HALF, ...MINUS_TWO, ...bytes(16, (i) => i | ((15 - i) << 4))];
    assert.deepEqual(
      decoded('Q4_1', block),
      count(32, (i) => 0.5 * (i < 16 ? i : 31 - i) - 2),
    );
  });

  it('Q8_0: 2 · q with a sign', () => {
    const block = [...TWO, ...bytes(32, (i) => (i - 16) & 255)];
    assert.deepEqual(
      decoded('Q8_0', block),
      count(32, (i) => 2 * (i - 16)),
    );
  });

  it('Q4_K: eight parts with scales and least values of six bits', () => {
    // Scale s and least m of part p are p + 1 and 2 p, of the last 63 and 62: their upper two bits stand elsewhere.
    const s = [1, 2, 3, 4, 5, 6, 7, 63];
    const m = [0, 2, 4, 6, 8, 10, 12, 62];
    const packed = [
      ...count(4, (p) => (s[p] ?? 0) | (((s[p + 4] ?? 0) >> 4) << 6)),
      ...count(4, (p) => (m[p] ?? 0) | (((m[p + 4] ?? 0) >> 4) << 6)),
      ...count(4, (p) => ((s[p + 4] ?? 0) & 15) | (((m[p + 4] ?? 0) & 15) << 4)),
    ];
    // In each 32 bytes the even part has i mod 16, the odd one 3.
    const block = [...TWO, ...HALF, ...packed, ...bytes(128, (i) => (i % 16) | (3 << 4))];
    const expected = count(256, (i) => {
      const part = Math.floor(i / 32);
      return 2 * (s[part] ?? 0) * (part % 2 === 0 ? i % 16 : 3) - 0.5 * (m[part] ?? 0);
    });
    assert.deepEqual(decoded('Q4_K', block), expected);
  });

  it('Q6_K: sixteen parts with scales of eight bits, numbers of four and two bits', () => {
    // The numbers of row r (of eight) are all 8 r + 1: 1, 9, … 57.
    const q = (row: number): number => 8 * row + 1;
    const low = bytes(128, (i) => {
      const row = 4 * Math.floor(i / 64) + (i % 64 < 32 ? 0 : 1);
      return (q(row) & 15) | ((q(row + 2) & 15) << 4);
    });
    const high = bytes(64, (i) =>
      [0, 1, 2, 3].reduce((sum, r) => sum | ((q(4 * Math.floor(i / 32) + r) >> 4) << (2 * r)), 0),
    );
    const block = [...low, ...high, ...bytes(16, (i) => (i - 8) & 255), ...ONE];
    assert.deepEqual(
      decoded('Q6_K', block),
      count(256, (i) => (Math.floor(i / 16) - 8) * (q(Math.floor(i / 32)) - 32)),
    );
  });
});

describe('GGUF: files', () => {
  let folder: DataFolder;
  beforeEach(() => (folder = new DataFolder()));
  afterEach(() => {
    folder.remove();
  });
  const refusal = (content: Buffer, code: LabErrorCode): Promise<LabErrorData> =>
    refused(GgufFile.open(folder.write('model.gguf', content)), code);

  it("reads a file of PyPI's gguf: every kind of value, every format to the last number", async function () {
    const reason = installLanguageTools();
    if (reason !== undefined) this.skip();
    const name = path.join(folder.path, 'written.gguf');
    const script = path.resolve('test/unit/gguf/oracle/formats.py');
    const answer = languageTool(script, [name]) as Record<string, { shape: number[]; numbers: number[] }>;
    const file = await GgufFile.open(name);
    try {
      const value = (key: string): unknown => file.metadata.get(`a.${key}`);
      assert.deepEqual(
        ['uint8', 'int8', 'uint16', 'int16', 'uint32', 'int32', 'float32', 'bool', 'string'].map(value),
        [200, -3, 60000, -300, 4000000000, -70000, 0.5, true, '文字 🙂'],
      );
      assert.deepEqual(['uint64', 'int64', 'float64'].map(value), [2 ** 40, -(2 ** 40), 0.1]);
      assert.deepEqual(
        [value('texts'), value('numbers')],
        [
          ['a', '', 'é'],
          [1, 2, 3],
        ],
      );
      assert.deepEqual([...file.tensors.keys()].sort(), [...byName.keys()].sort());
      for (const [kind, { shape, numbers }] of Object.entries(answer)) {
        const tensor = file.tensors.get(kind);
        assert.ok(tensor);
        assert.deepEqual(tensor.shape, shape);
        const read = await file.read(tensor);
        // gguf rounds to float32 on the way, we do at the end.
        const worst = Math.max(
          ...numbers.map((number, i) => Math.abs(number - (read[i] ?? NaN)) / (1 + Math.abs(number))),
        );
        assert.ok(worst < 1e-6, `${kind} differs by ${worst}`);
      }
    } finally {
      await file.close();
    }
  });

  it('a tensor of many pieces is read whole, and reading can be called off', async () => {
    const size = 3 * 2 ** 20;
    const content = gguf(
      {},
      {
        a: floats([4], [1, 2, 3, 4]),
        big: floats(
          [size],
          count(size, (i) => i % 1009),
        ),
      },
    );
    const file = await GgufFile.open(folder.write('model.gguf', content));
    try {
      const big = file.tensors.get('big');
      assert.ok(big);
      const numbers = await file.read(big);
      assert.ok(numbers.every((number, i) => number === i % 1009));
      await assert.rejects(file.read(big, AbortSignal.abort()), { name: 'AbortError' });
    } finally {
      await file.close();
    }
  });

  it('a file that was cut after it was opened is told', async () => {
    const name = folder.write(
      'model.gguf',
      gguf(
        {},
        {
          a: floats(
            [64],
            count(64, (i) => i),
          ),
        },
      ),
    );
    const file = await GgufFile.open(name);
    try {
      fs.truncateSync(name, fs.statSync(name).size - 8);
      const tensor = file.tensors.get('a');
      assert.ok(tensor);
      await refused(file.read(tensor), 'GGUF_CORRUPT');
    } finally {
      await file.close();
    }
  });

  it('what is no file, or not there, is told', async () => {
    const none = path.join(folder.path, 'none.gguf');
    const missing = await refused(GgufFile.open(none), 'GGUF_MISSING');
    assert.deepEqual([missing.message, missing.found], [`The model ${none} cannot be read.`, 'nothing']);
    assert.equal((await refused(GgufFile.open(folder.path), 'GGUF_MISSING')).found, 'a folder');
  });

  it('a file that ends anywhere in its head or its tensors is told', async () => {
    const whole = gguf(
      { a: string('text'), b: list([uint32(1), uint32(2)]) },
      {
        t: floats(
          [8],
          count(8, (i) => i),
        ),
      },
    );
    for (let length = 0; length < whole.length; length++) {
      const { expected, found } = await refusal(whole.subarray(0, length), 'GGUF_CORRUPT');
      assert.ok(expected !== undefined && found !== undefined);
    }
  });

  it('another magic, version and byte order are told by what was found', async () => {
    const magic = await refusal(gguf({}, {}, { magic: 'GGML' }), 'GGUF_CORRUPT');
    assert.deepEqual([magic.expected, magic.found], ['"GGUF" at the beginning', '"GGML"']);
    assert.equal((await refusal(gguf({}, {}, { version: 1 }), 'GGUF_UNSUPPORTED')).found, '1');
    assert.match((await refusal(gguf({}, {}, { version: 3 * 2 ** 24 }), 'GGUF_UNSUPPORTED')).found ?? '', /big-endian/);
  });

  it('a format that the lab does not read is told by name, with the tensor', async () => {
    const content = gguf({}, { weights: { sides: [256], type: 10, bytes: Buffer.alloc(84) } });
    assert.equal((await refusal(content, 'GGUF_UNSUPPORTED')).found, 'Q2_K in tensor weights');
  });

  it('counts that would fill the memory are refused before anything is made for them', async () => {
    const most = 2n ** 64n - 1n;
    const longList: Entry = { type: TYPES.list, bytes: Buffer.concat([words(TYPES.uint32), long(2n ** 40n)]) };
    const before = process.memoryUsage().rss;
    for (const content of [
      gguf({}, {}, { tensorCount: most }),
      gguf({}, {}, { entryCount: most }),
      gguf({ a: longList }),
      gguf({ a: { type: TYPES.string, bytes: long(2n ** 62n) } }),
      gguf({}, { t: { sides: [2 ** 30, 2 ** 30, 2 ** 30], type: 0, bytes: Buffer.alloc(4) } }),
      gguf({}, { t: { sides: [2 ** 40], type: 0, bytes: Buffer.alloc(4) } }),
      gguf({}, { t: { sides: [0], type: 0, bytes: Buffer.alloc(4) } }),
    ])
      await refusal(content, 'GGUF_CORRUPT');
    assert.ok(process.memoryUsage().rss - before < 2 ** 28);
  });

  it('lists in lists without end, and lists of millions of nothing, are refused', async () => {
    let deep: Entry = uint32(1);
    for (let i = 0; i < 10_000; i++) deep = list([deep]);
    await refusal(gguf({ a: deep }), 'GGUF_CORRUPT');
    const empty = Buffer.alloc(12 * (2 ** 24 + 1));
    const many: Entry = { type: TYPES.list, bytes: Buffer.concat([words(TYPES.list), long(2 ** 24 + 1), empty]) };
    await refusal(gguf({ a: many }), 'GGUF_CORRUPT');
  });

  it('a tensor that does not lie in the file, or is half a block, is told', async () => {
    const tensor = floats(
      [8],
      count(8, (i) => i),
    );
    await refusal(gguf({}, { t: tensor }, { offset: 32 }), 'GGUF_CORRUPT');
    await refusal(gguf({}, { t: tensor }, { offset: 2n ** 63n }), 'GGUF_CORRUPT');
    await refusal(gguf({}, { t: tensor }, { offset: 4 }), 'GGUF_CORRUPT');
    await refusal(gguf({}, { t: { sides: [16], type: 2, bytes: Buffer.alloc(18) } }), 'GGUF_CORRUPT');
    await refusal(gguf({}, { t: { sides: [1, 1, 1, 1, 1], type: 0, bytes: Buffer.alloc(4) } }), 'GGUF_CORRUPT');
  });

  it('an entry or a tensor that stands twice, and an alignment that is none, are told', async () => {
    const twice = gguf({ aa: uint32(1), ab: uint32(2) });
    twice.write('aa', twice.indexOf(text('ab')) + 8);
    await refusal(twice, 'GGUF_CORRUPT');
    const tensor = floats(
      [8],
      count(8, (i) => i),
    );
    const tensors = gguf({}, { ta: tensor, tb: tensor });
    tensors.write('ta', tensors.indexOf(text('tb')) + 8);
    await refusal(tensors, 'GGUF_CORRUPT');
    await refusal(gguf({ 'general.alignment': uint32(0) }), 'GGUF_CORRUPT');
    await refusal(gguf({ 'general.alignment': string('32') }), 'GGUF_CORRUPT');
  });

  it('another alignment is kept to', async () => {
    const content = gguf(
      { 'general.alignment': uint32(64) },
      { a: floats([1], [7]), b: floats([1], [8]) },
      { alignment: 64 },
    );
    const file = await GgufFile.open(folder.write('model.gguf', content));
    try {
      const values = await Promise.all([...file.tensors.values()].map((tensor) => file.read(tensor)));
      assert.deepEqual(
        values.map(([value]) => value),
        [7, 8],
      );
    } finally {
      await file.close();
    }
  });

  it('damaged at random, it is read or refused as such, never by an error of another kind', async () => {
    const sound = gguf(
      { a: string('text'), b: list([string('x'), string('y')]), c: list([list([uint32(1)]), list([uint32(2)])]) },
      {
        t: floats(
          [8],
          count(8, (i) => i),
        ),
        u: { sides: [32, 2], type: 2, bytes: Buffer.alloc(36, 5) },
      },
    );
    const random = createRandom(13);
    for (let round = 0; round < 500; round++) {
      const damaged = Buffer.from(sound);
      for (let i = 0; i < 1 + (round % 4); i++)
        damaged[Math.floor(random.next() * damaged.length)] = Math.floor(random.next() * 256);
      try {
        const file = await GgufFile.open(folder.write('model.gguf', damaged));
        for (const tensor of file.tensors.values()) await file.read(tensor);
        await file.close();
      } catch (error) {
        assert.ok(error instanceof LabError, String(error));
        assert.match(error.code, /^GGUF_/);
      }
    }
  });
});
