import type { LabErrorData } from './errors';

/** How a client starts a trainer: one JSON value in the environment, because command lines are visible to other users. */
export const LAUNCH_VARIABLE = 'DEEP_LEARNING_LAB_TRAINER';

/** In a clone of the lab; an installed extension has no npm scripts. */
export const PREPARE_IN_CLONE = 'npm run engine';

/**
 * What a trainer's process is for: runs, building the models of open model files, grading exercises, the cells of a
 * notebook. Each in a process of its own, so that a model file that never ends holds up neither a training nor the editor.
 */
export type TrainerRole = 'training' | 'inspection' | 'grading' | 'kernel';

/** The user's choice: `auto` is the native engine where one works, else the one that runs everywhere. */
export const ENGINE_CHOICES = ['auto', 'native', 'wasm'] as const;
export type EngineChoice = (typeof ENGINE_CHOICES)[number];

/** Where the native engine can be prepared. */
export const NATIVE_PLATFORMS: readonly string[] = ['linux-x64', 'linux-arm64', 'darwin-arm64'];

/** What a trainer was started with, and why it has the engine that it has. Another wish needs another process. */
export interface EngineWish {
  readonly choice: EngineChoice;
  /** Which native engine was there, and when it was made; absent: none. */
  readonly prepared?: string;
  /** How many threads it computes with; absent: one a processor. */
  readonly threads?: number;
}

/** What a trainer does with its run when nobody is attached any more. */
export interface AbandonPolicy {
  readonly action: 'continue' | 'stop';
  /** A window reload takes a few seconds; only after this long is the run abandoned. */
  readonly graceSeconds: number;
}

/** What a trainer needs to know to load its engine. */
export interface EngineOptions {
  readonly engine: EngineWish;
  /** Native engines to try, best first. */
  readonly engineDirectories: readonly string[];
  /**
   * The first of them is for a GPU. Where it fails, this process is spoilt for another TensorFlow: it ends, and the client
   * notes that and starts one without.
   */
  readonly gpu?: boolean;
  /** Why the engine for a GPU is not among them although it is there: it has failed before. */
  readonly gpuUnfit?: LabErrorData;
  /** Where an engine that came in a package is unpacked, and what else takes long to make. */
  readonly cacheDirectory: string;
  /** Where the files of the WebAssembly engine are. */
  readonly wasmDirectory: string;
  /** Why `auto` does not even try the native engine: it has ended a process that loaded it. */
  readonly unfit?: LabErrorData;
  /** What prepares an engine where the reader of an error is: a command of the terminal or of VS Code. */
  readonly prepareEngine: string;
}

export interface LaunchOptions extends EngineOptions {
  /** Requests of other roles are refused. */
  readonly role: TrainerRole;
  /** Folder of the lab whose program it is: another one's, as after an update, does not suit a client. */
  readonly root: string;
  /** The lock of its project and role: who holds it is the trainer of that project, see `TrainerEntry`. */
  readonly lockFile: string;
  /** Where to listen, the best first: paths of a Unix socket, or the name of a Windows pipe. */
  readonly addresses: readonly string[];
  /** Of a kernel: a client writes a ticket there, and what blocks the process in that cell is ended, not the process. */
  readonly interruptFile: string;
  /** Where the trainer's main thread is as long as the learner's code blocks it: LabErrorData as JSON. */
  readonly blockedFile: string;
  /** Where the trainer says why it could not start, or had to end: LabErrorData as JSON. */
  readonly failureFile: string;
  readonly dataDirectories: readonly string[];
  /** The language model that set-up brings: its file, whether it is there or not. */
  readonly languageModel: string;
  /** The user's language, e.g. "zh-cn". */
  readonly locale: string;
  /** File of translated texts, absent for English. */
  readonly l10nBundle?: string;
  /** The process ends itself above this much resident memory. */
  readonly memoryLimitMB: number;
  /** The process ends itself when the learner's code blocks it for so long. */
  readonly blockedSeconds: number;
  /** A trainer with neither client nor work ends after this long. */
  readonly idleSeconds: number;
}

/** What a trainer writes into its lock. */
export interface TrainerEntry {
  /** As in `TrainerHello`. */
  readonly instance: string;
  /** The address that it listens on. */
  readonly address: string;
  /** As in `LaunchOptions`. */
  readonly root: string;
}
