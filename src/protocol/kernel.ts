/** What a client asks of a notebook's kernel: a trainer of the role `kernel`, whose project is the notebook's file. */
import type { ControlValue } from './display';
import type { LabErrorData } from './errors';
import type { AbandonPolicy } from './launch';

export type CellLanguage = 'typescript' | 'javascript';

export interface ExecuteCell {
  /** Of this execution, chosen by the client; every output names it. */
  readonly ticket: string;
  /** Absolute path of the notebook's file, beside which relative imports are read. It need not exist. */
  readonly notebook: string;
  /** The cell's URI: stands in the places of errors, and tells controls of one cell from those of another. */
  readonly cell: string;
  readonly language: CellLanguage;
  readonly source: string;
  readonly lesson?: string;
  /** Where the runs of `train` are kept. */
  readonly runsDirectory: string;
  /** The learner's own folder with data sets, which is searched first. */
  readonly dataDirectory?: string;
  /** What becomes of a training when nobody is attached any more. */
  readonly abandon: AbandonPolicy;
}

export interface CellEnd {
  readonly state: 'done' | 'failed' | 'cancelled';
  /** How many cells this kernel had executed with it, from 1. */
  readonly order: number;
  /** When it began, as Date.now() gives it, and how long it took. */
  readonly began: number;
  readonly milliseconds: number;
  /** Of a failed cell. Its place names the cell's URI as its file. */
  readonly error?: LabErrorData;
  /** Names that the cell declares at its top, and names of other cells that it reads. */
  readonly declares: readonly string[];
  readonly uses: readonly string[];
}

/** One thing that a cell shows, in several forms, of which the reader takes the richest that it knows. */
export interface CellOutput {
  /** Of this kernel's life: a later one with the same id takes its place. */
  readonly id: string;
  /** By MIME type, as in nbformat: text as a string, images as base64, JSON types as values. `text/plain` is always there. */
  readonly items: Readonly<Record<string, unknown>>;
}

export type OutputEvent =
  | { readonly kind: 'show'; readonly output: CellOutput }
  | { readonly kind: 'stream'; readonly stream: 'stdout' | 'stderr'; readonly text: string }
  /** What the cell has shown so far goes. */
  | { readonly kind: 'clear' };

/** A cell with all that it has shown so far. */
export interface ExecutedCell {
  readonly ticket: string;
  readonly cell: string;
  /** By which a window finds the cell again that has another URI since. */
  readonly source: string;
  readonly order: number;
  readonly began: number;
  readonly events: readonly OutputEvent[];
}

/** For a window that comes later. */
export interface KernelState {
  /** How many cells have been executed. */
  readonly order: number;
  readonly executing?: ExecutedCell;
  /** Cells that ended while no client was attached, until one has asked for them. */
  readonly ended: readonly (ExecutedCell & { readonly end: CellEnd })[];
}

/** Where a value stands: a variable, and in what it holds place for place the part of a part. */
export type ValuePath = readonly [variable: string, ...parts: readonly number[]];

/** A variable, or a part of what one holds. */
export interface Variable {
  /** Of a part: its key. */
  readonly name: string;
  /** "Tensor", "number", "Sequential", "class Counter" … */
  readonly type: string;
  /** The value in one line, beginning with its type where it does not speak for itself. */
  readonly preview: string;
  readonly shape?: readonly number[];
  readonly dtype?: string;
  /** Of tensors, weights and typed arrays. */
  readonly bytes?: number;
  /** It can be unfolded. */
  readonly hasParts: boolean;
}

export interface Variables {
  /** In the order in which they were declared first, without what was imported from packages. */
  readonly list: readonly Variable[];
  readonly tensors: { readonly count: number; readonly bytes: number };
}

/** What a value is made of: its first parts, each at its place, and how many more there are. */
export interface Parts {
  readonly list: readonly Variable[];
  readonly more: number;
}

/** A control was moved: its cell gives this value from now on. */
export interface SetControl {
  readonly control: string;
  readonly value: ControlValue;
}

/** A part of what a display holds too much of. */
export interface ReadPage {
  readonly handle: string;
  /** First row, and how many. */
  readonly from: number;
  readonly count: number;
}
