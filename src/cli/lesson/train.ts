/** One training from a terminal, through the same trainer and protocol as VS Code's. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { CancellationTokenSource, type CancellationToken } from 'vscode-jsonrpc';
import type { LabPaths } from '../../client/paths';
import { followRun } from '../../client/runs/follow';
import { TrainerConnection, type TrainerExit } from '../../client/processes/connection';
import { endTrainer } from '../../client/processes/unresponsive';
import { LabError } from '../../protocol/errors';
import type { EngineChoice } from '../../protocol/launch';
import { ACTIVE_STATES, type Point, type RunRecord } from '../../protocol/run';
import type { ResultOf, StartRun } from '../../protocol/trainer';
import { readPoints } from '../../runFolder/points';
import { endRun } from '../../runFolder/runs';
import type { StopRequests } from '../stop';
import type { LessonReport } from './report';
import type { Consent } from './silent';

export interface TrainingRequest {
  readonly paths: LabPaths;
  readonly modelFile: string;
  readonly lesson?: string;
  readonly runsDirectory: string;
  /** The learner's own data sets. */
  readonly dataDirectory?: string;
  readonly overrides: NonNullable<StartRun['overrides']>;
  readonly locale: string;
  readonly engine: EngineChoice;
  /** Whether a trainer of this folder that does not answer shall be ended. */
  readonly consent: Consent;
  readonly answerSeconds?: number;
}

/** When our process dies without a word, nobody wants the rest of the run. */
const ABANDON_SECONDS = 5;
const IDLE_SECONDS = 10;

export interface TrainingResult {
  readonly record: RunRecord;
  readonly runFolder: string;
}

/**
 * Trains to the end, or until `signal` asks to stop: then between two steps, and by force when the signal comes again
 * or the model file does not let go.
 *
 * @throws LabError ENGINE_*, TRAINER_*, CANCELLED before the run exists; later failures are the record's state
 */
export async function train(
  request: TrainingRequest,
  report: LessonReport,
  stops: StopRequests,
): Promise<TrainingResult> {
  report.activity(l10n.t('Starting TensorFlow'), null);
  const { trainer, runFolder, record } = await cancelling(stops, (token) => begin(request, token));
  try {
    const final = await follow(trainer, record.id, runFolder, report, stops);
    report.summary(final, runFolder);
    return { record: final, runFolder };
  } finally {
    await leave(trainer);
  }
}

interface Begun extends ResultOf<'run/start'> {
  readonly trainer: TrainerConnection;
}

async function begin(request: TrainingRequest, token: CancellationToken): Promise<Begun> {
  const { modelFile, runsDirectory, dataDirectory, lesson, overrides } = request;
  for (;;) {
    const trainer = await startTrainer(request, token);
    try {
      const started = await trainer.startRun(
        {
          modelFile,
          runsDirectory,
          abandon: { action: 'stop', graceSeconds: ABANDON_SECONDS },
          ...(dataDirectory === undefined ? {} : { dataDirectory }),
          ...(lesson === undefined ? {} : { lesson }),
          overrides,
        },
        token,
      );
      return { ...started, trainer };
    } catch (error) {
      await leave(trainer);
      // It was that of a run before, and went as it was found.
      if (!trainer.endedInOrder || token.isCancellationRequested) throw error;
    }
  }
}

async function startTrainer(request: TrainingRequest, token: CancellationToken): Promise<TrainerConnection> {
  const { modelFile, paths, locale, engine, runsDirectory, consent, answerSeconds } = request;
  const options = {
    project: path.dirname(modelFile),
    paths,
    locale,
    engine,
    idleSeconds: IDLE_SECONDS,
    ...(answerSeconds === undefined ? {} : { answerSeconds }),
  };
  for (;;) {
    try {
      return await TrainerConnection.start(options, token);
    } catch (error) {
      if (!(error instanceof LabError) || error.code !== 'TRAINER_UNRESPONSIVE') throw error;
      if (!(await consent(error))) throw error;
      await endTrainer(options, runsDirectory);
    }
  }
}

async function follow(
  trainer: TrainerConnection,
  runId: string,
  runFolder: string,
  report: LessonReport,
  stops: StopRequests,
): Promise<RunRecord> {
  let seen = 0;
  const deliver = (from: number, points: readonly Point[]): void => {
    seen = from + points.length;
    report.points(points);
  };
  const subscriptions: { dispose(): void }[] = [];
  try {
    return await new Promise<RunRecord>((resolve, reject) => {
      const following = followRun(trainer, runFolder, {
        record: (record) => {
          report.record(record);
          if (!ACTIVE_STATES.has(record.state)) resolve(record);
        },
        points: deliver,
        picture: (picture) => {
          report.picture(picture);
        },
        activity: (text, fraction) => {
          report.activity(text, fraction);
        },
        output: (stream, text) => {
          report.output(stream, text);
        },
      });
      following.ready.catch(reject);
      const stop = stops.onStop((times) => {
        stopRun(trainer, runId, runFolder, times, report).then(resolve, reject);
      });
      subscriptions.push(following, stop);
      void trainer.closed.then((exit) => {
        // Ends that we asked for are reported by whoever asked.
        if (!trainer.isLeft) foundDead(runFolder, exit).then(resolve, reject);
      });
    });
  } finally {
    for (const subscription of subscriptions) subscription.dispose();
    // The last record may have overtaken points; they are on disk.
    deliver(seen, await readPoints(runFolder, seen));
  }
}

async function stopRun(
  trainer: TrainerConnection,
  runId: string,
  runFolder: string,
  times: number,
  report: LessonReport,
): Promise<RunRecord> {
  if (times === 1) {
    report.notice(l10n.t('Stopping after this step; press Ctrl+C again to stop at once.'));
    return trainer.stopRun(runId, runFolder);
  }
  return trainer.killRun(runFolder);
}

/** Nobody else is left to write how the run ended. */
async function foundDead(runFolder: string, exit: TrainerExit): Promise<RunRecord> {
  const error = exit.error === undefined ? {} : { error: exit.error };
  return endRun(runFolder, { reason: 'trainerDied', at: new Date().toISOString(), unattended: false, ...error });
}

/** Hands `work` a token that is cancelled by the first request to stop. */
async function cancelling<T>(stops: StopRequests, work: (token: CancellationToken) => Promise<T>): Promise<T> {
  const source = new CancellationTokenSource();
  const subscription = stops.onStop(() => {
    source.cancel();
  });
  try {
    return await work(source.token);
  } finally {
    subscription.dispose();
    source.dispose();
  }
}

/** The process has served its purpose; one that is already gone, or busy for another client, is left alone. */
async function leave(trainer: TrainerConnection): Promise<void> {
  await trainer.shutDown().catch(() => undefined);
  trainer.dispose();
}
