/** What a data set is to an experiment: a description at once, the numbers when training asks for them. */

import type { Tokenizer } from './tokenizers/tokenizer';

/** Sizes of one example, without the batch dimension. A first size of null: rows of unequal length, see `Ragged`. */
export type Shape = readonly (number | null)[];

export type ElementType = 'float32' | 'int32';

/**
 * Rows in plain memory, row-major: row i is `values[i·n … (i+1)·n)` with n the product of the declared shape. Bytes stand
 * for 0..255 and are scaled to 0..1 when a batch is made; float32 values are used as they are; Int32Array and Uint16Array
 * are whole numbers, such as tokens, and become int32.
 */
export type Numbers = Uint8Array | Uint16Array | Int32Array | Float32Array;

/** Rows cut out of one long array, which is held once, however much they overlap. Made by `windows`. */
export interface Windows {
  readonly kind: 'windows';
  /** [positions, …inner]: elements of one position behind one another. */
  readonly values: Numbers;
  /** Positions in a row: the first size of its shape. */
  readonly size: number;
  /** Positions from the start of one row to that of the next. */
  readonly stride: number;
  /** Position at which row 0 begins. */
  readonly offset: number;
}

/** Rows of unequal length, which a batch pads at their ends to a common one. Made by `ragged`. */
export interface Ragged {
  readonly kind: 'ragged';
  /** [positions, …inner]: all rows behind one another. */
  readonly values: Numbers;
  /** Row i is the positions starts[i] … starts[i+1]: [length + 1], from 0 to the number of positions, never falling. */
  readonly starts: Int32Array;
  /** What stands behind the end of a shorter row. */
  readonly pad: number;
}

/** The rows of one input or target. */
export type Column = Numbers | Windows | Ragged;

export interface Split {
  readonly length: number;
  /** The input, each row of the declared shape; of a data set with several inputs, by name. */
  readonly x: Column | Readonly<Record<string, Column>>;
  /** Class indices, whole numbers, or regression targets, float32; of a data set with several targets, by name. */
  readonly y: Column | Readonly<Record<string, Column>>;
  /**
   * How much each example counts in the loss, shape [length], at least 0: the loss is mean(weight · loss of the example),
   * as in Keras. Metrics are not weighted. Left out, each counts 1.
   */
  readonly weights?: Float32Array;
  /**
   * Which targets count, 1, and which do not, 0: [length], or [length, …positions] with the first sizes of a target: those
   * for which the loss gives one number. Loss and metrics are means over what counts alone. Of several targets, by name.
   * What pads a row of unequal length never counts and needs no mask.
   */
  readonly mask?: Uint8Array | Readonly<Record<string, Uint8Array>>;
  /** So many rows, drawn at random from all, are an epoch of training. Left out, each row once. */
  readonly perEpoch?: number;
}

/** A split with one input and one target, both in plain memory. */
export interface PlainSplit extends Split {
  readonly x: Numbers;
  readonly y: Numbers;
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

interface Described {
  /** e.g. "Fashion-MNIST" */
  readonly name: string;
  /** points: 2-D features, drawn as a plane; images: [height, width, channels]; table: anything else. */
  readonly kind: 'points' | 'images' | 'table';
  readonly train: number;
  readonly test: number;
  /** Source and licence, shown where the data is shown. */
  readonly licence: string;
  /**
   * May give fewer examples than `train` and `test` say, after a warning; what counts is the splits' length. Whoever
   * wants the splits calls `loadSplits`, which also looks at them.
   * @param context Given by whoever trains; in a cell of a notebook it may be left out.
   * @throws LabError DATA_MISSING, DATA_CORRUPT, DATA_DOWNLOAD, DATA_LABEL_RANGE or CANCELLED.
   */
  load(context?: LoadContext): Promise<Splits>;
}

export interface Splits {
  readonly train: Split;
  readonly test: Split;
  /** Of texts, what made the tokens: the panel shows texts with it, and asks it for what learners type. */
  readonly tokenizer?: Tokenizer;
}

interface OneInput {
  readonly inputShape: Shape;
  /** int32: whole numbers, such as tokens. Default float32. */
  readonly inputType?: ElementType;
  readonly inputs?: undefined;
  /** Where a row of a table holds a picture, numbers 0 … 1 from this column on: mistakes can be shown then. */
  readonly picture?: { readonly shape: readonly [number, number, number]; readonly from: number };
  /** Of a table, what stands at each place of a row, e.g. "Age". */
  readonly columns?: readonly string[];
}

/** One of several inputs. */
export interface InputField {
  readonly shape: Shape;
  /** Default float32. */
  readonly type?: ElementType;
}

interface NamedInputs {
  /** By the names that the input layers of the model have. */
  readonly inputs: Readonly<Record<string, InputField>>;
  readonly inputShape?: undefined;
  readonly inputType?: undefined;
  readonly picture?: undefined;
  readonly columns?: undefined;
}

interface OneTarget {
  /** Names of the classes in label order; empty for regression. */
  readonly classes: readonly string[];
  /** Shape of one target: [] for a class index, [n] for one at each of n positions. */
  readonly targetShape: Shape;
  readonly targets?: undefined;
}

/** One of several targets. */
export interface TargetField {
  readonly shape: Shape;
  /** Names of the classes in label order. Left out or empty for regression. */
  readonly classes?: readonly string[];
}

interface NamedTargets {
  /** By the names that the output layers of the model have. */
  readonly targets: Readonly<Record<string, TargetField>>;
  readonly classes?: undefined;
  readonly targetShape?: undefined;
}

/** One input and one target, or several of either by name. */
export type Dataset = Described & (OneInput | NamedInputs) & (OneTarget | NamedTargets);

/** One input and one target. */
export type PlainDataset = Described & OneInput & OneTarget;

/** As the data sets of the lab are. */
export interface InMemoryDataset extends PlainDataset {
  load(context?: LoadContext): Promise<{ readonly train: PlainSplit; readonly test: PlainSplit }>;
}

export function isPlain(data: Dataset): data is PlainDataset {
  return data.inputs === undefined && data.targets === undefined;
}
