/** The run that a trainer trains: one at a time, whoever has begun it, and what clients may ask of it. */
import * as l10n from '@vscode/l10n';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CancellationToken } from 'vscode-jsonrpc';
import type { StopReason } from '../../learning/training/control';
import { LabError } from '../../protocol/errors';
import type { RequestHandlers } from '../../protocol/rpc';
import type { RunRecord } from '../../protocol/run';
import type { StartRun } from '../../protocol/trainer';
import type { RunListener } from '../runs/journal';
import { runLabel, type RunEnvironment } from '../runs/record';
import { Run } from '../runs/run';
import { pictureGone } from '../../words/pictures/gone';

export interface RunHost {
  readonly environment: RunEnvironment;
  /** Tells the clients. */
  readonly listener: RunListener;
  /** A run is being made. */
  begins(): void;
  /** It has begun, or could not. */
  begun(): void;
  ended(record: RunRecord): void;
}

type Requests =
  'run/stop' | 'run/pause' | 'run/resume' | 'run/step' | 'run/setLearningRate' | 'run/setPicture' | 'run/pictures';

export class CurrentRun {
  private run: Run | undefined;
  /** What the run is called that is being made: the curve that it resumes is copied. */
  private beginning: string | undefined;

  constructor(private readonly host: RunHost) {}

  get isActive(): boolean {
    return this.run?.isActive === true;
  }

  /** It is active, or about to be. */
  get isBusy(): boolean {
    return this.isActive || this.beginning !== undefined;
  }

  get isPaused(): boolean {
    return this.run?.current.state === 'paused';
  }

  /** The active one, or the last. */
  get latest(): { readonly record: RunRecord; readonly id: string; readonly folder: string } | undefined {
    const { run } = this;
    return run === undefined ? undefined : { record: run.current, id: run.folder.id, folder: run.folder.path };
  }

  /** @throws LabError TRAINER_BUSY, CANCELLED, what making the run throws */
  async start(request: StartRun, token: CancellationToken): Promise<Run> {
    // A process that was stopped for a while reads the request and its cancellation in one go.
    await nextTurn();
    if (token.isCancellationRequested) throw calledOff();
    const calling = new AbortController();
    token.onCancellationRequested(() => {
      calling.abort(calledOff());
    });
    const { environment, listener } = this.host;
    return await this.begin(runLabel(request), () =>
      Run.begin(request, environment, listener, { signal: calling.signal }),
    );
  }

  /** Makes a run the one that this trainer trains. @throws LabError TRAINER_BUSY, what `begin` throws */
  async begin(label: string, begin: () => Promise<Run>): Promise<Run> {
    this.refuseIfBusy();
    this.beginning = label;
    this.host.begins();
    // A model is looked at until the next one is trained.
    this.run?.release();
    let run: Run;
    try {
      this.run = run = await begin();
    } finally {
      this.beginning = undefined;
      this.host.begun();
    }
    void run.ended.then((record) => {
      this.host.ended(record);
    });
    return run;
  }

  /** @throws LabError TRAINER_BUSY */
  refuseIfBusy(): void {
    if (this.beginning !== undefined) throw busy(this.beginning);
    if (this.run?.isActive === true) throw busy(this.run.current.title);
  }

  /** Ends it, where it is active. */
  async stop(reason: StopReason): Promise<void> {
    if (this.run?.isActive === true) await this.run.stop(reason);
  }

  /** Ends it for an error that came beside it. */
  fail(error: unknown): void {
    this.run?.fail(error);
  }

  handlers(): Pick<RequestHandlers, Requests> {
    return {
      'run/stop': ({ runId }) => this.find(runId).stop('stoppedByUser'),
      'run/pause': async ({ runId }) => {
        this.find(runId).pause();
        return Promise.resolve(this.find(runId).current);
      },
      'run/resume': async ({ runId }) => {
        this.find(runId).resume();
        return Promise.resolve(this.find(runId).current);
      },
      'run/step': async ({ runId }) => {
        await this.find(runId).step();
        return this.find(runId).current;
      },
      'run/setLearningRate': async ({ runId, learningRate }) => {
        if (!(learningRate > 0) || !Number.isFinite(learningRate)) throw badLearningRate(learningRate);
        this.find(runId).setLearningRate(learningRate);
        return Promise.resolve(this.find(runId).current);
      },
      'run/setPicture': async ({ runId, settings }) => {
        if (this.run?.folder.id !== runId) throw pictureGone();
        await this.run.setPicture(settings);
        return null;
      },
      'run/pictures': ({ runId }) => Promise.resolve(this.run?.folder.id === runId ? this.run.latePictures : []),
    };
  }

  private find(runId: string): Run {
    if (this.run?.folder.id !== runId || !this.run.isActive) throw unknownRun(runId);
    return this.run;
  }
}

function calledOff(): LabError {
  return new LabError({ code: 'CANCELLED', message: l10n.t('Cancelled.') });
}

function unknownRun(runId: string): LabError {
  return new LabError({
    code: 'RUN_UNKNOWN',
    message: l10n.t('This trainer has no active run "{0}".', runId),
    remedy: l10n.t('The run may have ended; run the lesson again.'),
  });
}

function busy(title: string): LabError {
  return new LabError({
    code: 'TRAINER_BUSY',
    message: l10n.t('"{0}" is still training.', title),
    remedy: l10n.t('Stop it, or wait until it ends.'),
  });
}

function badLearningRate(found: number): LabError {
  return new LabError({
    code: 'LEARNING_RATE_INVALID',
    message: l10n.t('This is not a learning rate.'),
    expected: l10n.t('a finite number above 0'),
    found: String(found),
    remedy: l10n.t('Choose a value such as 0.001.'),
  });
}
