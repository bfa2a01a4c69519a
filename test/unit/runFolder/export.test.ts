import { parse } from 'csv-parse/sync';
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { PbfReader } from 'pbf';
import { progressAsCsv } from '../../../src/client/exercises/progress';
import { csvLine } from '../../../src/files/csv';
import type { Point } from '../../../src/protocol/run';
import { exportCsv } from '../../../src/runFolder/export/csv';
import { EventFile } from '../../../src/runFolder/export/eventFile';
import { exportTensorBoard } from '../../../src/runFolder/export/tensorboard';
import { readPoints } from '../../../src/runFolder/points';
import { records } from '../../support/records';
import { useEngine } from '../lab/tensorflow';
import { HandMadeRun, sound, stepPoint } from './support';

describe('comma-separated values', () => {
  it('are read by a parser as they were, whatever stands in them', () => {
    const cells = ['plain', 'a,b', 'say "no"', 'two\nlines', 'cr\rlf\r\n', ' spaces ', '', 'größe', '损失', '🙂'];
    assert.deepEqual(parse(csvLine(cells)), [cells]);
  });

  it('compute nothing in a spreadsheet, and numbers stay numbers', () => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("x","y")', '＝1'];
    assert.deepEqual(parse(csvLine(formulas)), [formulas.map((formula) => `'${formula}`)]);
    assert.equal(csvLine([-1.5, 1e-7, 3, undefined, Number.NaN, Infinity]), '-1.5,1e-7,3,,,\r\n');
  });
});

describe('a run as CSV', () => {
  let run: HandMadeRun;
  beforeEach(() => (run = new HandMadeRun()));
  afterEach(() => {
    run.dispose();
  });

  it('has a row a point and a column a series, by names that a learner chose', async () => {
    const epoch: Point = { ...stepPoint(2, { loss: -0.5, '=cmd|"x", y': 2 }), kind: 'epoch' };
    run.append([stepPoint(1, { loss: 0.25 }), epoch]);
    const file = path.join(run.runs, 'run.csv');
    await exportCsv(run.folder, file);
    assert.deepEqual(parse(fs.readFileSync(file), { columns: true }), [
      {
        kind: 'step',
        step: '1',
        epoch: '0.1',
        time: '0.25',
        learning_rate: '0.01',
        loss: '0.25',
        [`'=cmd|"x", y`]: '',
      },
      {
        kind: 'epoch',
        step: '2',
        epoch: '0.2',
        time: '0.5',
        learning_rate: '0.01',
        loss: '-0.5',
        [`'=cmd|"x", y`]: '2',
      },
    ]);
  });

  it('is as long as the run, also when a series begins late', async () => {
    run.append(
      Array.from({ length: 5_000 }, (_, i) => stepPoint(i + 1, i < 4_999 ? { loss: i } : { loss: i, late: 1 })),
    );
    const file = path.join(run.runs, 'run.csv');
    await exportCsv(run.folder, file);
    const rows = parse<Record<string, string>>(fs.readFileSync(file), { columns: true });
    assert.equal(rows.length, 5_000);
    assert.deepEqual([rows[0]?.['late'], rows.at(-1)?.['late'], rows.at(-1)?.['loss']], ['', '1', '4999']);
  });
});

describe('a long run', () => {
  const POINTS = 5_000;
  let run: HandMadeRun;
  before(() => {
    run = new HandMadeRun();
    run.append(Array.from({ length: POINTS }, (_, i) => stepPoint(i + 1, { loss: i, accuracy: 1 })));
  });
  after(() => {
    run.dispose();
  });

  const works: Readonly<Record<string, () => Promise<unknown>>> = {
    'is read': () => readPoints(run.folder),
    'becomes CSV': () => exportCsv(run.folder, path.join(run.runs, 'out.csv')),
    'becomes event files': () => exportTensorBoard(run.folder, path.join(run.runs, 'board')),
  };
  for (const [what, work] of Object.entries(works)) {
    it(`${what} without holding up others: after ten milliseconds of work it is their turn`, async () => {
      // By a clock of its own, in which each look at it takes a millisecond: a point takes at least as long.
      const now = performance.now.bind(performance);
      let looks = 0;
      let turns = 0;
      let going = true;
      const count = (): void => {
        turns++;
        if (going) setImmediate(count);
      };
      setImmediate(count);
      performance.now = () => ++looks;
      try {
        await work();
      } finally {
        performance.now = now;
        going = false;
      }
      assert.ok(looks >= POINTS, `the time was looked at ${String(looks)} times`);
      assert.ok(turns >= looks / 11, `${String(turns)} turns for ${String(looks)} ms of work`);
    });
  }
});

describe('progress as CSV', () => {
  it('is read by a parser', () => {
    const text = progressAsCsv({ 'a, b/=one': { attempts: 2, hints: 1, passedAt: '2026-01-01T00:00:00.000Z' } });
    assert.deepEqual(parse(text, { columns: true }), [
      {
        lesson: 'a, b',
        exercise: "'=one",
        passedAt: '2026-01-01T00:00:00.000Z',
        lastCheckedAt: '',
        checksPassed: '0',
        checks: '0',
        attempts: '2',
        hintsShown: '1',
        solutionTakenAt: '',
      },
    ]);
  });
});

interface Event {
  wallTime?: number;
  step?: number;
  version?: string;
  tag?: string;
  value?: number;
}

function eventOf(payload: Uint8Array): Event {
  return new PbfReader(payload).readFields<Event>((field, event, reader) => {
    if (field === 1) event.wallTime = reader.readDouble();
    if (field === 2) event.step = reader.readVarint();
    if (field === 3) event.version = reader.readString();
    if (field === 5) {
      const end = reader.readVarint() + reader.pos;
      reader.readFields<Event>(
        (part, inside) => {
          if (part !== 1) return;
          const last = reader.readVarint() + reader.pos;
          reader.readFields<Event>(
            (place, value) => {
              if (place === 1) value.tag = reader.readString();
              if (place === 2) value.value = reader.readFloat();
            },
            inside,
            last,
          );
        },
        event,
        end,
      );
    }
  }, {});
}

describe('a run for TensorBoard', () => {
  let run: HandMadeRun;
  before(useEngine);
  beforeEach(() => (run = new HandMadeRun()));
  afterEach(() => {
    run.dispose();
  });

  const eventFile = (folder: string): Buffer => {
    const names = fs.readdirSync(folder);
    assert.equal(names.length, 1);
    assert.match(names[0]!, /tfevents/);
    return fs.readFileSync(path.join(folder, names[0]!));
  };

  it('has the tags of Keras, and the time at which each value was measured', async () => {
    const epoch: Point = {
      ...stepPoint(2, { loss: 0.5, val_loss: 0.75, val_reference_loss: 0.875 }),
      kind: 'epoch',
      epoch: 1,
    };
    run.append([stepPoint(1, { loss: 0.25 }), epoch]);
    const output = path.join(run.runs, 'tensorboard');
    await exportTensorBoard(run.folder, output);
    const begun = Date.parse(sound.createdAt) / 1000;
    const read = (split: string): Event[] => records(eventFile(path.join(output, split))).map(eventOf);
    const version = { wallTime: begun, version: 'brain.Event:2' };
    assert.deepEqual(read('train'), [
      version,
      { wallTime: begun + 0.25, step: 1, tag: 'batch_loss', value: 0.25 },
      { wallTime: begun + 0.5, step: 1, tag: 'epoch_loss', value: 0.5 },
      { wallTime: begun + 0.5, step: 1, tag: 'epoch_learning_rate', value: Math.fround(0.01) },
    ]);
    assert.deepEqual(read('validation'), [version, { wallTime: begun + 0.5, step: 1, tag: 'epoch_loss', value: 0.75 }]);
    assert.deepEqual(read('reference_validation')[1]?.value, 0.875);
    // Written again it is the same, not twice.
    await exportTensorBoard(run.folder, output);
    assert.equal(read('train').length, 4);
  });

  it("is to the byte what TensorFlow's own writer writes, checksums too, when the times are the same", async () => {
    const folder = path.join(run.runs, 'theirs');
    const tf = await import('@tensorflow/tfjs-node');
    const writer = tf.node.summaryFileWriter(folder);
    for (let i = 1; i <= 300; i++) writer.scalar(i % 2 === 0 ? 'batch_loss' : '精度', Math.sin(i), i * i * 1000);
    writer.flush();
    const theirs = eventFile(folder);
    const [, ...events] = records(theirs).map(eventOf);
    assert.equal(events.length, 300);
    const file = path.join(run.runs, 'ours');
    const ours = await EventFile.create(file, 0);
    for (const { tag = '', step = 0, value = 0, wallTime = 0 } of events) ours.scalar({ tag, step, value, wallTime });
    await ours.flush();
    await ours.close();
    // The first record says who wrote the file.
    const values = (bytes: Buffer): Buffer => bytes.subarray(16 + (records(bytes)[0]?.length ?? 0));
    assert.deepEqual(values(fs.readFileSync(file)), values(theirs));
  });
});
