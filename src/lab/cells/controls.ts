import type * as tf from '@tensorflow/tfjs';

export interface SliderOptions {
  readonly min: number;
  readonly max: number;
  /** Default a hundredth of the range. */
  readonly step?: number;
  /** To begin with. Default `min`. */
  readonly value?: number;
  /** True: equal ways are equal factors, for a learning rate. `min` is above 0 then. */
  readonly log?: boolean;
}

export interface TextOptions {
  /** To begin with. Default ''. */
  readonly value?: string;
  readonly placeholder?: string;
  /** True: several lines. */
  readonly multiline?: boolean;
}

/**
 * Each gives its value at once, that to begin with or the one that was chosen since, and shows its control under the cell:
 *
 *   const rate = input.slider('learning rate', { min: 0.0001, max: 1, log: true, value: 0.01 });
 *
 * When it is moved, `rate` has the new value, and the cells that use the name run again; those that are still running for
 * an older value are cancelled. The label is also the control's name: two of one cell have different labels.
 */
export interface ControlFunctions {
  slider(label: string, options: SliderOptions): number;
  choice<T extends string>(label: string, options: readonly T[], value?: T): T;
  text(label: string, options?: TextOptions): string;
  /**
   * A place to draw on, white on black.
   *
   * @param shape [height, width], default [28, 28].
   * @returns float32 [height, width], from 0 to 1
   */
  drawing(label: string, shape?: readonly [number, number]): tf.Tensor2D;
}
