/** Run folders damaged by a generator: whatever stands there, readers say what is wrong, in time, and hide nothing else. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { createRandom, type Random } from '../../src/lab/random';
import { LabError } from '../../src/protocol/errors';
import { exportCsv } from '../../src/runFolder/export/csv';
import { exportTensorBoard } from '../../src/runFolder/export/tensorboard';
import { readPictures } from '../../src/runFolder/pictures';
import { readPoints } from '../../src/runFolder/points';
import { deleteRun, listRuns, newestFinishedRun, readRun } from '../../src/runFolder/runs';
import { seedOfRun } from '../support/sample';
import { Bench, spirals } from '../unit/trainer/support';

type Damage = (file: string, random: Random) => void;

const below = (random: Random, limit: number): number => Math.floor(random.next() * limit);
const pick = <T>(random: Random, values: readonly T[]): T => values[below(random, values.length)]!;

const STRANGE: readonly unknown[] = [
  null,
  -1,
  1e309,
  'x',
  '../../etc',
  '',
  [],
  {},
  true,
  2 ** 53,
  '2026-99-99',
  [null],
];

/** Another value somewhere in a JSON text. */
function mutated(text: string, random: Random): string {
  let count = 0;
  const total = [...text.matchAll(/:/g)].length;
  const target = below(random, Math.max(1, total));
  try {
    return JSON.stringify(JSON.parse(text), (_, value: unknown) =>
      count++ === target ? pick(random, STRANGE) : value,
    );
  } catch {
    return text;
  }
}

const DAMAGES: readonly Damage[] = [
  (file, random) => {
    const bytes = fs.readFileSync(file);
    for (let i = 0; i < 5 && bytes.length > 0; i++) bytes[below(random, bytes.length)] = below(random, 256);
    fs.writeFileSync(file, bytes);
  },
  (file, random) => {
    fs.truncateSync(file, below(random, fs.statSync(file).size + 1));
  },
  (file, random) => {
    fs.writeFileSync(file, mutated(fs.readFileSync(file, 'utf8'), random));
  },
  (file, random) => {
    const lines = fs.readFileSync(file, 'utf8').split('\n');
    const at = below(random, lines.length);
    lines[at] = mutated(lines[at]!, random);
    fs.writeFileSync(file, lines.join('\n'));
  },
  (file) => {
    fs.rmSync(file);
  },
  (file) => {
    fs.rmSync(file);
    fs.mkdirSync(file);
  },
  (file) => {
    fs.rmSync(file);
    fs.symlinkSync(file, file);
  },
  (file) => {
    fs.rmSync(file);
    fs.symlinkSync('/dev/zero', file);
  },
  (file) => {
    fs.rmSync(file);
    execFileSync('mkfifo', [file]);
  },
  (file) => {
    fs.truncateSync(file, 2 ** 31);
  },
];

describe('a damaged run folder', function () {
  this.timeout(180_000);
  let bench: Bench;
  let whole: string;
  before(async () => {
    bench = new Bench();
    const run = await bench.start(await bench.trainer(), bench.modelFile(spirals({ epochs: 2 })));
    assert.equal((await run.ended()).state, 'finished');
    whole = run.runFolder;
  });
  after(() => bench.dispose());

  const seed = seedOfRun();
  const rounds = seed === undefined ? 1500 : 100;
  it(`of ${String(rounds)} by a generator never ends in another error than the lab's own`, async function () {
    if (process.platform === 'win32') this.skip();
    const random = createRandom(seed ?? 7);
    const runs = path.join(bench.folder, 'damaged');
    const good = path.join(runs, 'good');
    fs.cpSync(whole, good, { recursive: true });
    for (let round = 0; round < rounds; round++) {
      const folder = path.join(runs, 'bad');
      fs.cpSync(whole, folder, { recursive: true });
      const files = (fs.readdirSync(folder, { recursive: true }) as string[]).filter((name) =>
        fs.statSync(path.join(folder, name)).isFile(),
      );
      const target = pick(random, files);
      const damage = below(random, DAMAGES.length);
      DAMAGES[damage]!(path.join(folder, target), random);
      const said = `round ${String(round)}: ${target}, damage ${String(damage)}`;

      const { runs: listed } = await listRuns(runs);
      assert.ok(
        listed.some((stored) => stored.folder === good),
        said,
      );
      const readers: Readonly<Record<string, () => unknown>> = {
        readRun: () => readRun(folder),
        readPoints: () => readPoints(folder),
        readPictures: () => readPictures(folder),
        csv: () => exportCsv(folder, path.join(bench.folder, 'out.csv')),
        tensorboard: () => exportTensorBoard(folder, path.join(bench.folder, 'board')),
        newest: () => newestFinishedRun(runs, path.join(bench.folder, 'model.ts')),
      };
      for (const [name, read] of Object.entries(readers)) {
        try {
          await read();
        } catch (error) {
          assert.ok(error instanceof LabError && error.code !== 'INTERNAL', `${said}, ${name}: ${String(error)}`);
        }
      }
      await deleteRun(folder);
      assert.equal(fs.existsSync(folder), false, said);
    }
  });
});
