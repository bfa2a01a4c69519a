import * as tf from '@tensorflow/tfjs';

/** What of the engine's state says in which `tidy` and which gradient it is. */
const FIELDS = ['activeScope', 'scopeStack', 'activeTape', 'gradientDepth', 'kernelDepth', 'tapeDepth'] as const;

/**
 * Where the engine stands between its scopes. Code that is ended in the middle of a `tidy` or of a gradient leaves them
 * open: no `finally` is run then.
 */
export class EngineScopes {
  private readonly before = new Map<string, unknown>();

  constructor() {
    const state = engineState();
    for (const field of FIELDS) {
      const value = state[field];
      this.before.set(field, Array.isArray(value) ? [...(value as unknown[])] : value);
    }
  }

  restore(): void {
    Object.assign(engineState(), Object.fromEntries(this.before));
  }
}

function engineState(): Record<string, unknown> {
  return (tf.engine() as unknown as { readonly state: Record<string, unknown> }).state;
}
