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
import type { Postpone } from '../processes/supervise';
import type { Worker } from '../processes/worker';
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
  /** Of the role 'grading'. */
  readonly worker: Worker;
  readonly signal?: AbortSignal;
  readonly onStart?: (check: ExerciseCheck) => void;
  readonly onVerdict?: (verdict: CheckVerdict) => void;
  readonly now?: () => Date;
}

/** Loops that do not end twice are enough: the learner waited long. */
const MOST_TIMEOUTS = 2;

/** What came of it to let the checks run that are left. */
type Attempt =
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
  { worker, signal, onStart }: GradeOptions,
  conclude: (verdict: CheckVerdict) => void,
): Promise<Attempt> {
  const ticket = randomUUID();
  /** The check that runs; undefined while the model file is loaded. */
  let current: string | undefined;
  const follow = (progress: GradingProgress, postpone: Postpone): void => {
    if (progress.kind === 'done') postpone(Infinity);
    else {
      current = progress.kind === 'started' ? progress.check : undefined;
      postpone(progress.seconds);
    }
    if (progress.kind === 'loading') return;
    const id = progress.kind === 'started' ? progress.check : progress.report.check;
    const check = checks.find((candidate) => candidate.id === id);
    if (check === undefined) return;
    if (progress.kind === 'started') onStart?.(check);
    else conclude(verdictOf(check, progress.report, exercise));
  };
  // A client may have to wait for the grading of another one, so that the first limit comes with the first progress.
  const terms = { seconds: Infinity, ...(signal === undefined ? {} : { signal }) };
  const outcome = await worker.run(terms, async (trainer, postpone) => {
    const subscription = trainer.on('exercise/progress', ({ ticket: other, progress }) => {
      if (other === ticket) follow(progress, postpone);
    });
    const request = {
      ticket,
      modelFile,
      ...(source === undefined ? {} : { source }),
      ...(dataDirectory === undefined ? {} : { dataDirectory }),
      checksFile: checksFileOf(exercise),
      name: exercise.name,
      only: checks.map(({ id }) => id),
    };
    try {
      await trainer.request('exercise/check', request);
      return undefined;
    } catch (error) {
      // What stands in the way of every check is a verdict, too.
      if (error instanceof LabError && trainer.isOpen) return error.data;
      throw error;
    } finally {
      subscription.dispose();
    }
  });
  switch (outcome.kind) {
    case 'done':
      return outcome.value === undefined ? { kind: 'complete' } : { kind: 'error', error: outcome.value };
    case 'late':
      return { kind: 'timeout', check: current, seconds: outcome.seconds };
    case 'died':
      return { kind: 'error', error: outcome.death };
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
    message: l10n.t('The code was not read to its end within {0} s.', seconds),
    remedy: l10n.t('Look for a loop outside of any function that never ends.'),
    location: { file, line: 1, column: 1 },
  };
}
