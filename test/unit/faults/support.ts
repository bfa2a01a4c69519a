import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { identityOf } from '../../../src/processes/identity';
import type { Point } from '../../../src/protocol/run';

/**
 * Two curves of one experiment from different processes: the same points, and values that differ by rounding at most
 * (in which order threads add up is not the same in every process).
 */
export function assertSameCurve(actual: readonly Point[], expected: readonly Point[]): void {
  const places = (points: readonly Point[]): unknown[] =>
    points.map(({ kind, step, epoch, learningRate, values }) => [kind, step, epoch, learningRate, Object.keys(values)]);
  assert.deepEqual(places(actual), places(expected));
  actual.forEach(({ step, values }, index) => {
    for (const [name, value] of Object.entries(values)) {
      const other = expected[index]!.values[name]!;
      assert.ok(
        Math.abs(value - other) <= 1e-5 * Math.max(1, Math.abs(other)),
        `step ${step}: ${name} ${value}, ${other}`,
      );
    }
  });
}

/** Whether a process has this id; one that is over and waits for its parent does not count. */
export function isAlive(pid: number): boolean {
  return identityOf(pid) !== undefined;
}

/** Resolves as soon as `found` gives something; a guard against hanging, not a measure, ends it with an error. */
export async function eventually<T>(found: () => T | undefined, what: string, seconds = 30): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = found();
    if (value !== undefined) return value;
    if (Date.now() > deadline) assert.fail(`${what}: not within ${String(seconds)} s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** A file system of its own, of this size, to be filled up. Undefined where we may not mount one. */
export class SmallDisk {
  static mount(kibibytes: number): SmallDisk | undefined {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined;
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-disk-'));
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(kibibytes)}k`, 'tmpfs', folder], { stdio: 'ignore' });
      return new SmallDisk(folder);
    } catch {
      fs.rmdirSync(folder);
      return undefined;
    }
  }

  private constructor(readonly folder: string) {}

  /** Takes all that is left, but so much. */
  fill(freeKibibytes = 0): void {
    const file = fs.openSync(path.join(this.folder, 'filler'), 'a');
    try {
      for (const size of [65_536, 4096]) {
        const block = Buffer.alloc(size);
        for (;;) {
          try {
            fs.writeSync(file, block);
          } catch (error) {
            assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
            break;
          }
        }
      }
      fs.ftruncateSync(file, Math.max(0, fs.fstatSync(file).size - freeKibibytes * 1024));
    } finally {
      fs.closeSync(file);
    }
  }

  free(): void {
    fs.rmSync(path.join(this.folder, 'filler'), { force: true });
  }

  unmount(): void {
    execFileSync('umount', ['--lazy', this.folder]);
    fs.rmdirSync(this.folder);
  }
}
