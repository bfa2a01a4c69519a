/**
 * The errors a user can cause or meet. Every one has a code, so that the documentation, the tests and the host
 * can speak of it; what was expected and found; where; and what to do.
 */

import type { Fix } from './fix';

/** Stable identifiers. Never reuse one for another meaning. */
export type LabErrorCode =
  // engine
  | 'ENGINE_MISSING'
  | 'ENGINE_INCOMPLETE'
  | 'ENGINE_UNPACK'
  | 'ENGINE_WRONG_PLATFORM'
  | 'ENGINE_LOAD_FAILED'
  | 'ENGINE_PROBE_FAILED'
  | 'ENGINE_NO_GPU'
  // model files
  | 'MODEL_FILE_MISSING'
  | 'MODEL_FILE_NOT_SHOWN'
  | 'MODEL_SYNTAX'
  | 'MODEL_IMPORT'
  | 'MODEL_NO_EXPERIMENT'
  | 'MODEL_THREW'
  | 'MODEL_EXIT'
  | 'MODEL_SHAPE'
  | 'ENGINE_OPERATION'
  | 'MODEL_GRADIENT'
  | 'MODEL_FREED_TENSOR'
  | 'EXPERIMENT_INVALID'
  | 'MODEL_UNKNOWN_NAME'
  | 'MODEL_LOSS_ACTIVATION'
  | 'MODEL_LOSS_VALUE'
  | 'MODEL_LOSS_FLAT'
  | 'MODEL_METRIC_VALUE'
  | 'MODEL_LOSS_TARGETS'
  | 'MODEL_METRIC_THRESHOLD'
  | 'MODEL_OWN_GRADIENT'
  | 'MODEL_LEARNING_RATE'
  | 'SCHEDULE_INVALID'
  | 'INITIAL_WEIGHTS'
  | 'MODEL_TIMEOUT'
  | 'STEP_OUTSIDE'
  | 'MODEL_ATTENTION'
  // data
  | 'DATA_MISSING'
  | 'DATA_CORRUPT'
  | 'DATA_DOWNLOAD'
  | 'DATA_LABEL_RANGE'
  | 'DATA_LOADER'
  | 'DATA_INVALID'
  | 'DATA_NOT_FINITE'
  | 'DATA_UNUSABLE'
  | 'DATA_SLOW'
  | 'DATA_NO_TARGET'
  | 'TEXT_EMPTY'
  | 'TEXT_ENCODING'
  | 'TEXT_TOO_LONG'
  | 'TEXT_TOO_SHORT'
  | 'TEXT_UNKNOWN'
  | 'TOKEN_UNKNOWN'
  // language models
  | 'GGUF_MISSING'
  | 'GGUF_CORRUPT'
  | 'GGUF_UNSUPPORTED'
  | 'GGUF_INCONSISTENT'
  | 'GGUF_MEMORY'
  | 'PROMPT_INVALID'
  // training
  | 'NON_FINITE_LOSS'
  | 'NON_FINITE_GRADIENT'
  | 'OUT_OF_MEMORY'
  | 'TRAINING_MEMORY'
  | 'CHECKPOINT_NONE'
  | 'CHECKPOINT_DAMAGED'
  | 'CHECKPOINT_OTHER_MODEL'
  | 'CHECKPOINT_COMPLETE'
  | 'BASE_MISSING'
  | 'BASE_CHANGED'
  | 'RUN_FOLDER_UNWRITABLE'
  | 'RUN_UNKNOWN'
  | 'RUN_MISSING'
  | 'RUN_NO_TEXT'
  | 'RUN_CORRUPT'
  | 'FORMAT_NEWER'
  | 'RUN_ACTIVE'
  | 'RUN_FOREIGN'
  | 'CACHE_IN_USE'
  | 'CACHE_UNWRITABLE'
  | 'LEARNING_RATE_INVALID'
  | 'PICTURE_SETTING'
  | 'PICTURE_WORD'
  | 'PICTURE_GONE'
  | 'CHAT_BUSY'
  | 'CHAT_TOO_LONG'
  | 'CHAT_EMPTY'
  | 'CHAT_NONE'
  | 'TRAINER_BUSY'
  // the trainer's process
  | 'TRAINER_START'
  | 'TRAINER_DIED'
  | 'TRAINER_UNRESPONSIVE'
  | 'TRAINER_ROLE'
  | 'TRAINER_BLOCKED'
  | 'SOCKET_FOLDER_UNSAFE'
  | 'SOCKET_FOLDER_MISSING'
  | 'PROTOCOL_VERSION'
  // lessons and working copies
  | 'LESSON_UNKNOWN'
  | 'LESSON_INVALID'
  | 'WORKING_COPY'
  | 'EDIT_REFUSED'
  // notebooks
  | 'NOTEBOOK_ENCODING'
  | 'NOTEBOOK_NOT_SHOWN'
  // exercises
  | 'EXERCISE_CELL'
  | 'EXERCISE_EXPORT'
  | 'EXERCISE_KIND'
  | 'EXERCISE_FAULT'
  | 'EXERCISE_TIMEOUT'
  | 'EXERCISE_UNKNOWN'
  | 'PROGRESS_CORRUPT'
  | 'PROGRESS_FILE'
  // notebooks
  | 'CELL_OUTSIDE'
  | 'CELL_ARGUMENT'
  | 'VARIABLE_UNKNOWN'
  | 'KERNEL_GONE'
  | 'NOTEBOOK_UNREADABLE'
  // command line and set-up
  | 'ARGUMENT_INVALID'
  | 'PORT_IN_USE'
  | 'SETUP_PROGRAM_MISSING'
  | 'SETUP_STEP_FAILED'
  | 'SETUP_NO_GPU'
  | 'CANCELLED'
  | 'INTERNAL';

/** A place in a file the user can open. Lines and columns count from 1, as editors show them. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What travels over the socket, into run.json and to the panel. Texts are already in the user's language. */
export interface LabErrorData {
  readonly code: LabErrorCode;
  /** What happened, one sentence. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy?: string;
  readonly expected?: string;
  readonly found?: string;
  readonly location?: SourceLocation;
  /** The field of the experiment, or the argument of a call, that this is about: "epochs", "stopWhen.patience". */
  readonly field?: string;
  /** What an editor can do about it, the best first. */
  readonly fixes?: readonly Fix[];
  /** Further places, e.g. the stack in the learner's own files, innermost first. */
  readonly trace?: readonly SourceLocation[];
  /** Long technical text: the tail of stderr, a stack. Shown on request only. */
  readonly details?: string;
}

/** The one class every part throws; only its `data` crosses a process boundary. */
export class LabError extends Error {
  override readonly name = 'LabError';
  /** The learner's own function that this is about; who knows their source finds its place. */
  readonly about: unknown;
  constructor(
    readonly data: LabErrorData,
    options?: ErrorOptions & { readonly about?: unknown },
  ) {
    super(data.message, options);
    this.about = options?.about;
  }
  get code(): LabErrorCode {
    return this.data.code;
  }
}

/** Any thrown value as data; what is not a LabError is a fault of ours and says so. */
export function toErrorData(error: unknown): LabErrorData {
  if (error instanceof LabError) return error.data;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return { code: 'INTERNAL', message, ...(stack === undefined ? {} : { details: stack }) };
}

/** Makes a forgotten case of a union a compile error. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled case: ${JSON.stringify(value)}`);
}
