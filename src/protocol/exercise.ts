/** Exercises: what their folders declare, what a grader reports, what the learner is told. */
import type { LabErrorData, SourceLocation } from './errors';

/** What the catalogue knows of an exercise, in the user's language. */
export interface Exercise {
  /** The folder's name without its number. */
  readonly id: string;
  /** Id of the lesson. */
  readonly lesson: string;
  /** What is completed, a function or a value: the model file exports it, or a cell declares it. */
  readonly name: string;
  /** Where its code stands: in the lesson's model file, or in the cell of its notebook whose fence names the exercise. */
  readonly home: 'model' | 'notebook';
  readonly title: string;
  /** Markdown. */
  readonly task: string;
  readonly minutes: number;
  readonly hints: readonly string[];
  /** Terms to look up. */
  readonly read: readonly string[];
  readonly checks: readonly ExerciseCheck[];
  /** What is said of a typical mistake, by its key. */
  readonly mistakes: Readonly<Record<string, string>>;
  /** Absolute path of the exercise's folder. */
  readonly folder: string;
}

export interface ExerciseCheck {
  readonly id: string;
  readonly title: string;
  /** The term to look up when it fails. */
  readonly term: string;
}

/** Asks a trainer to grade one exercise. */
export interface CheckExercise {
  /** Made by the client, to tell its progress from others'. */
  readonly ticket: string;
  /** Absolute path of the file with the answer; what it imports is looked for beside it. */
  readonly modelFile: string;
  /** The module to grade, where it is not what the file holds: newer text of an editor, or that of a cell. */
  readonly source?: string;
  /** The learner's own folder with data sets, which is searched first. */
  readonly dataDirectory?: string;
  /** Absolute path of the exercise's checks.ts. */
  readonly checksFile: string;
  /** The export to grade. */
  readonly name: string;
  /** Ids of checks; absent: all. */
  readonly only?: readonly string[];
}

/** One check as the trainer saw it. */
export interface CheckReport {
  readonly check: string;
  readonly passed: boolean;
  readonly seconds: number;
  /** The answer is not right. */
  readonly failure?: {
    readonly mistake?: string;
    readonly message?: string;
    readonly expected?: string;
    readonly found?: string;
    readonly input?: string;
  };
  /** The learner's code threw, or the check itself is at fault. */
  readonly error?: LabErrorData;
}

/** Where a grading is; a client that sees no progress for longer than `seconds` ends the process. */
export type GradingProgress =
  | { readonly kind: 'loading'; readonly seconds: number }
  | { readonly kind: 'started'; readonly check: string; readonly seconds: number }
  | { readonly kind: 'done'; readonly report: CheckReport };

/** One check as the learner is told. */
export interface CheckVerdict extends ExerciseCheck {
  readonly status: 'passed' | 'failed' | 'timedOut' | 'notRun';
  readonly message?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly input?: string;
  /** Where the learner's code threw. */
  readonly location?: SourceLocation;
}

export interface ExerciseVerdict {
  readonly lesson: string;
  readonly exercise: string;
  readonly passed: boolean;
  readonly checks: readonly CheckVerdict[];
  /** What stood in the way of every check. */
  readonly error?: LabErrorData;
  readonly seconds: number;
  /** SHA-256 of the declaration that was graded, hex; absent when it was not there. */
  readonly answer?: string;
  /** ISO 8601. */
  readonly at: string;
}

/** What is kept of an exercise, over reloads and updates. */
export interface ExerciseProgress {
  /** ISO 8601: when it was first passed. */
  readonly passedAt?: string;
  /** The last grading. */
  readonly last?: ExerciseVerdict;
  readonly attempts: number;
  /** Hints that were shown. */
  readonly hints: number;
  /** ISO 8601: when the solution was taken. */
  readonly solutionAt?: string;
}
