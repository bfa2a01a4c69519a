/** Recordings of learners: what is read of each form, what becomes of other rates, who is in which half. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { datasets } from '../../../src/lab';
import { readSound } from '../../../src/lab/datasets/sound/read';
import { resample } from '../../../src/lab/datasets/sound/resample';
import { loadSplits } from '../../../src/lab/loadSplits';
import { createRandom } from '../../../src/lab/random';
import { DataFolder, refused, thrown } from './dataFolder';
import { FLAC_24, MP3, READ, STEREO_FLAC } from './soundFiles';

const DIGITS = path.resolve('..', 'shared', 'datasets', 'spoken-digits');

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const u16 = (value: number): Buffer => Buffer.of(value & 255, value >> 8);
const u32 = (value: number): Buffer => Buffer.of(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >>> 24);
const chunk = (id: string, body: Uint8Array, said = body.length): Buffer =>
  Buffer.concat([ascii(id), u32(said), body, Buffer.alloc(body.length % 2)]);

interface Form {
  readonly code?: number;
  readonly channels?: number;
  readonly rate?: number;
  readonly bits?: number;
  readonly extra?: Uint8Array;
}

const format = ({ code = 1, channels = 1, rate = 8_000, bits = 16, extra = Buffer.alloc(0) }: Form): Buffer => {
  const block = (channels * bits) / 8;
  return chunk(
    'fmt ',
    Buffer.concat([u16(code), u16(channels), u32(rate), u32(rate * block), u16(block), u16(bits), extra]),
  );
};

const riff = (...chunks: readonly Uint8Array[]): Buffer => chunk('RIFF', Buffer.concat([ascii('WAVE'), ...chunks]));
const wav = (form: Form, data: Uint8Array): Buffer => riff(format(form), chunk('data', data));
const pcm16 = (values: readonly number[]): Buffer => Buffer.concat(values.map((value) => u16(value & 0xffff)));

/** A tone as a WAV file of 16 bits. */
const tone = (hertz: number, { rate = 8_000, samples = 800 } = {}): Buffer =>
  wav(
    { rate },
    pcm16(Array.from({ length: samples }, (_, i) => Math.round(9_000 * Math.sin((2 * Math.PI * hertz * i) / rate)))),
  );

describe('lab/datasets: audio', () => {
  let folder: DataFolder;
  beforeEach(() => {
    folder = new DataFolder();
  });
  afterEach(() => {
    folder.remove();
  });

  const read = async (bytes: Uint8Array, form = { rate: 8_000, samples: 4 }): Promise<number[]> => [
    ...(await readSound(folder.write('a.wav', bytes), form)),
  ];

  const reasonOf = async (bytes: Uint8Array): Promise<string> => {
    try {
      await read(bytes);
    } catch (error) {
      assert.ok(error instanceof Error);
      return error.message;
    }
    throw new Error('It should have failed.');
  };

  const close = (found: readonly number[], wanted: readonly number[], tolerance: number): void => {
    assert.equal(found.length, wanted.length);
    wanted.forEach((value, i) => {
      assert.ok(Math.abs((found[i] ?? Number.NaN) - value) <= tolerance, `${i}: ${found[i]} in place of ${value}`);
    });
  };

  describe('WAV', () => {
    it('of whole numbers with 8, 16, 24 and 32 bits is -1 … 1 by hand', async () => {
      // 8 bits count from 0, with silence at 128; the others have a sign.
      assert.deepEqual(await read(wav({ bits: 8 }, Buffer.of(0, 64, 128, 255))), [-1, -0.5, 0, 127 / 128]);
      assert.deepEqual(await read(wav({}, pcm16([-32_768, -16_384, 0, 32_767]))), [-1, -0.5, 0, 32_767 / 32_768]);
      const bytes24 = Buffer.of(0, 0, 0x80, 0, 0, 0xc0, 0, 0, 0, 0xff, 0xff, 0x7f);
      assert.deepEqual(await read(wav({ bits: 24 }, bytes24)), [-1, -0.5, 0, 1 - 2 ** -23]);
      const bytes32 = Buffer.of(0, 0, 0, 0x80, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0x40);
      assert.deepEqual(await read(wav({ bits: 32 }, bytes32)), [-1, -0.5, 0, 0.5]);
    });

    it('of floating point numbers with 32 and 64 bits is what stands there', async () => {
      const values = [-1, 0.25, 0.5, -0.125];
      const bytes = (array: Float32Array | Float64Array): Buffer => Buffer.from(array.buffer);
      assert.deepEqual(await read(wav({ code: 3, bits: 32 }, bytes(Float32Array.from(values)))), values);
      assert.deepEqual(await read(wav({ code: 3, bits: 64 }, bytes(Float64Array.from(values)))), values);
    });

    it('of A-law and µ-law is what libsndfile reads for every code', async () => {
      const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
      const law = async (code: number): Promise<number[]> =>
        (await read(wav({ code, bits: 8 }, codes), { rate: 8_000, samples: 256 })).map((value) => value * 32_768);
      const weighted = (values: readonly number[]): number => values.reduce((sum, value, i) => sum + value * i, 0);
      const [aLaw, muLaw] = [await law(6), await law(7)];
      const at = [0, 1, 85, 127, 128, 170, 213, 255];
      assert.deepEqual(
        at.map((code) => aLaw[code]),
        [-5_504, -5_248, -8, -848, 5_504, 32_256, 8, 848],
      );
      assert.deepEqual(
        at.map((code) => Math.abs(muLaw[code] ?? Number.NaN)),
        [32_124, 31_100, 716, 0, 32_124, 5_372, 716, 0],
      );
      assert.deepEqual([weighted(aLaw), weighted(muLaw)], [100_139_008, 98_107_392]);
    });

    it('of several channels is their mean', async () => {
      const data = pcm16([16_384, 0, -16_384, 16_384, 8_192, 8_192, 0, 4_096]);
      assert.deepEqual(await read(wav({ channels: 2 }, data)), [0.25, 0, 0.25, 0.0625]);
    });

    it('of the extensible format is read by the code that stands in its longer name', async () => {
      const name = Buffer.concat([u16(3), ascii('\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71')]);
      const extra = Buffer.concat([u16(22), u16(32), u32(4), name]);
      const data = Buffer.from(Float32Array.of(0.5, -0.5, 0.25, 1).buffer);
      assert.deepEqual(await read(wav({ code: 0xfffe, bits: 32, extra }, data)), [0.5, -0.5, 0.25, 1]);
    });

    it('with other chunks, also of odd size and without the byte that belongs behind them, is read', async () => {
      const data = chunk('data', pcm16([8_192, 0, 0, 0]));
      const odd = Buffer.concat([ascii('LIST'), u32(3), ascii('abc')]);
      const wanted = [0.25, 0, 0, 0];
      assert.deepEqual(await read(riff(chunk('LIST', ascii('abc')), format({}), data)), wanted);
      assert.deepEqual(await read(riff(format({}), odd, data)), wanted, 'without the byte');
    });

    it('with sizes that nobody knew when it was begun, or that count the header, is read to its end', async () => {
      const data = pcm16([8_192, 4_096, 2_048, 1_024]);
      for (const said of [0, 0xffffffff, 0x7fffffff, data.length + 44]) {
        const bytes = Buffer.concat([ascii('RIFF'), u32(said), ascii('WAVE'), format({}), chunk('data', data, said)]);
        assert.deepEqual(await read(bytes), [0.25, 0.125, 0.0625, 0.03125], String(said));
      }
      const size64 = Buffer.concat([u32(0), u32(0), u32(4), u32(0), u32(2), u32(0), u32(0)]);
      const rf64 = [ascii('RF64'), u32(0xffffffff), ascii('WAVE'), chunk('ds64', size64), format({})];
      const half = Buffer.concat([...rf64, chunk('data', data, 0xffffffff)]);
      assert.deepEqual(await read(half), [0.25, 0.125, 0, 0], 'the size of RF64 is 4 bytes here');
    });

    it('is cut or followed by silence, to the length that is wanted', async () => {
      const bytes = wav({}, pcm16([8_192, 8_192, 8_192]));
      assert.deepEqual(await read(bytes), [0.25, 0.25, 0.25, 0]);
      assert.deepEqual(await read(bytes, { rate: 8_000, samples: 2 }), [0.25, 0.25]);
    });

    it('that cannot be read says why: cut off, no samples, another coding, no rate, not finite', async () => {
      const whole = tone(440);
      assert.match(await reasonOf(whole.subarray(0, 1_000)), /^cut off: 956 of 1600 bytes/);
      assert.match(await reasonOf(whole.subarray(0, 20)), /without samples|format is cut off/);
      assert.match(await reasonOf(wav({}, Buffer.alloc(0))), /no sample/);
      assert.match(await reasonOf(wav({ code: 2 }, Buffer.alloc(8))), /the format 2, which is not read/);
      assert.match(await reasonOf(wav({ rate: 0 }, Buffer.alloc(8))), /are no sound/);
      assert.match(await reasonOf(wav({ channels: 0 }, Buffer.alloc(8))), /are no sound/);
      assert.match(await reasonOf(riff(chunk('data', Buffer.alloc(8)))), /format is not said/);
      const holes = Buffer.from(Float32Array.of(0, Number.NaN, 0, 0).buffer);
      assert.equal(await reasonOf(wav({ code: 3, bits: 32 }, holes)), 'sample 1 is NaN');
    });
  });

  describe('FLAC and MP3', () => {
    const decoded = async (base64: string, samples: number): Promise<number[]> =>
      read(Buffer.from(base64, 'base64'), { rate: 8_000, samples });

    for (const [what, base64, known, tolerance] of [
      ['a FLAC of two channels with 16 bits', STEREO_FLAC, READ.stereo, 1e-8],
      ['a FLAC with 24 bits', FLAC_24, READ.bits24, 1e-8],
      ['an MP3 without what its encoder added at both ends', MP3, READ.mp3, 1e-6],
    ] as const) {
      it(`${what} is what libsndfile reads`, async () => {
        const found = await decoded(base64, known.length + 2);
        close(
          known.at.map((place) => found[place] ?? Number.NaN),
          known.values,
          tolerance,
        );
        assert.deepEqual(found.slice(known.length), [0, 0], 'and no more samples than that');
      });
    }

    it('that are damaged, cut off or only beginnings say so, and write nothing to the console', async () => {
      const { error } = console;
      const said: unknown[] = [];
      console.error = (...words: unknown[]): void => void said.push(words);
      try {
        for (const base64 of [STEREO_FLAC, MP3]) {
          const bytes = Buffer.from(base64, 'base64');
          const zeros = Buffer.from(bytes).fill(0, bytes.length / 3);
          const random = createRandom(1);
          const noise = Buffer.from(bytes).map((byte, i) => (i > 300 ? Math.floor(random.next() * 256) : byte));
          for (const damaged of [bytes.subarray(0, bytes.length / 2), zeros, noise, bytes.subarray(0, 60)]) {
            const reason = await readSound(folder.write('a.mp3', damaged), { rate: 8_000, samples: 900 }).then(
              () => 'read',
              (failure: unknown) => String(failure),
            );
            assert.match(reason, /damaged|no sound/);
          }
        }
      } finally {
        console.error = error;
      }
      assert.deepEqual(said, []);
    });
  });

  describe('other rates', () => {
    const signal = (rate: number, samples: number): Float32Array =>
      Float32Array.from({ length: samples }, (_, i) => {
        const t = i / rate;
        const [low, high] = [2 * Math.PI * 440 * t + 0.3, 2 * Math.PI * 1_900 * t + 1];
        return 0.4 * Math.sin(low) + 0.2 * Math.sin(high) + 0.3 * Math.exp(-(((t - 0.02) / 0.0008) ** 2));
      });

    it('have the values of librosa with soxr_vhq, from 8 to 48 kHz, up and down', () => {
      for (const [from, to] of [
        [22_050, 16_000],
        [8_000, 16_000],
        [44_100, 16_000],
        [48_000, 8_000],
      ] as const) {
        const found = resample(signal(from, Math.floor(from * 0.05)), from, to);
        const places = [0.3, 0.4, 0.45, 0.5, 0.6, 0.7].map((share) => Math.floor(share * found.length + 1e-9));
        assert.equal(found.length, to * 0.05);
        close(
          places.map((place) => found[place] ?? Number.NaN),
          [-0.48854, 0.141391, -0.237024, -0.050086, 0.568254, -0.039313],
          2e-4,
        );
      }
    });

    it('let nothing fold back: a tone above half the new rate is 80 dB lower, one below keeps its height', () => {
      const height = (hertz: number): number => {
        const made = resample(
          Float32Array.from({ length: 8_820 }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / 44_100)),
          44_100,
          8_000,
        ).subarray(300, 1_300);
        return Math.sqrt((2 * made.reduce((sum, value) => sum + value ** 2, 0)) / made.length);
      };
      for (const hertz of [4_050, 5_000, 9_000, 20_000]) assert.ok(height(hertz) < 1e-4, String(height(hertz)));
      for (const hertz of [100, 1_000, 3_200]) assert.ok(Math.abs(height(hertz) - 1) < 5e-3, String(height(hertz)));
    });

    it('of few common divisors are interpolated as well, and stop where they should', () => {
      const found = resample(signal(44_101, 2_205), 44_101, 16_000, 500);
      assert.equal(found.length, 500);
      const wanted = [...signal(16_000, 500)].slice(200, 450);
      close([...found].slice(200, 450), wanted, 2e-4);
    });
  });

  describe('a folder', () => {
    const write = (names: readonly string[]): void => {
      names.forEach((name, i) => folder.write(`sounds/${name}`, tone(200 + 50 * i)));
    };
    const sounds = (): string => path.join(folder.path, 'sounds');

    it('has a class for each subfolder; classes, shape and counts are known before anything is decoded', async () => {
      const names = ['cat', 'dog'].flatMap((one) => [1, 2, 3, 4, 5].map((take) => `${one}/${take}.wav`));
      write([...names, 'cat/notes.txt', '.hidden/x.wav']);
      const data = datasets.audio(sounds(), { seconds: 0.1, rate: 8_000 });
      assert.deepEqual([data.name, data.kind, data.inputShape, data.targetShape], ['sounds', 'table', [800], []]);
      assert.deepEqual([data.classes, data.train, data.test], [['cat', 'dog'], 8, 2]);
      const { train, test } = await loadSplits(data, folder.context());
      assert.deepEqual([train.length, test.length], [8, 2]);
      assert.deepEqual([...(test.y as Int32Array)].sort(), [0, 1], 'one of each');
      assert.deepEqual(folder.warnings, []);
    });

    it('with classes and groups in the names of files keeps groups whole, drawn or named', async () => {
      const names = [0, 1, 2, 10].flatMap((digit) => ['ann', 'bob', 'cy', 'di'].map((one) => `${digit}_${one}_0.wav`));
      write(names);
      const options = { seconds: 0.1, rate: 8_000, names: '{digit}_{speaker}_{take}.wav', label: 'digit' };
      const data = datasets.audio(sounds(), { ...options, group: 'speaker', test: 0.25 });
      assert.deepEqual([data.classes, data.train, data.test], [['0', '1', '2', '10'], 12, 4]);
      assert.deepEqual([...(await data.load(folder.context())).test.y].sort(), [0, 1, 2, 3], 'one speaker, all digits');
      const named = datasets.audio(sounds(), {
        ...options,
        label: (name) => String(Number(name.split('_')[0]) % 2),
        group: (name) => name.split('_')[1] ?? '',
        test: ['bob', 'cy'],
      });
      assert.deepEqual([named.classes, named.train, named.test], [['0', '1'], 8, 8]);
    });

    it('can have a second folder for testing', async () => {
      write(['a/1.wav', 'b/1.wav']);
      for (const name of ['a/2.wav', 'c/2.wav']) folder.write(`more/${name}`, tone(300));
      const data = datasets.audio(sounds(), { seconds: 0.1, test: path.join(folder.path, 'more') });
      assert.deepEqual([data.classes, data.train, data.test], [['a', 'b'], 2, 1]);
      await data.load(folder.context());
      assert.match(folder.warnings.join(), /c\/2\.wav: the class c is not in sounds/);
    });

    it('for testing that lies in the one for training, or around it, is in neither half twice', async () => {
      write(['a/1.wav', 'b/1.wav', 'test/a/2.wav', 'test/b/2.wav', 'test/b/3.wav']);
      const inside = datasets.audio(sounds(), { seconds: 0.1, test: path.join(sounds(), 'test') });
      assert.deepEqual([inside.classes, inside.train, inside.test], [['a', 'b'], 2, 3]);
      const label = (name: string): string => path.posix.basename(path.posix.dirname(name));
      const around = datasets.audio(path.join(sounds(), 'test'), { seconds: 0.1, test: sounds(), label });
      assert.deepEqual([around.classes, around.train, around.test], [['a', 'b'], 3, 2]);
      await around.load(folder.context());
      assert.deepEqual(folder.warnings, []);
      thrown(() => datasets.audio(sounds(), { seconds: 0.1, test: `${sounds()}/.` }), 'EXPERIMENT_INVALID');
    });

    it('goes by the content of files, not by their names', async () => {
      write(['a/1.wav', 'a/2.wav']);
      folder.write('sounds/b/1.wav', Buffer.from(MP3, 'base64'));
      folder.write('sounds/b/2.mp3', Buffer.from(STEREO_FLAC, 'base64'));
      folder.write('sounds/b/3.flac', tone(300));
      const { train, test } = await datasets.audio(sounds(), { seconds: 0.05 }).load(folder.context());
      assert.equal(train.length + test.length, 5);
      assert.deepEqual(folder.warnings, []);
    });

    it('leaves out what cannot be used, and names ten of it and how many there are besides', async () => {
      write(['a/1.wav', 'a/2.wav', 'a/3.wav', 'b/1.wav', 'b/2.wav', 'b/3.wav', 'lone.wav']);
      folder.write('sounds/a/empty.wav', Buffer.alloc(0));
      folder.write('sounds/a/half.wav', tone(440).subarray(0, 900));
      folder.write('sounds/a/page.mp3', Buffer.from('<!doctype html><p>Not found</p>'));
      folder.write('sounds/b/film.wav', Buffer.from('\0\0\0\x20ftypisom'));
      folder.write('sounds/b/song.ogg', Buffer.from('OggS'));
      for (let i = 0; i < 7; i++) folder.write(`sounds/b/x${i}.wav`, Buffer.from('RIFF????WAVE'));
      const { train, test } = await datasets.audio(sounds(), { seconds: 0.1 }).load(folder.context());
      assert.equal(train.length + test.length, 6);
      const [warning = ''] = folder.warnings;
      assert.match(warning, /^sounds: 13 left out/);
      assert.match(warning, /lone\.wav: lies in no subfolder/);
      assert.match(warning, /song\.ogg: \.ogg is not read, only wav, wave, flac, mp3/);
      assert.match(warning, /… and 3 more$/);
      for (const line of warning.split('\n').slice(1, -1)) {
        const known = /lies in|is not read|empty file|cut off|no sound|MP4, which is not read|without samples/;
        assert.match(line, known);
      }
    });

    it('with nothing that can be decoded is refused, with the reasons', async () => {
      for (const name of ['a/1.wav', 'a/2.wav', 'b/1.wav', 'b/2.wav']) folder.write(`sounds/${name}`, Buffer.of(1, 2));
      const data = datasets.audio(sounds(), { seconds: 0.1, test: 0.5 });
      const { message } = await refused(data.load(folder.context()), 'DATA_UNUSABLE');
      assert.match(message, /a\/1\.wav: no sound/);
    });

    it('that is not there, empty, of one class, or of train and test is refused at once, with what to do', () => {
      write(['one/1.wav', 'one/2.wav']);
      fs.mkdirSync(path.join(folder.path, 'none'));
      const at = (name: string, options: object = {}): (() => unknown) => {
        return () => datasets.audio(path.join(folder.path, name), { seconds: 1, ...options });
      };
      assert.match(thrown(at('sound'), 'DATA_MISSING').remedy ?? '', /'sounds'/);
      thrown(at('none'), 'DATA_UNUSABLE');
      assert.match(thrown(at('sounds'), 'EXPERIMENT_INVALID').remedy ?? '', /subfolder/);
      for (const name of ['train/a.wav', 'test/a.wav']) folder.write(`parts/${name}`, tone(1));
      assert.match(thrown(at('parts'), 'EXPERIMENT_INVALID').remedy ?? '', /parts\/train', \{ test: '.*parts\/test'/);
      thrown(at('sounds', { seconds: 0 }), 'EXPERIMENT_INVALID');
      thrown(at('sounds', { label: 'digit' }), 'EXPERIMENT_INVALID');
      const names = { names: '{digit}_{speaker}.wav', label: 'digits' };
      assert.match(thrown(at('sounds', names), 'EXPERIMENT_INVALID').remedy ?? '', /'digit'/);
      thrown(at('sounds', { rate: 16 }), 'EXPERIMENT_INVALID');
      thrown(at('sounds', { test: 1 }), 'EXPERIMENT_INVALID');
      write(['two/1.wav']);
      thrown(at('sounds', { group: () => 'all' }), 'EXPERIMENT_INVALID');
      const groups = { group: (name: string) => name, test: ['three'] };
      assert.match(thrown(at('sounds', groups), 'EXPERIMENT_INVALID').found ?? '', /three/);
    });

    it('tells how far decoding is and can be cancelled', async () => {
      write(['a/1.wav', 'a/2.wav', 'b/1.wav', 'b/2.wav']);
      const data = datasets.audio(sounds(), { seconds: 0.1 });
      await data.load(folder.context());
      assert.deepEqual(folder.progress[0], { text: 'Decoding sounds', fraction: 0 });
      const context = folder.context();
      const stop = (): void => {
        folder.abort.abort();
      };
      const work = data.load({ ...context, progress: stop });
      await refused(work, 'CANCELLED');
    });

    it('of many bytes is decoded once: another reading takes what is kept, and a changed file counts', async () => {
      const long = (byte: number): Buffer => wav({ rate: 48_000 }, Buffer.alloc(2_400_000, byte));
      for (const [i, name] of ['a/1', 'a/2', 'b/1', 'b/2'].entries()) folder.write(`sounds/${name}.wav`, long(i));
      folder.write('sounds/b/3.wav', Buffer.from('nothing'));
      const data = datasets.audio(sounds(), { seconds: 0.5, rate: 8_000, test: 0.5 });
      const first = await data.load(folder.context());
      const kept = path.join(folder.path, 'cache', 'features');
      const [file = ''] = fs.readdirSync(kept);
      assert.deepEqual(fs.readdirSync(kept), [file]);
      const second = await data.load(folder.context());
      assert.deepEqual(second, first);
      assert.match(folder.warnings.join(), /b\/3\.wav[^]*b\/3\.wav/, 'named both times');
      folder.write('sounds/a/1.wav', long(9));
      const third = await data.load(folder.context());
      assert.notDeepEqual(third, first);
      assert.equal(fs.readdirSync(kept).length, 2);
    });
  });

  it('real recordings of digits: 480 of six speakers, at their own rate and at 16 kHz, split by speaker', async function () {
    if (!fs.existsSync(DIGITS)) {
      console.log('      skipped: ../shared/datasets is absent');
      this.skip();
    }
    const options = { seconds: 1, names: '{digit}_{speaker}_{take}.wav', label: 'digit', group: 'speaker' };
    const data = datasets.audio(DIGITS, { ...options, rate: 8_000, test: ['theo', 'lucas'] });
    assert.deepEqual([data.train, data.test, data.inputShape], [320, 160, [8_000]]);
    assert.deepEqual(data.classes, ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    const { train, test } = await data.load(folder.context());
    for (const [{ y, length, x }, each] of [
      [train, 32],
      [test, 16],
    ] as const) {
      const counts = Array.from({ length: 10 }, (_, digit) => y.filter((label) => label === digit).length);
      assert.deepEqual(counts, Array(10).fill(each));
      assert.equal(x.length, length * 8_000);
    }
    // The first is 0_george_0.wav; its samples stand behind 44 bytes of header.
    const bytes = fs.readFileSync(path.join(DIGITS, '0_george_0.wav'));
    for (const i of [0, 1, 500, 1_500]) assert.equal(train.x[i], bytes.readInt16LE(44 + 2 * i) / 32_768);
    // Those for testing come in random order: each row is the recording of that digit by one of the two.
    const starts = new Map<number, Set<number>>();
    for (const name of fs.readdirSync(DIGITS).filter((one) => /_(?:theo|lucas)_/.test(one))) {
      const digit = Number(name[0]);
      const samples = fs.readFileSync(path.join(DIGITS, name));
      const sum = Array.from({ length: 400 }, (_, i) => samples.readInt16LE(44 + 2 * i)).reduce((a, b) => a + b, 0);
      starts.set(digit, (starts.get(digit) ?? new Set()).add(sum));
    }
    for (let row = 0; row < test.length; row++) {
      const sum =
        Float64Array.from(test.x.subarray(row * 8_000, row * 8_000 + 400)).reduce((a, b) => a + b, 0) * 32_768;
      assert.ok(starts.get(test.y[row] ?? -1)?.has(Math.round(sum)) === true, `row ${row}`);
    }
    assert.deepEqual(folder.warnings, []);
    const finer = await datasets.audio(DIGITS, { ...options, test: ['theo', 'lucas'] }).load(folder.context());
    const energy = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, one) => sum + one * one, 0);
    const ratio = energy(finer.train.x.subarray(0, 16_000)) / energy(train.x.subarray(0, 8_000));
    assert.ok(Math.abs(ratio - 2) < 0.1, `twice as many samples have twice the energy, ${ratio}`);
  });
});
