import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { LoadContext } from '../../../src/lab';
import { LabError, type LabErrorCode, type LabErrorData } from '../../../src/protocol/errors';

/** A folder with data that goes away with the test, and what a loader is handed. */
export class DataFolder {
  readonly path = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-data-'));
  abort = new AbortController();
  readonly progress: { text: string; fraction: number | null }[] = [];
  readonly warnings: string[] = [];

  write(name: string, bytes: Uint8Array): string {
    const file = path.join(this.path, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, bytes);
    return file;
  }

  context(directories: readonly string[] = [this.path]): LoadContext {
    return {
      directories,
      cacheDirectory: path.join(this.path, 'cache'),
      signal: this.abort.signal,
      progress: (text, fraction) => this.progress.push({ text, fraction }),
      warn: (text) => this.warnings.push(text),
    };
  }

  remove(): void {
    fs.rmSync(this.path, { recursive: true, force: true });
  }
}

export async function refused(work: Promise<unknown>, code: LabErrorCode): Promise<LabErrorData> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof LabError, String(error));
    assert.equal(error.code, code, error.message);
    return error.data;
  }
  throw new Error('It should have failed.');
}

/** The same of work that is done at once. */
export function thrown(work: () => unknown, code: LabErrorCode): LabErrorData {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof LabError, String(error));
    assert.equal(error.code, code, error.message);
    return error.data;
  }
  throw new Error('It should have failed.');
}
