/**
 * Every message between a client (extension host, command line) and a trainer.
 * Both ends are typed from these two tables: a message forgotten on either side does not compile.
 */
import type { AbandonPolicy, EngineWish, TrainerRole } from './launch';
import type { LookAtTable, TableLook } from './dataLook';
import type { InspectModel, ModelInspection } from './modelInspection';
import type { CheckExercise, GradingProgress } from './exercise';
import type { Page } from './display';
import type {
  CellEnd,
  CellOutput,
  ExecuteCell,
  KernelState,
  OutputEvent,
  Parts,
  ReadPage,
  SetControl,
  ValuePath,
  Variables,
} from './kernel';
import type { Picture } from './pictures';
import type { EngineInfo, Point, RunRecord } from './run';
import type { PictureSettings } from './textPictures';

/** Raised whenever a message changes; a client and a trainer of different versions do not talk. */
export const PROTOCOL_VERSION = 8;

export interface TrainerHello {
  readonly protocol: number;
  /** Its process, as `ProcessIdentity` has it. */
  readonly pid: number;
  readonly started: string;
  /** Random identity of this trainer's life. */
  readonly instance: string;
  readonly engine: EngineInfo;
  readonly wish: EngineWish;
  /** As in `LaunchOptions`. */
  readonly root: string;
  /** The active run, or the last one of this trainer. */
  readonly run?: RunRecord;
  readonly runFolder?: string;
}

export interface StartRun {
  /** Absolute path of the model file. */
  readonly modelFile: string;
  /** Its text, where the editor holds one that is newer than the file. */
  readonly source?: string;
  readonly lesson?: string;
  /** Where the run's folder is made. */
  readonly runsDirectory: string;
  /** The learner's own folder with data sets, which is searched first: of the request, because a trainer outlives it. */
  readonly dataDirectory?: string;
  readonly abandon: AbandonPolicy;
  /** It is paused before its first step, until somebody resumes it: to look at the model, or to talk to it. */
  readonly waits?: boolean;
  readonly overrides?: {
    readonly epochs?: number;
    /** False: operation by operation, for comparison and for a search for errors. Default true. */
    readonly compile?: boolean;
  };
  /** Continue this checkpoint's curve. */
  readonly resumeFrom?: {
    readonly runFolder: string;
    readonly checkpoint: string;
    /** How many epochs to train from there on; without it, those that the model file still has. */
    readonly moreEpochs?: number;
  };
}

export interface RunRef {
  readonly runId: string;
}

interface Call<Params, Result> {
  readonly params: Params;
  readonly result: Result;
}

export interface TrainerRequests {
  'trainer/hello': Call<{ readonly protocol: number }, TrainerHello>;
  /** Ends the process at once when idle; refuses with TRAINER_BUSY during a run. */
  'trainer/shutdown': Call<Record<string, never>, null>;
  /** Answers as soon as the run's folder exists; what goes wrong later is the run's state. */
  'run/start': Call<StartRun, { readonly record: RunRecord; readonly runFolder: string }>;
  /** Cooperative: answers when the run has ended. */
  'run/stop': Call<RunRef, RunRecord>;
  'run/pause': Call<RunRef, RunRecord>;
  'run/resume': Call<RunRef, RunRecord>;
  /** One optimizer step of a paused run. */
  'run/step': Call<RunRef, RunRecord>;
  'run/setLearningRate': Call<RunRef & { readonly learningRate: number }, RunRecord>;
  /**
   * Draws a picture with other settings, as long as the model is in memory: of a run that has ended, until the next begins.
   * The picture comes as `run/picture` before the answer.
   */
  'run/setPicture': Call<RunRef & { readonly settings: PictureSettings }, null>;
  /** What of its pictures has been told since it ended, the newest of each kind: they stand nowhere on disk. */
  'run/pictures': Call<RunRef, readonly Picture[]>;
  /** Builds the model without training it and reads no data. What is wrong with the file is part of the answer. */
  'model/inspect': Call<InspectModel, ModelInspection>;
  /** What columns a table has, by its beginning. @throws LabError DATA_MISSING, DATA_CORRUPT */
  'data/lookAtTable': Call<LookAtTable, TableLook>;
  /** Grades one exercise; its checks come one by one as `exercise/progress`, and all of them as the result. */
  'exercise/check': Call<CheckExercise, null>;
  /** Runs a cell of a notebook to its end, however it ends; one after the other. What it shows comes as `cell/output`. */
  'cell/execute': Call<ExecuteCell, CellEnd>;
  /** Cooperative: trainings stop and keep their points, what is awaited is left. The cell's own answer says how it ended. */
  'cell/interrupt': Call<{ readonly ticket: string }, null>;
  'kernel/state': Call<Record<string, never>, KernelState>;
  'kernel/variables': Call<Record<string, never>, Variables>;
  /** What a variable, or a part of one, is made of. */
  'kernel/parts': Call<{ readonly path: ValuePath }, Parts>;
  /** The value as a cell would show it. */
  'kernel/value': Call<{ readonly path: ValuePath }, CellOutput>;
  'kernel/page': Call<ReadPage, { readonly page: Page }>;
  /** A control was moved; `names`: the variables that have its value now, whose users are to run again. */
  'kernel/setControl': Call<SetControl, { readonly names: readonly string[] }>;
}

export interface TrainerNotifications {
  /** Its last word: it ends in order. Whoever needs a trainer starts another. */
  'trainer/leaving': Record<string, never>;
  'run/changed': { readonly record: RunRecord; readonly runFolder: string };
  /** `from` is the index of the first point. A client that sees a gap reads metrics.jsonl: what is notified is on disk. */
  'run/points': RunRef & { readonly from: number; readonly points: readonly Point[] };
  'run/picture': RunRef & { readonly picture: Picture };
  /** The learner's own console output. */
  'run/output': RunRef & { readonly stream: 'stdout' | 'stderr'; readonly text: string };
  /** The compiler is there: the time counts from now on that the file of a `model/inspect` takes. */
  'model/loading': { readonly modelFile: string };
  'exercise/progress': { readonly ticket: string; readonly progress: GradingProgress };
  /** `cell` is its URI; what comes after the end of the cell has its ticket still. */
  'cell/output': { readonly ticket: string; readonly cell: string; readonly event: OutputEvent };
  /** For those who did not ask for its execution; the one who did has the answer. */
  'cell/ended': { readonly ticket: string; readonly cell: string; readonly end: CellEnd };
  /** Long work before the first step, e.g. a download. `fraction` is null where the total is unknown. */
  'run/activity': RunRef & { readonly text: string; readonly fraction: number | null };
}

const RUNS: readonly TrainerRole[] = ['training', 'kernel'];
const KERNEL: readonly TrainerRole[] = ['kernel'];

/** Which roles a request is for; undefined: all. A trainer of another one refuses it. */
export const ROLES: Readonly<Record<RequestName, readonly TrainerRole[] | undefined>> = {
  'trainer/hello': undefined,
  'trainer/shutdown': undefined,
  'run/start': ['training'],
  'run/stop': RUNS,
  'run/pause': RUNS,
  'run/resume': RUNS,
  'run/step': RUNS,
  'run/setLearningRate': RUNS,
  'run/setPicture': RUNS,
  'run/pictures': RUNS,
  'model/inspect': ['inspection'],
  'data/lookAtTable': ['inspection'],
  'exercise/check': ['grading'],
  'cell/execute': KERNEL,
  'cell/interrupt': KERNEL,
  'kernel/state': KERNEL,
  'kernel/variables': KERNEL,
  'kernel/parts': KERNEL,
  'kernel/value': KERNEL,
  'kernel/page': KERNEL,
  'kernel/setControl': KERNEL,
};

export type RequestName = keyof TrainerRequests;
export type NotificationName = keyof TrainerNotifications;
export type ParamsOf<M extends RequestName> = TrainerRequests[M]['params'];
export type ResultOf<M extends RequestName> = TrainerRequests[M]['result'];
