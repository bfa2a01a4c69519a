/** A lesson is the same on both engines: the first losses of its own model file, with the lesson's own data and seed. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Bench, root } from '../trainer/support';

/** Losses compared; a lesson may be through before. */
const STEPS = 20;

/**
 * How far a loss may be off, as a part of it. Float32 sums in another order differ by about 1e-7; each step lets that grow,
 * most where a number is near the bend of a ReLU. Measured: 1e-6 at most, dropout 3e-4 in its twelve steps.
 */
const LESSONS: readonly (readonly [lesson: string, tolerance: number])[] = [
  ['neural-network', 1e-4],
  ['text-classification', 1e-4],
  ['dropout', 2e-3],
];

describe('on both engines', function () {
  this.timeout(240_000);
  let bench: Bench;
  beforeEach(() => (bench = new Bench()));
  afterEach(() => bench.dispose());

  const losses = async (lesson: string, engine: 'native' | 'wasm'): Promise<number[]> => {
    // A project each: a trainer is one process with one engine.
    const project = path.join(bench.folder, engine);
    fs.mkdirSync(project, { recursive: true });
    const trainer = await bench.trainer({ project, engine });
    assert.equal(trainer.hello.engine.kind, engine);
    const file = path.join(root, 'samples', lesson, 'model.ts');
    const followed = await bench.start(trainer, file, { overrides: { epochs: 1 } });
    const record = await followed.ended();
    assert.equal(record.state, 'finished', JSON.stringify(record.end?.error));
    const found = followed.steps().map(({ values }) => values['loss'] ?? NaN);
    followed.dispose();
    return found.slice(0, STEPS);
  };

  for (const [lesson, tolerance] of LESSONS)
    it(`the lesson ${lesson} has the same first losses`, async () => {
      const native = await losses(lesson, 'native');
      const wasm = await losses(lesson, 'wasm');
      assert.ok(native.length >= 10, `${native.length} steps`);
      assert.equal(wasm.length, native.length);
      wasm.forEach((loss, i) => {
        const expected = native[i]!;
        const off = Math.abs(loss - expected) / Math.abs(expected);
        assert.ok(off <= tolerance, `step ${i + 1}: ${loss} on WebAssembly, ${expected} on TensorFlow`);
      });
    });
});
