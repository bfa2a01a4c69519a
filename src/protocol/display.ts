/** What cells show: a value as a small piece of JSON, one type a kind. */
import type { Picture, PicturedExample } from './pictures';
import type { LayerSummary, Metrics } from './run';

export const DISPLAY_MIME = 'application/vnd.deep-learning-lab.display+json';
export const TEXT_MIME = 'text/plain';

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

/** Undefined where the kernel has let it go, or is another one. */
export type Page = TensorPage | TablePage | undefined;
