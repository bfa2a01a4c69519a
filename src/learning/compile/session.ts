/** A graph in TensorFlow: loaded by tfjs-node's SavedModel support, run by name, deleted when done. */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SERVE_TAG } from './graph';
import type { NativeBackend, TensorMetadata } from './internals';

export class Session {
  private id: number | undefined;

  /** @throws Error with TensorFlow's message when it refuses the graph */
  constructor(
    private readonly backend: NativeBackend,
    savedModel: Uint8Array,
  ) {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lab-step-'));
    try {
      fs.writeFileSync(path.join(directory, 'saved_model.pb'), savedModel);
      this.id = backend.binding.loadSavedModel(directory, SERVE_TAG);
    } finally {
      fs.rmSync(directory, { recursive: true, force: true });
    }
  }

  /** @param inputs tensor numbers, in the order of the comma-separated `feeds` */
  run(inputs: readonly number[], feeds: string, fetches: string): TensorMetadata[] {
    if (this.id === undefined) throw new Error('The compiled step was disposed.');
    return this.backend.binding.runSavedModel(this.id, inputs, feeds, fetches);
  }

  dispose(): void {
    if (this.id === undefined) return;
    this.backend.binding.deleteSavedModel(this.id);
    this.id = undefined;
  }
}
