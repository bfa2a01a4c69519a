/** When and in which order clients hear of a training. */
import assert from 'node:assert/strict';
import type { TrainerConnection } from '../../../src/client/processes/connection';
import { newsInterval } from '../../../src/protocol/pace';
import { Bench, spirals } from './support';

interface Heard {
  readonly state: string;
  /** The record's. */
  readonly step: number;
  /** The newest point's, when the record came. */
  readonly newest: number;
}

/** Every record a client hears of, beside the points it has by then. */
function listen(trainer: TrainerConnection): Heard[] {
  const heard: Heard[] = [];
  let newest = 0;
  trainer.on('run/points', ({ points }) => (newest = points.at(-1)?.step ?? newest));
  trainer.on('run/changed', ({ record }) => {
    heard.push({ state: record.state, step: record.progress.step, newest });
  });
  return heard;
}

describe('news of a training', () => {
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  it('brings how far it is together with the points up to there', async () => {
    const trainer = await bench.trainer();
    const heard = listen(trainer);
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 40 })));
    await run.ended();
    const training = heard.filter(({ state, newest }) => state === 'training' && newest > 0);
    assert.ok(training.length > 0);
    for (const { step, newest } of training) assert.equal(step, newest);
  });

  it('moves the decision boundary along with the curves, however short the epochs are', async () => {
    const trainer = await bench.trainer();
    const drawn = new Set<number>();
    trainer.on('run/picture', ({ picture }) => {
      if (picture.kind === 'decisionBoundary') drawn.add(picture.step);
    });
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 50_000 })));
    // Each is drawn at the first step after the curves were told; an epoch's checkpoint, which is told too, delays none.
    await run.until(() => drawn.size >= 6);
    await trainer.request('run/stop', { runId: run.id });
    await run.ended();
  });

  it('brings a single step before the answer that it is done', async () => {
    const trainer = await bench.trainer();
    const run = await bench.start(trainer, bench.modelFile(spirals({ epochs: 5000 })));
    await run.until(() => run.points.length > 0);
    await trainer.request('run/pause', { runId: run.id });
    await run.until(() => run.record?.state === 'paused');
    const heard = listen(trainer);
    for (let count = 0; count < 3; count++) {
      const before = run.record!.progress.step;
      await trainer.request('run/step', { runId: run.id });
      assert.deepEqual(heard.at(-1), { state: 'paused', step: before + 1, newest: before + 1 });
    }
  });

  it('is rarer with fewer processors, at least once a second and at most ten times', () => {
    const intervals = [1, 2, 4, 8, 16, 64].map((processors) => newsInterval(processors));
    assert.deepEqual(intervals, [1000, 1000, 500, 250, 125, 100]);
  });

  it('is frequent when a run has just begun, so that a short one is seen to move', () => {
    const intervals = [0, 400, 1000, 2000, 4000, 40_000].map((age) => newsInterval(2, age));
    assert.deepEqual(intervals, [100, 100, 250, 500, 1000, 1000]);
    assert.equal(newsInterval(8, 40_000), 250);
  });
});
