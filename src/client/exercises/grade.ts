/** The one runner of exercises, for Test Explorer, panel and command line: grades in a process that can be ended. */
import * as l10n from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import { LabError, type LabErrorData } from '../../protocol/errors';
import type {
  CheckReport,
  CheckVerdict,
  Exercise,
  ExerciseCheck,
  ExerciseVerdict,
  GradingProgress,
} from '../../protocol/exercise';
import type { TrainerConnection } from '../processes/connection';
import { answerHash, answerIn } from './answer';
import { checksFileOf } from './definition';

export interface GradeRequest {
  readonly exercise: Exercise;
  /** Absolute path. */
  readonly modelFile: string;
  /** Its text, where the editor holds one that is newer than the file. */
  readonly source?: string;
  /** The user's setting `deepLearningLab.data.directory`. */
  readonly dataDirectory?: string;
}

export interface GradeOptions {
  /** Attaches to a trainer of the role 'grading', or starts one. Called again after one had to be ended. */
  readonly open: () => Promise<TrainerConnection>;
  readonly signal?: AbortSignal;
  readonly onStart?: (check: ExerciseCheck) => void;
  readonly onVerdict?: (verdict: CheckVerdict) => void;
  readonly now?: () => Date;
}

/** Loops that do not end twice are enough: the learner waited long. */
const MOST_TIMEOUTS = 2;

/** What the watch over a grading makes of it. */
type Outcome =
  | { readonly kind: 'complete' }
  | { readonly kind: 'error'; readonly error: LabErrorData }
  /** A check, or undefined for the loading of the model file, did not end. */
  | { readonly kind: 'timeout'; readonly check: string | undefined; readonly seconds: number };

/**
 * Grades an exercise against the learner's text. Every check gets a verdict, whatever the learner's code does.
 * @throws LabError ENGINE_*, TRAINER_*, CANCELLED; never for what the learner wrote
 */
export async function grade(request: GradeRequest, options: GradeOptions): Promise<ExerciseVerdict> {
  const { exercise, modelFile } = request;
  const started = performance.now();
  const source = request.source ?? (await fs.readFile(modelFile, 'utf8').catch(() => undefined));
  const verdicts = new Map<string, CheckVerdict>();
  const conclude = (verdict: CheckVerdict): void => {
    verdicts.set(verdict.id, verdict);
    options.onVerdict?.(verdict);
  };
  let error: LabErrorData | undefined;
  for (let timeouts = 0; error === undefined && timeouts < MOST_TIMEOUTS;) {
    const left = exercise.checks.filter(({ id }) => !verdicts.has(id));
    if (left.length === 0) break;
    const outcome = await attempt(request, left, options, conclude);
    if (outcome.kind === 'error') error = outcome.error;
    if (outcome.kind === 'complete') break;
    if (outcome.kind !== 'timeout') continue;
    timeouts += 1;
    const stuck = left.find(({ id }) => id === outcome.check);
    if (stuck === undefined) error = endlessFile(modelFile, outcome.seconds);
    else conclude(timedOut(stuck, outcome.seconds));
  }
  const checks = exercise.checks.map((check) => verdicts.get(check.id) ?? notRun(check, error));
  const answer = source === undefined ? undefined : answerIn(source, exercise.name);
  return {
    lesson: exercise.lesson,
    exercise: exercise.id,
    passed: error === undefined && checks.every(({ status }) => status === 'passed'),
    checks,
    ...(error === undefined ? {} : { error }),
    seconds: (performance.now() - started) / 1000,
    ...(answer === undefined ? {} : { answer: answerHash(answer) }),
    at: (options.now?.() ?? new Date()).toISOString(),
  };
}

async function attempt(
  { exercise, modelFile, source, dataDirectory }: GradeRequest,
  checks: readonly ExerciseCheck[],
  { open, signal, onStart }: GradeOptions,
  conclude: (verdict: CheckVerdict) => void,
): Promise<Outcome> {
  if (isAborted(signal)) throw cancelled();
  const trainer = await open();
  if (isAborted(signal)) {
    // Starting a process takes long enough for a change of mind.
    trainer.dispose();
    throw cancelled();
  }
  const ticket = randomUUID();
  const watch = new Watch(trainer, signal);
  const subscription = trainer.on('exercise/progress', ({ ticket: other, progress }) => {
    if (other !== ticket) return;
    watch.saw(progress);
    if (progress.kind === 'loading') return;
    const id = progress.kind === 'started' ? progress.check : progress.report.check;
    const check = checks.find((candidate) => candidate.id === id);
    if (check === undefined) return;
    if (progress.kind === 'started') onStart?.(check);
    else conclude(verdictOf(check, progress.report, exercise));
  });
  try {
    const graded = trainer
      .request('exercise/check', {
        ticket,
        modelFile,
        ...(source === undefined ? {} : { source }),
        ...(dataDirectory === undefined ? {} : { dataDirectory }),
        checksFile: checksFileOf(exercise),
        name: exercise.name,
        only: checks.map(({ id }) => id),
      })
      .then(
        (): Outcome => ({ kind: 'complete' }),
        // When the process ends, the request fails as well; the watch knows better why.
        async (error: unknown): Promise<Outcome> => (error instanceof LabError ? failed(error) : await watch.ended),
      );
    return await Promise.race([graded, watch.ended]);
  } finally {
    watch.stop();
    subscription.dispose();
    trainer.dispose();
  }
}

const failed = (error: LabError): Outcome => ({ kind: 'error', error: error.data });

/** Ends the process of a check that takes too long, or when the user cancels. */
class Watch {
  readonly ended: Promise<Outcome>;
  private resolve!: (outcome: Outcome) => void;
  private reject!: (error: unknown) => void;
  private timer: NodeJS.Timeout | undefined;
  private check: string | undefined;
  private readonly cancel = (): void => {
    void this.trainer.kill().finally(() => {
      this.reject(cancelled());
    });
  };

  constructor(
    private readonly trainer: TrainerConnection,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    // Whoever races with it hears of it.
    this.ended.catch(() => undefined);
    signal?.addEventListener('abort', this.cancel);
    void trainer.closed.then(({ expected, error }) => {
      if (expected) return;
      this.resolve({ kind: 'error', error: error ?? { code: 'TRAINER_DIED', message: l10n.t('The grading ended.') } });
    });
  }

  saw(progress: GradingProgress): void {
    clearTimeout(this.timer);
    if (progress.kind === 'done') return;
    this.check = progress.kind === 'started' ? progress.check : undefined;
    const { seconds } = progress;
    this.timer = setTimeout(() => {
      // The next one is opened when this one is gone.
      void this.trainer.kill().finally(() => {
        this.resolve({ kind: 'timeout', check: this.check, seconds });
      });
    }, seconds * 1000);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.signal?.removeEventListener('abort', this.cancel);
  }
}

function verdictOf(check: ExerciseCheck, report: CheckReport, { mistakes }: Exercise): CheckVerdict {
  if (report.passed) return { ...check, status: 'passed' };
  const { failure, error } = report;
  const recognised = failure?.mistake === undefined ? undefined : (mistakes[failure.mistake] ?? failure.mistake);
  const message = recognised ?? failure?.message ?? error?.message;
  const expected = failure?.expected ?? error?.expected;
  const found = failure?.found ?? error?.found;
  return {
    ...check,
    status: 'failed',
    ...(message === undefined ? {} : { message }),
    ...(expected === undefined ? {} : { expected }),
    ...(found === undefined ? {} : { found }),
    ...(failure?.input === undefined ? {} : { input: failure.input }),
    ...(error?.location === undefined ? {} : { location: error.location }),
  };
}

function timedOut(check: ExerciseCheck, seconds: number): CheckVerdict {
  const message = l10n.t('Your code did not return within {0} s: look for a loop that never ends.', seconds);
  return { ...check, status: 'timedOut', message };
}

function notRun(check: ExerciseCheck, error: LabErrorData | undefined): CheckVerdict {
  const message = error?.message ?? l10n.t('Not run: checks before it did not end.');
  return { ...check, status: 'notRun', message };
}

function endlessFile(file: string, seconds: number): LabErrorData {
  return {
    code: 'EXERCISE_TIMEOUT',
    message: l10n.t('The model file was not read to its end within {0} s.', seconds),
    remedy: l10n.t('Look for a loop outside of any function that never ends.'),
    location: { file, line: 1, column: 1 },
  };
}

function cancelled(): LabError {
  return new LabError({ code: 'CANCELLED', message: l10n.t('The checking was cancelled.') });
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
