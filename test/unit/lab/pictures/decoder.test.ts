/** Pictures are what Pillow reads from the same files; what is damaged is refused with a reason. */
import assert from 'node:assert/strict';
import { Decoder } from '../../../../src/lab/datasets/pictures/decoder';
import { NotUsable, type Picture } from '../../../../src/lab/datasets/pictures/formats';
import { fitInto, place, type Fit } from '../../../../src/lab/datasets/pictures/resize';
import { png, turnedJpeg } from './files';
import { FILES, TURNED, UPRIGHT } from './pillow';

const decoder = new Decoder();

const bytesOf = (text: string): Buffer => Buffer.from(text, 'base64');

async function sized(
  file: Buffer,
  width: number,
  height: number,
  fit: Fit = 'stretch',
  channels: 1 | 3 = 3,
): Promise<number[]> {
  const { picture, head } = await decoder.decode(file);
  const out = new Uint8Array(width * height * channels);
  fitInto(picture, head.orientation, { width, height, channels, fit }, out, 0);
  return [...out];
}

async function refusal(file: Buffer): Promise<string> {
  try {
    await decoder.decode(file);
  } catch (error) {
    assert.ok(error instanceof NotUsable, String(error));
    return error.message;
  }
  throw new Error('It should have been refused.');
}

const fileOf = (name: string): Buffer => bytesOf(FILES[name]?.file ?? '');

describe('lab/datasets/pictures: decoding', () => {
  for (const [name, { file, pixels }] of Object.entries(FILES)) {
    it(`reads what Pillow reads: ${name}`, async () => {
      const found = await sized(bytesOf(file), 12, 10);
      const wanted = [...bytesOf(pixels)];
      assert.equal(found.length, wanted.length);
      // What is transparent is mixed with white here in one step, there in bytes.
      const worst = Math.max(...found.map((value, at) => Math.abs(value - (wanted[at] ?? 0))));
      assert.ok(worst <= (name.includes('alpha') ? 1 : 0), `differs by up to ${worst}`);
    });
  }

  for (const [place, [width, height, pixels]] of TURNED.entries()) {
    it(`turns a JPEG as its EXIF says: ${place + 1}`, async () => {
      for (const order of ['II', 'MM'] as const) {
        const file = turnedJpeg(bytesOf(UPRIGHT), place + 1, order);
        assert.deepEqual(await sized(file, width, height), [...bytesOf(pixels)]);
      }
    });
  }

  for (const kind of ['grey', 'colours', 'greyAlpha', 'alpha'] as const) {
    for (const depth of kind === 'grey' ? [1, 2, 4, 8, 16] : [8, 16]) {
      for (const interlaced of [false, true]) {
        it(`reads a PNG of ${kind} with ${depth} bits, ${interlaced ? '' : 'not '}interlaced, each row filtered in another way`, async () => {
          const channels = { grey: 1, colours: 3, greyAlpha: 2, alpha: 4 }[kind];
          const value = (x: number, y: number, channel: number): number => {
            // Opaque: how alpha is mixed has its own test.
            if (channel === channels - 1 && channels % 2 === 0) return 2 ** depth - 1;
            return (x * 71 + y * 1_001 + channel * 313 + x * y * 17) % 2 ** depth;
          };
          const [width, height] = [13, 11];
          const file = png({ width, height, kind, depth, interlaced, filter: (row) => row % 5 }, value);
          const wanted: number[] = [];
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++)
              for (let colour = 0; colour < 3; colour++) {
                const sample = value(x, y, channels < 3 ? 0 : colour);
                wanted.push(depth === 16 ? sample >> 8 : (sample * 255) / (2 ** depth - 1));
              }
          assert.deepEqual(await sized(file, width, height), wanted);
        });
      }
    }
  }

  it('refuses a file that ends too early, whatever it is', async () => {
    for (const [name, { file }] of Object.entries(FILES)) {
      const whole = bytesOf(file);
      for (const share of [0.02, 0.3, 0.6, 0.9]) {
        // Behind its first frame an animation may be cut: nobody looks at the others.
        if (name === 'gif, animated') continue;
        const reason = await refusal(whole.subarray(0, Math.ceil(whole.length * share)));
        assert.ok(reason.length > 0 && !reason.includes('undefined'), `${name}: ${reason}`);
      }
    }
  });

  it('refuses what is no picture, an empty file, a wrong checksum and a size beyond all bounds without making room for it', async () => {
    assert.match(await refusal(Buffer.alloc(0)), /empty/);
    assert.match(await refusal(Buffer.from('<html></html>')), /no picture/);
    assert.match(await refusal(Buffer.from('MZ')), /no picture/);
    const broken = Buffer.from(png({ width: 4, height: 4 }, () => 1));
    broken[45] = (broken[45] ?? 0) ^ 1;
    assert.match(await refusal(broken), /IDAT/);
    const before = process.memoryUsage().arrayBuffers;
    const huge = Buffer.from(png({ width: 4, height: 4 }, () => 1));
    huge.writeUInt32BE(60_000, 16);
    huge.writeUInt32BE(60_000, 20);
    assert.match(await refusal(huge), /60000 × 60000 .*100 million/);
    const jpeg = Buffer.from(bytesOf(UPRIGHT));
    const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
    jpeg.writeUInt16BE(65_000, frame + 5);
    jpeg.writeUInt16BE(65_000, frame + 7);
    assert.match(await refusal(jpeg), /65000 × 65000/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 50e6);
  });

  it('goes on after a JPEG that ended its library', async () => {
    const jpeg = bytesOf(UPRIGHT);
    const broken = Buffer.from(jpeg);
    broken[jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 9] = 9; // so many colours
    const plain = async (): Promise<Picture> => (await decoder.decode(jpeg)).picture;
    const before = await plain();
    await assert.rejects(decoder.decode(broken), NotUsable);
    assert.deepEqual((await plain()).pixels, before.pixels);
    await assert.rejects(decoder.decode(jpeg.subarray(0, jpeg.length - 40)), /too early/);
    assert.deepEqual((await plain()).pixels, before.pixels);
  });

  it('knows a picture by what is in it', async () => {
    for (const [name, format] of [
      ['gif', 'gif'],
      ['bmp', 'bmp'],
      ['webp', 'webp'],
      ['png, grey', 'png'],
    ] as const)
      assert.equal((await decoder.decode(fileOf(name))).head.format, format);
  });
});

describe('lab/datasets/pictures: sizes', () => {
  it('averages areas when shrinking: by hand, and as a box filter of Pillow where the sides divide', async () => {
    // Of 3 columns to 2: one and a half each, so (2·a + b) / 3 and (b + 2·c) / 3.
    const grey = png({ width: 3, height: 1, kind: 'grey' }, (x) => [30, 90, 210][x] ?? 0);
    assert.deepEqual(await sized(grey, 2, 1, 'stretch', 1), [50, 170]);
    const found = await sized(fileOf('png, colours'), 4, 5);
    assert.deepEqual(found.slice(0, 12), [20, 13, 4, 80, 13, 14, 140, 13, 25, 200, 13, 35]);
    assert.deepEqual(found.slice(48), [20, 213, 60, 80, 213, 153, 140, 213, 161, 200, 213, 126]);
  });

  it('enlarges between pixels as Pillow does', async () => {
    const values = [
      [0, 100, 200],
      [50, 250, 10],
    ];
    const grey = png({ width: 3, height: 2, kind: 'grey' }, (x, y) => values[y]?.[x] ?? 0);
    const pillow = [
      ...[0, 14, 57, 100, 143, 186, 200, 5, 20, 68, 115, 143, 172, 181, 25, 47, 111, 175],
      ...[145, 115, 105, 45, 73, 153, 235, 147, 58, 29, 50, 79, 164, 250, 147, 44, 10],
    ];
    const found = await sized(grey, 7, 5, 'stretch', 1);
    // Pillow rounds between its two passes.
    found.forEach((value, at) => {
      assert.ok(Math.abs(value - (pillow[at] ?? -9)) <= 1, `${at}: ${value}, ${pillow[at]}`);
    });
  });

  it('makes grey of colours by ITU-R BT.601', async () => {
    const file = png({ width: 1, height: 1 }, (_, __, channel) => [200, 100, 50][channel] ?? 0);
    assert.deepEqual(await sized(file, 1, 1, 'stretch', 1), [Math.round(0.299 * 200 + 0.587 * 100 + 0.114 * 50)]);
  });

  it('cuts off two sides, adds bars, or stretches', async () => {
    // Columns of 0, 40, 80 … in 6 × 2.
    const wide = png({ width: 6, height: 2, kind: 'grey' }, (x) => 40 * x);
    assert.deepEqual(await sized(wide, 2, 2, 'cover', 1), [80, 120, 80, 120]);
    assert.deepEqual(await sized(wide, 3, 3, 'contain', 1), [0, 0, 0, 20, 100, 180, 0, 0, 0]);
    assert.deepEqual(await sized(wide, 3, 1, 'stretch', 1), [20, 100, 180]);
    assert.deepEqual(place(6, 2, { width: 3, height: 3, fit: 'contain' }).target, [0, 1, 3, 1]);
    assert.deepEqual(place(6, 2, { width: 2, height: 2, fit: 'cover' }).source, [2, 0, 2, 2]);
    // One that is far from square keeps at least a pixel.
    assert.deepEqual(place(1000, 1, { width: 10, height: 10, fit: 'contain' }).target, [0, 4, 10, 1]);
  });
});
