/** A graph in TensorFlow: loaded by tfjs-node's SavedModel support, run by name, deleted when done. */
import type { Scratch } from '../port';
import type { NativeBackend } from './internals';
import type { TensorMetadata } from '../tfjs';

/** The tag under which a SavedModel's graph is found. */
export const SERVE_TAG = 'serve';

let scratch: Scratch | undefined;

/** Where graphs are written, because TensorFlow reads a SavedModel from a folder only. */
export function useScratch(given: Scratch): void {
  scratch = given;
}

export class Session {
  private id: number | undefined;

  /** @throws Error with TensorFlow's message when it refuses the graph */
  constructor(
    private readonly backend: NativeBackend,
    savedModel: Uint8Array,
  ) {
    if (scratch === undefined) throw new Error('The native engine was not loaded.');
    this.id = scratch.withFile('saved_model.pb', savedModel, (folder) =>
      backend.binding.loadSavedModel(folder, SERVE_TAG),
    );
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
