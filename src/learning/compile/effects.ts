/**
 * What the code of a step does beside computing tensors. A graph does only that, so a step may become one only while it
 * changes nothing that outlives it and asks nobody who may answer differently. Whoever loaded the code can tell.
 */
import type { SourceLocation } from '../../protocol/errors';

export interface Effect {
  /** write: something that outlives a step was changed; call: a function that is not known to be harmless was called. */
  readonly kind: 'write' | 'call';
  /** As it stands in the source: "calls", "state.rate", "Date.now". */
  readonly name: string;
  readonly location?: SourceLocation;
}

export interface Effects {
  /** Grows with each of them. As long as it stands still, the code does what it did. */
  readonly changes: number;
  /** The newest one. */
  readonly last: Effect | undefined;
  /** Where in their source the code that is running now was called from. */
  here(): SourceLocation | undefined;
  /** Runs a step: what is made in it belongs to it. */
  step<T>(work: () => T): T;
}
