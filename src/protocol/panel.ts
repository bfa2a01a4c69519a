/** Every message between the extension host and the panel's page. */
import type { LabErrorData } from './errors';
import type { CheckVerdict, ExerciseCheck } from './exercise';
import type { Picture, PictureKind } from './pictures';
import type { RunRecord } from './run';
import type { PictureSettings } from './textPictures';

/**
 * Id of the `<meta>` whose `data-contents` is the translation bundle for `@vscode/l10n` as JSON (empty in English).
 * The document's `lang` is VS Code's display language; the page is drawn into the element PAGE_ELEMENT.
 */
export const L10N_ELEMENT = 'l10n';
export const PAGE_ELEMENT = 'app';

/** Points in columns: compact to send, and what the chart keeps. NaN marks a value that a point does not have. */
export interface Columns {
  readonly kind: 'step' | 'epoch';
  readonly length: number;
  readonly step: Float64Array;
  readonly epoch: Float64Array;
  readonly time: Float64Array;
  /** By series; `learningRate` is always there. */
  readonly values: Readonly<Record<string, Float64Array>>;
}

/** Earlier runs laid over the current one at a time. */
export const MOST_OVERLAYS = 5;

/** A run that is drawn: the current one, or an earlier one laid over it. */
export interface PanelRun {
  readonly record: RunRecord;
  /** Folder, for messages to the host only. */
  readonly key: string;
}

export type HostToPanel =
  /** The run in the foreground; null shows the empty state. Its points follow in `points`. */
  | { readonly type: 'show'; readonly run: PanelRun | null; readonly lesson: PanelLesson | null }
  | { readonly type: 'record'; readonly run: PanelRun }
  | { readonly type: 'points'; readonly key: string; readonly from: number; readonly columns: readonly Columns[] }
  | { readonly type: 'picture'; readonly key: string; readonly picture: Picture }
  /** What was asked of a picture cannot be drawn; it stays as it is. */
  | { readonly type: 'refused'; readonly key: string; readonly picture: PictureKind; readonly error: LabErrorData }
  | { readonly type: 'activity'; readonly key: string; readonly text: string; readonly fraction: number | null }
  /** Earlier runs of the same working copy that can be laid over; `shown` are drawn now (at most 5). */
  | { readonly type: 'overlays'; readonly available: readonly PanelRun[]; readonly shown: readonly string[] }
  /** The exercises of the lesson in the foreground, in order; none where it has none. */
  | { readonly type: 'exercises'; readonly cards: readonly ExerciseCard[] }
  /** The learner asks for an exercise's verdict: its card comes into view, as soon as it is there. */
  | { readonly type: 'revealExercise'; readonly exercise: string }
  | { readonly type: 'connection'; readonly state: 'attached' | 'lost' | 'other' | 'starting' }
  | { readonly type: 'error'; readonly error: LabErrorData };

export interface PanelLesson {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** One can talk to its model before anything is trained. */
  readonly hasChat?: true;
}

export interface ExerciseCard {
  readonly lesson: string;
  readonly exercise: string;
  readonly title: string;
  /** What the model file exports. */
  readonly name: string;
  readonly minutes: number;
  readonly state: 'untried' | 'checking' | 'failed' | 'passed';
  /** ISO 8601: when it was first passed. */
  readonly passedAt?: string;
  /** The code is another than the one that the verdicts are of. */
  readonly changed: boolean;
  /**
   * The verdicts of the last grading; before any, the checks there are. While it is checked, the verdicts of this grading
   * as they come, and the checks that are still to come without one.
   */
  readonly checks: readonly (CheckVerdict | ExerciseCheck)[];
  /** What stood in the way of every check. */
  readonly error?: LabErrorData;
  /** The hints that have been asked for. */
  readonly hints: readonly string[];
  readonly hintCount: number;
  /** Terms to look up. */
  readonly read: readonly string[];
  readonly maySeeSolution: boolean;
}

export type ExerciseAction = 'task' | 'open' | 'check' | 'hint' | 'solution' | 'reset';

export type PanelToHost =
  /** The page is listening; the host answers with everything it needs. */
  | { readonly type: 'ready' }
  | { readonly type: 'command'; readonly command: PanelCommand }
  /** `key`: of the run that was in the foreground when it was chosen. */
  | { readonly type: 'setLearningRate'; readonly key: string; readonly learningRate: number }
  | { readonly type: 'setPicture'; readonly key: string; readonly settings: PictureSettings }
  | { readonly type: 'setOverlays'; readonly keys: readonly string[] }
  | { readonly type: 'exercise'; readonly action: ExerciseAction; readonly lesson: string; readonly exercise: string }
  | { readonly type: 'openLocation'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly type: 'export'; readonly format: 'png'; readonly name: string; readonly base64: string }
  | { readonly type: 'export'; readonly format: 'csv'; readonly key: string }
  /** An uncaught fault of the page, for the log. */
  | { readonly type: 'fault'; readonly message: string };

export type PanelCommand =
  | 'runLesson'
  | 'chat'
  | 'pause'
  | 'resume'
  | 'step'
  | 'stop'
  | 'showLog'
  | 'openModel'
  | 'openLesson'
  | 'resumeFromCheckpoint';
