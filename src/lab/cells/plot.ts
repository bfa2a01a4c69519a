import type * as tf from '@tensorflow/tfjs';
import type { display } from './display';

/** Numbers in a row; a tensor of one size. */
export type Row = readonly number[] | Float32Array | Int32Array | Uint8Array | tf.Tensor;

/** One row, several by their names, or points (x, y) by their names. */
export type PlotData = Row | Readonly<Record<string, Row | { readonly x: Row; readonly y: Row }>>;

export interface PlotOptions {
  /** Default 'line'. */
  readonly kind?: 'line' | 'points' | 'bars' | 'histogram';
  /** Where the values stand: numbers, or names. Default 0, 1, 2 … */
  readonly x?: Row | readonly string[];
  readonly title?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** Of a histogram. Default 40. */
  readonly bins?: number;
}

/** A drawing that has not been shown yet. */
export interface Figure {
  [display](): unknown;
}
