/**
 * What a client asks of a notebook's kernel, what cells show, and what the page that shows it asks of the window.
 * A kernel is a trainer of the role `kernel`; its project is the notebook's file.
 */
import type { LabErrorData } from './errors';
import type { Columns, HostToPanel } from './panel';
import type { LayerSummary, Metrics, Picture, PicturedExample } from './run';
import type { AbandonPolicy } from './launch';

export const DISPLAY_MIME = 'application/vnd.deep-learning-lab.display+json';
export const TEXT_MIME = 'text/plain';

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

/** Undefined where the kernel has let it go, or is another one. */
export type Page = TensorPage | TablePage | undefined;

// ------------------------------------------------------------------------------------------------------------ displays

/** What an item of the type DISPLAY_MIME is. */
export type Display =
  | TensorDisplay
  | ModelDisplay
  | DatasetDisplay
  | TableDisplay
  | FigureDisplay
  | PictureDisplay
  | ImageDisplay
  | LayersDisplay
  | TreeDisplay
  | ControlDisplay
  | RunDisplay;
export type DisplayKind = Display['kind'];

/** Numbers as base64 of little-endian float32. */
export type Float32s = string;

/** Of the finite elements; null where there is none. */
export interface Summary {
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly deviation: number | null;
  readonly nan: number;
  readonly infinite: number;
}

/** Rows of a tensor seen as [rows, columns], or a batch of pictures, each a row. */
export interface TensorPage {
  readonly kind: 'tensor';
  readonly from: number;
  readonly rows: number;
  /** [rows, columns], row-major; of a tensor of strings, `texts`. */
  readonly values: Float32s;
  readonly texts?: readonly string[];
}

export interface TensorDisplay {
  readonly kind: 'tensor';
  readonly name?: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly summary: Summary;
  /** How it is best shown; a reader may offer the others of its rank. */
  readonly view: 'scalar' | 'line' | 'table' | 'heatMap' | 'images';
  /** As it is paged: rows × columns numbers; of pictures, columns is height · width · channels. */
  readonly rows: number;
  /** Of a page. */
  readonly columns: number;
  /** More than `columns` where a row is too long to be sent. */
  readonly columnsInAll: number;
  readonly image?: { readonly height: number; readonly width: number; readonly channels: 1 | 3 };
  readonly page: TensorPage;
  /** To read further pages by; undefined where the page is all. */
  readonly handle?: string;
}

export interface ModelLayer extends LayerSummary {
  /** Places in `layers` of those whose outputs it takes; empty for an input. */
  readonly inputs: readonly number[];
  readonly trainable: boolean;
  /** Of its settings, those worth telling: units, kernel size, activation … */
  readonly details: string;
}

export interface ModelDisplay {
  readonly kind: 'model';
  readonly name: string;
  readonly layers: readonly ModelLayer[];
  readonly parameters: number;
  readonly trainable: number;
  /** One layer after the other: a diagram would say nothing that the table does not. */
  readonly sequential: boolean;
}

export interface DatasetDisplay {
  readonly kind: 'dataset';
  readonly name: string;
  readonly licence: string;
  readonly train: number;
  readonly test: number;
  /** Sizes of one example by input's name ('' for the only one), and of one target. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly targets: Readonly<Record<string, string>>;
  readonly classes: readonly string[];
  /** Of each class in the training and in the test data. Absent until the data is loaded, and without classes. */
  readonly balance?: { readonly train: readonly number[]; readonly test: readonly number[] };
  /** Some training examples. */
  readonly samples?: readonly PicturedExample[];
  readonly points?: readonly { readonly x: number; readonly y: number; readonly label: number }[];
  readonly table?: TablePage & { readonly columns: readonly string[] };
}

export interface TablePage {
  readonly kind: 'table';
  readonly from: number;
  readonly rows: readonly (readonly TableCell[])[];
}
export type TableCell = string | number | boolean | null;

export interface TableDisplay {
  readonly kind: 'table';
  readonly title?: string;
  readonly columns: readonly string[];
  /** Rows in all. */
  readonly total: number;
  readonly page: TablePage;
  readonly handle?: string;
}

export interface FigureSeries {
  readonly kind: 'line' | 'points' | 'bars' | 'histogram';
  readonly label: string;
  /** Of bars: places in `categories`, or numbers. Of a histogram: where each bin begins, and at last where it ends. */
  readonly x: Float32s;
  readonly y: Float32s;
}

export interface FigureDisplay {
  readonly kind: 'figure';
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Names of the places 0, 1, … on the x axis. */
  readonly categories?: readonly string[];
  readonly series: readonly FigureSeries[];
}
export interface Axis {
  readonly label: string;
  readonly scale: 'linear' | 'log';
}

/** One of the panel's pictures: a confusion matrix, a decision boundary, a walk … */
export interface PictureDisplay {
  readonly kind: 'picture';
  readonly picture: Picture;
}

export interface ImageDisplay {
  readonly kind: 'image';
  readonly label: string;
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** height · width · channels bytes, base64. */
  readonly pixels: string;
}

/** What goes through each layer for one batch, and what comes back. */
export interface LayersDisplay {
  readonly kind: 'layers';
  readonly layers: readonly {
    readonly name: string;
    readonly type: string;
    readonly shape: readonly number[];
    readonly activation: Distribution;
    /** Share of activations that are 0. */
    readonly zeros: number;
    /** Of the layer's output; absent without a target. */
    readonly gradient?: Distribution;
    /** Of its weights, all together. */
    readonly weightGradient?: Distribution;
  }[];
}
export interface Distribution {
  readonly summary: Summary;
  /** Counts of equally wide bins from `summary.min` to `summary.max`. */
  readonly counts: readonly number[];
}

/** A plain value, as far as it is shown. */
export interface TreeDisplay {
  readonly kind: 'tree';
  readonly root: TreeNode;
}
export interface TreeNode {
  /** Its key in the object around it; absent at the root. */
  readonly key?: string;
  /** In one line: `{ a: 1, … }`, `Map(3)`, `"text"`. */
  readonly text: string;
  /** What colours it. */
  readonly type: 'string' | 'number' | 'boolean' | 'null' | 'function' | 'object' | 'circular' | 'other';
  readonly children?: readonly TreeNode[];
  /** Children that are not told. */
  readonly more?: number;
}

export type ControlValue = number | string | readonly number[];
export interface ControlDisplay {
  readonly kind: 'control';
  /** Which one: the same in every execution of its cell. */
  readonly control: string;
  readonly label: string;
  readonly value: ControlValue;
  readonly spec:
    | {
        readonly type: 'slider';
        readonly min: number;
        readonly max: number;
        readonly step: number;
        readonly log: boolean;
      }
    | { readonly type: 'choice'; readonly options: readonly string[] }
    | { readonly type: 'text'; readonly placeholder: string; readonly multiline: boolean }
    /** The value is height · width numbers from 0 to 1, row-major. */
    | { readonly type: 'drawing'; readonly height: number; readonly width: number };
}

/** A run of `train`; its curves and pictures are read from its folder, and followed while it trains. */
export interface RunDisplay {
  readonly kind: 'run';
  readonly folder: string;
  readonly title: string;
  readonly epochs: number;
  /** As it ended; absent while it trains. */
  readonly latest?: Metrics;
}

// ------------------------------------------------------------------------------------- between the outputs' page and the window

export type OutputToHost =
  /** The renderer is loaded; the host answers with `texts`. */
  | { readonly type: 'ready' }
  | { readonly type: 'follow'; readonly folder: string }
  | { readonly type: 'unfollow'; readonly folder: string }
  | { readonly type: 'control'; readonly control: string; readonly value: ControlValue }
  | {
      readonly type: 'page';
      readonly request: number;
      readonly handle: string;
      readonly from: number;
      readonly count: number;
    }
  | { readonly type: 'run'; readonly folder: string; readonly action: 'pause' | 'resume' | 'step' | 'stop' | 'open' }
  | { readonly type: 'learningRate'; readonly folder: string; readonly learningRate: number };

/** Columns as they travel to outputs, whose channel carries JSON alone: base64 of little-endian float64. */
export interface PackedColumns {
  readonly kind: Columns['kind'];
  readonly length: number;
  readonly step: string;
  readonly epoch: string;
  readonly time: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What the panel is told of a run, for an output. */
export type RunMessage =
  | Exclude<HostToPanel, { readonly type: 'points' }>
  | { readonly type: 'points'; readonly from: number; readonly columns: readonly PackedColumns[] };

/** What the page that shows one value is told beside what outputs are told. */
export type HostToValue = HostToOutput | ShownValue;

export interface ShownValue {
  readonly type: 'value';
  /** "run.history.loss" */
  readonly label: string;
  /** Undefined: it cannot be had, for this reason; what is shown stays. */
  readonly output?: CellOutput;
  readonly problem?: string;
}

export type HostToOutput =
  /** Translations for `@vscode/l10n`, undefined in English, and VS Code's display language. */
  | { readonly type: 'texts'; readonly bundle: unknown; readonly language: string }
  | { readonly type: 'run'; readonly folder: string; readonly message: RunMessage }
  | { readonly type: 'page'; readonly request: number; readonly page: Page };

// ------------------------------------------------------------------------------------------------------- exported pages

/** Id of the element of an exported page that holds what its script draws. */
export const EXPORTED_BLOCK = 'lab-outputs';

export interface ExportedOutputs {
  /** An element with `data-output` shows the one of this index. */
  readonly displays: readonly Display[];
  /** What is told of a run, by the `folder` of its display. */
  readonly runs: Readonly<Record<string, readonly RunMessage[]>>;
  /** As in `HostToOutput`. */
  readonly bundle?: unknown;
  readonly language: string;
}
