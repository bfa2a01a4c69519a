/** What a data set is to an experiment: a description at once, the numbers when training asks for them. */

/** Numbers in plain memory. Row i of `x` is `x[i·n … (i+1)·n)` with n the product of `inputShape`. */
export interface Split {
  readonly length: number;
  /**
   * Shape [length, ...inputShape], row-major. Bytes stand for values 0..255 and are scaled to 0..1 when a batch is
   * made; float32 values are used as they are.
   */
  readonly x: Uint8Array | Float32Array;
  /** Class indices (int32, shape [length]) or regression targets (float32, shape [length, ...targetShape]). */
  readonly y: Int32Array | Float32Array;
  /**
   * How much each example counts in the loss, shape [length], at least 0: the loss is mean(weight · loss of the example),
   * as in Keras. Metrics are not weighted. Left out, each counts 1.
   */
  readonly weights?: Float32Array;
}

/** Handed to a loader by the trainer. */
export interface LoadContext {
  /** Where data may lie, first match wins: the user's folder, the extension's own data, the cache. */
  readonly directories: readonly string[];
  /** The user's cache; downloaded data sets are kept in its folder `data`. */
  readonly cacheDirectory: string;
  readonly signal: AbortSignal;
  /** `fraction` in 0..1, or null where the total is unknown. */
  readonly progress: (text: string, fraction: number | null) => void;
  /** Something the learner should know although the loading goes on, e.g. less data than asked for. Default: stderr. */
  readonly warn?: (text: string) => void;
}

export interface Dataset {
  /** e.g. "Fashion-MNIST" */
  readonly name: string;
  /** points: 2-D features, drawn as a plane; images: [height, width, channels]; table: anything else. */
  readonly kind: 'points' | 'images' | 'table';
  /** Shape of one example, without the batch dimension. */
  readonly inputShape: readonly number[];
  /** Names of the classes in label order; empty for regression. */
  readonly classes: readonly string[];
  /** Shape of one target: [] for a class index. */
  readonly targetShape: readonly number[];
  readonly train: number;
  readonly test: number;
  /** Where a row of a table holds a picture, numbers 0 … 1 from this column on: mistakes can be shown then. */
  readonly picture?: { readonly shape: readonly [number, number, number]; readonly from: number };
  /** Source and licence, shown where the data is shown. */
  readonly licence: string;
  /**
   * May give fewer examples than `train` and `test` say, after a warning; what counts is the splits' length. Whoever
   * wants the splits calls `loadSplits`, which also looks at them.
   * @throws LabError DATA_MISSING, DATA_CORRUPT, DATA_DOWNLOAD, DATA_LABEL_RANGE or CANCELLED.
   */
  load(context: LoadContext): Promise<{ readonly train: Split; readonly test: Split }>;
}
