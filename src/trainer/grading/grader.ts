/** Grades exercises: loads the learner's file and the checks, runs each check by itself, and says what each found. */
import * as l10n from '@vscode/l10n';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CheckContext, ExerciseChecks } from '../../lab/grading';
import { CheckFailure } from '../../lab/grading/failure';
import { DEFAULT_SECONDS, isExerciseChecks } from '../../lab/grading/exercise';
import type { Dataset } from '../../lab/dataset';
import type { Splits } from '../../lab/dataset';
import { loadSplits } from '../../lab/loadSplits';
import { LabError, toErrorData, type LabErrorData } from '../../protocol/errors';
import type { CheckExercise, CheckReport, GradingProgress } from '../../protocol/exercise';
import { withCompiler } from '../modelFile/bundle';
import { describeModelError, type Origin } from '../modelFile/errors';
import { loadModule, type LoadedModule } from '../modelFile/load';
import { Randomness } from '../../learning/training/randomness';
import { scoped } from '../../learning/training/scope';
import { faultOfExercise, notExported, wrongKind } from './errors';
import { keepingInputs } from './inputs';
import { trainInCheck } from './training';

/** A model file that takes longer than this to load does not end. */
const LOADING_SECONDS = 15;
/** Checks draw from this seed, so that the same answer gets the same verdict. */
const SEED = 1;

export interface GradingEnvironment {
  readonly dataDirectories: readonly string[];
  readonly cacheDirectory: string;
}

type Check = ExerciseChecks<unknown>['checks'][string];

export class Grader {
  /** Checks may share TensorFlow's scopes and the random source: one grading at a time. */
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly environment: GradingEnvironment) {}

  /** @throws LabError of the model file, EXERCISE_EXPORT, EXERCISE_KIND, EXERCISE_FAULT: what stands in the way of every check */
  grade(request: CheckExercise, progress: (progress: GradingProgress) => void): Promise<void> {
    const grading = this.queue.then(() => this.gradeNow(request, progress));
    this.queue = grading.catch(() => undefined);
    return grading;
  }

  private async gradeNow(request: CheckExercise, progress: (progress: GradingProgress) => void): Promise<void> {
    const { modelFile, source, dataDirectory, checksFile, name, only } = request;
    const { checks, learners } = await withCompiler(async () => {
      progress({ kind: 'loading', seconds: LOADING_SECONDS });
      await nextTurn();
      const checks = await loadChecks(checksFile);
      return { checks, learners: await loadModule({ file: modelFile, ...(source === undefined ? {} : { source }) }) };
    });
    try {
      const learner = keepingInputs(learnersExport(learners, name, checks.kind));
      const context = this.contextOf(learner, learners, dataDirectory);
      for (const [id, check] of Object.entries(checks.checks)) {
        if (only !== undefined && !only.includes(id)) continue;
        progress({
          kind: 'started',
          check: id,
          seconds: typeof check === 'function' ? DEFAULT_SECONDS : check.seconds,
        });
        // What was said leaves before code runs that may never end.
        await nextTurn();
        const report = await runCheck(id, check, context, learners, checksFile);
        progress({ kind: 'done', report });
      }
    } finally {
      learners.release();
    }
  }

  private contextOf(
    learner: unknown,
    { exported, effects }: LoadedModule,
    own: string | undefined,
  ): CheckContext<unknown> {
    const { dataDirectories, cacheDirectory } = this.environment;
    const directories = [...(own === undefined ? [] : [own]), ...dataDirectories];
    const load = (dataset: Dataset): Promise<Splits> =>
      loadSplits(dataset, {
        directories,
        cacheDirectory,
        signal: new AbortController().signal,
        progress: () => undefined,
      });
    return {
      learner,
      exports: exported,
      // What is loaded is what the data set's own `load` gave, once it was looked at.
      load: load as CheckContext<unknown>['load'],
      train: async (experiment, { epochs } = {}) =>
        trainInCheck(experiment, await load(experiment.data), epochs, effects),
      cacheDirectory,
      directories,
    };
  }
}

async function loadChecks(file: string): Promise<ExerciseChecks<unknown>> {
  let exported: unknown;
  try {
    exported = (await loadModule({ file })).exported['default'];
  } catch (error) {
    const { message, location, details } = toErrorData(error);
    throw faultOfExercise(file, message, location, details);
  }
  if (isExerciseChecks(exported)) return exported;
  throw faultOfExercise(file, l10n.t('its checks.ts does not export checks.'));
}

function learnersExport({ exported, source, file }: LoadedModule, name: string, kind: 'function' | 'number'): unknown {
  if (!Object.hasOwn(exported, name)) throw notExported(name, Object.keys(exported), source, file);
  const value = exported[name];
  if (typeof value === kind && !(typeof value === 'number' && Number.isNaN(value))) return value;
  const expected = kind === 'function' ? l10n.t('a function') : l10n.t('a number');
  throw wrongKind(name, expected, typeof value === 'number' ? String(value) : typeof value, source, file);
}

async function runCheck(
  id: string,
  check: Check,
  context: CheckContext<unknown>,
  origin: Origin,
  checksFile: string,
): Promise<CheckReport> {
  const started = performance.now();
  const outcome = await outcomeOf(check, context, origin, checksFile);
  const seconds = (performance.now() - started) / 1000;
  return { check: id, passed: Object.keys(outcome).length === 0, seconds, ...outcome };
}

async function outcomeOf(
  check: Check,
  context: CheckContext<unknown>,
  origin: Origin,
  checksFile: string,
): Promise<Pick<CheckReport, 'failure' | 'error'>> {
  try {
    if (typeof check === 'function') {
      const draw = new Randomness(SEED);
      draw.during(() => {
        scoped(() => {
          check(context);
        });
      });
    } else {
      await check.run(context);
    }
    return {};
  } catch (error) {
    if (error instanceof CheckFailure) return { failure: error.data };
    return { error: errorOf(error, origin, checksFile) };
  }
}

function errorOf(error: unknown, origin: Origin, checksFile: string): LabErrorData {
  const described = describeModelError(error, origin);
  if (described instanceof LabError) return described.data;
  const { message, details } = toErrorData(error);
  return faultOfExercise(checksFile, message, undefined, details).data;
}
