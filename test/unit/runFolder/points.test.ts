import assert from 'node:assert/strict';
import fs from 'node:fs';
import { LabError } from '../../../src/protocol/errors';
import type { Point } from '../../../src/protocol/run';
import { pointsFile } from '../../../src/runFolder/layout';
import { copyPoints, PointReader, readPoints, type Piece } from '../../../src/runFolder/points';
import { HandMadeRun, line, stepPoint } from './support';

async function taken(reader: PointReader): Promise<Piece[]> {
  const pieces: Piece[] = [];
  for await (const piece of reader.pieces()) pieces.push(piece);
  return pieces;
}

const steps = (pieces: readonly Piece[]): number[] =>
  pieces.flatMap(({ points }: { readonly points: readonly Point[] }) => points.map(({ step }) => step));
const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const isCorruptAt =
  (place: string) =>
  (error: unknown): boolean =>
    error instanceof LabError && error.code === 'RUN_CORRUPT' && (error.data.found ?? '') === place;

describe('the points of a run', () => {
  let run: HandMadeRun;
  beforeEach(() => (run = new HandMadeRun()));
  afterEach(() => {
    run.dispose();
  });

  it('are none before the first step', async () => {
    assert.deepEqual(await taken(new PointReader(run.folder)), []);
  });

  it('come each once, and half a line only when it is whole, wherever a write was cut', async () => {
    const reader = new PointReader(run.folder);
    const bytes = Buffer.from([1, 2, 3].map((step) => line(stepPoint(step, { größe: step }))).join(''));
    const seen: number[] = [];
    for (let cut = 0; cut < bytes.length; cut += 7) {
      fs.appendFileSync(pointsFile(run.folder), bytes.subarray(cut, cut + 7));
      seen.push(...steps(await taken(reader)));
    }
    assert.deepEqual(seen, [1, 2, 3]);
    assert.deepEqual(
      await readPoints(run.folder),
      [1, 2, 3].map((step) => stepPoint(step, { größe: step })),
    );
  });

  it('come in pieces that know their place, and none holds much of a long run', async () => {
    run.append(range(0, 20_000).map((step) => stepPoint(step + 1)));
    const pieces = await taken(new PointReader(run.folder));
    assert.deepEqual(steps(pieces), range(1, 20_001));
    assert.ok(pieces.length > 5);
    assert.ok(pieces.every(({ points }) => points.length < 5_000));
    for (const { from, points } of pieces) assert.equal(points[0]?.step, from + 1);
  });

  it('are passed over up to an index, also one that lies in another piece or is not written yet', async () => {
    run.append(range(0, 10_000).map((step) => stepPoint(step + 1)));
    for (const from of [0, 1, 9_000, 9_999, 10_000, 12_000]) {
      const pieces = await taken(new PointReader(run.folder, from));
      assert.deepEqual(steps(pieces), range(from + 1, 10_001), String(from));
      assert.equal(pieces[0]?.from ?? from, from);
    }
    const late = new PointReader(run.folder, 10_001);
    await taken(late);
    run.append([stepPoint(10_001), stepPoint(10_002)]);
    assert.deepEqual(await taken(late), [{ from: 10_001, points: [stepPoint(10_002)] }]);
    assert.deepEqual(await readPoints(run.folder, 10_001), [stepPoint(10_002)]);
  });

  it('that one has heard of otherwise are passed over by a reader that goes on', async () => {
    run.append([stepPoint(1), stepPoint(2)]);
    const reader = new PointReader(run.folder);
    await taken(reader);
    run.append([stepPoint(3), stepPoint(4), stepPoint(5)]);
    reader.passTo(4);
    assert.deepEqual(await taken(reader), [{ from: 4, points: [stepPoint(5)] }]);
  });

  it('that is longer than a piece is read', async () => {
    const many = stepPoint(2, Object.fromEntries(range(0, 20_000).map((i) => [`series ${String(i)}`, i / 3])));
    run.append([stepPoint(1), many, stepPoint(3)]);
    assert.deepEqual(await readPoints(run.folder), [stepPoint(1), many, stepPoint(3)]);
  });

  it('end where a line goes on for ever, without holding it', async () => {
    run.append([stepPoint(1)]);
    fs.appendFileSync(pointsFile(run.folder), Buffer.alloc(3 * 1024 * 1024));
    await assert.rejects(readPoints(run.folder), isCorruptAt('metrics.jsonl:2'));
  });

  for (const [what, text] of [
    ['torn', '{"kind":"st'],
    ['empty', ''],
    ['null', 'null'],
    ['a number', '7'],
    ['a point without values', '{"kind":"step","step":1,"epoch":1,"time":1,"learningRate":1}'],
    ['a point with a word for a value', line(stepPoint(1)).trim().replace('"loss":1', '"loss":"one"')],
    ['a point of no kind', line(stepPoint(1)).trim().replace('"step"', '"stop"')],
  ] as const) {
    it(`before a line that is ${what} are given; then the line is named, and again when asked again`, async () => {
      run.append([stepPoint(1), stepPoint(2)]);
      fs.appendFileSync(pointsFile(run.folder), `${text}\n${line(stepPoint(4))}`);
      const reader = new PointReader(run.folder);
      const seen: Piece[] = [];
      const read = async (): Promise<void> => {
        for await (const piece of reader.pieces()) seen.push(piece);
      };
      await assert.rejects(read(), isCorruptAt('metrics.jsonl:3'));
      await assert.rejects(read(), isCorruptAt('metrics.jsonl:3'));
      assert.deepEqual(steps(seen), [1, 2]);
    });
  }

  it('have no value where JSON has null for what was no number', async () => {
    fs.writeFileSync(pointsFile(run.folder), JSON.stringify(stepPoint(1, { loss: 2, f1: Number.NaN })) + '\n');
    assert.deepEqual(await readPoints(run.folder), [stepPoint(1, { loss: 2 })]);
  });

  it('of another file in the place of the first come from its beginning', async () => {
    run.append([stepPoint(1), stepPoint(2)]);
    const reader = new PointReader(run.folder);
    await taken(reader);
    const other = `${pointsFile(run.folder)}.other`;
    fs.writeFileSync(other, [7, 8, 9].map((step) => line(stepPoint(step))).join(''));
    fs.renameSync(other, pointsFile(run.folder));
    assert.deepEqual(await taken(reader), [{ from: 0, points: [7, 8, 9].map((step) => stepPoint(step)) }]);
    fs.truncateSync(pointsFile(run.folder), line(stepPoint(7)).length);
    assert.deepEqual(await taken(reader), [{ from: 0, points: [stepPoint(7)] }]);
    fs.rmSync(pointsFile(run.folder));
    assert.deepEqual(await taken(reader), []);
  });

  it('are not waited for where a folder or a pipe stands in the place of the file', async function () {
    fs.mkdirSync(pointsFile(run.folder));
    await assert.rejects(readPoints(run.folder), (error: LabError) => error.code === 'RUN_CORRUPT');
    fs.rmdirSync(pointsFile(run.folder));
    if (process.platform === 'win32') this.skip();
    const { execFileSync } = await import('node:child_process');
    execFileSync('mkfifo', [pointsFile(run.folder)]);
    await assert.rejects(readPoints(run.folder), isCorruptAt('metrics.jsonl: not a file'));
  });

  it('are copied to the byte up to a number of them', async () => {
    run.append(range(1, 10_001).map((step) => stepPoint(step)));
    const text = fs.readFileSync(pointsFile(run.folder), 'utf8');
    for (const count of [0, 1, 9_999, 10_000]) {
      const other = new HandMadeRun();
      try {
        assert.equal(await copyPoints(run.folder, count, other.folder), count);
        const expected = text
          .split('\n')
          .slice(0, count)
          .map((each) => `${each}\n`);
        assert.equal(fs.readFileSync(pointsFile(other.folder), 'utf8'), expected.join(''));
      } finally {
        other.dispose();
      }
    }
    const other = new HandMadeRun();
    try {
      assert.equal(await copyPoints(run.folder, 10_001, other.folder), 10_000, 'says how many there were');
    } finally {
      other.dispose();
    }
  });
});
