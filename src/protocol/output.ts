/** What pages with outputs and their window tell each other: those of a notebook, of one value, and exported ones. */
import type { ControlValue, Display, Page } from './display';
import type { CellOutput } from './kernel';
import type { Columns, HostToPanel } from './panel';
import type { PictureSettings } from './textPictures';

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
  | { readonly type: 'learningRate'; readonly folder: string; readonly learningRate: number }
  | { readonly type: 'setPicture'; readonly folder: string; readonly settings: PictureSettings };

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
