/** What a trainer does for its clients: at most one run at a time, and its own end when nobody needs it. */
import * as l10n from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import { LabError } from '../../protocol/errors';
import type { LaunchOptions } from '../../protocol/launch';
import type { RequestHandlers } from '../../protocol/rpc';
import type { EngineInfo } from '../../protocol/run';
import { PROTOCOL_VERSION, type AbandonPolicy, type StartRun } from '../../protocol/trainer';
import { Grader } from '../grading/grader';
import { inspectModel } from '../inspection/inspect';
import { Run } from '../runs/run';
import { forRole } from './roles';
import { TrainerServer } from './server';

/** A paused run that nobody is attached to ends after so many times the idle time: ten minutes. */
const PAUSED_FACTOR = 10;

export class TrainerService {
  /** Resolves when the process may end. */
  readonly stopped: Promise<void>;
  private readonly instance = randomUUID();
  private readonly server: TrainerServer;
  private readonly grader: Grader;
  private run: Run | undefined;
  private abandon: AbandonPolicy | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private abandonTimer: NodeJS.Timeout | undefined;
  private finish!: () => void;

  constructor(
    private readonly options: LaunchOptions,
    private readonly engine: EngineInfo,
    onFault: (error: unknown) => void,
  ) {
    this.stopped = new Promise((resolve) => (this.finish = resolve));
    this.grader = new Grader(options);
    this.server = new TrainerServer(
      forRole(options.role, this.handlers()),
      () => {
        this.reconsider();
      },
      onFault,
    );
  }

  /** @returns false when another trainer has the address */
  async listen(): Promise<boolean> {
    const listening = await this.server.listen(this.options.socket);
    this.reconsider();
    return listening;
  }

  /** The learner's own output. */
  output(stream: 'stdout' | 'stderr', text: string): void {
    if (this.run !== undefined) this.server.broadcast('run/output', { runId: this.run.folder.id, stream, text });
  }

  private handlers(): RequestHandlers {
    return {
      'trainer/hello': ({ protocol }) => this.hello(protocol),
      'trainer/shutdown': async () => {
        this.refuseIfBusy();
        setImmediate(() => {
          void this.shutDown();
        });
        return Promise.resolve(null);
      },
      'run/start': (request) => this.start(request),
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
      'exercise/check': async (request) => {
        const { ticket } = request;
        await this.grader.grade(request, (progress) => {
          this.server.broadcast('exercise/progress', { ticket, progress });
        });
        return null;
      },
      'model/inspect': (request) => inspectModel(request),
    };
  }

  private async hello(protocol: number): Promise<Awaited<ReturnType<RequestHandlers['trainer/hello']>>> {
    if (protocol !== PROTOCOL_VERSION) throw otherVersion(protocol);
    const hello = { protocol: PROTOCOL_VERSION, pid: process.pid, instance: this.instance, engine: this.engine };
    return Promise.resolve(
      this.run === undefined ? hello : { ...hello, run: this.run.current, runFolder: this.run.folder.path },
    );
  }

  private async start(request: StartRun): Promise<Awaited<ReturnType<RequestHandlers['run/start']>>> {
    this.refuseIfBusy();
    const { dataDirectories, cacheDirectory, heartbeatFile } = this.options;
    const run = new Run(
      request,
      {
        engine: this.engine,
        instance: this.instance,
        heartbeatFile,
        dataDirectories,
        cacheDirectory,
        isAttended: () => this.server.clients > 0,
      },
      {
        changed: (record, runFolder) => {
          this.server.broadcast('run/changed', { record, runFolder });
        },
        points: (runId, from, points) => {
          this.server.broadcast('run/points', { runId, from, points });
        },
        picture: (runId, picture) => {
          this.server.broadcast('run/picture', { runId, picture });
        },
        activity: (runId, text, fraction) => {
          this.server.broadcast('run/activity', { runId, text, fraction });
        },
      },
    );
    this.run = run;
    this.abandon = request.abandon;
    void run.ended.then(() => {
      this.reconsider();
    });
    return Promise.resolve({ record: run.current, runFolder: run.folder.path });
  }

  private find(runId: string): Run {
    if (this.run?.folder.id !== runId || !this.run.isActive) throw unknownRun(runId);
    return this.run;
  }

  private refuseIfBusy(): void {
    if (this.run?.isActive === true) throw busy(this.run.current.title);
  }

  /** Sets the timers that end what nobody needs: an idle process, or an abandoned run if the user wishes so. */
  private reconsider(): void {
    clearTimeout(this.idleTimer);
    clearTimeout(this.abandonTimer);
    if (this.server.clients > 0) return;
    const run = this.run;
    if (run?.isActive === true) {
      const seconds = this.patience(run);
      if (seconds === undefined) return;
      this.abandonTimer = setTimeout(() => {
        void run.stop('abandoned');
      }, seconds * 1000);
    } else {
      this.idleTimer = setTimeout(() => {
        void this.shutDown();
      }, this.options.idleSeconds * 1000);
    }
  }

  /** How long a run may go on without a client; undefined: to its end. */
  private patience(run: Run): number | undefined {
    if (this.abandon?.action === 'stop') return this.abandon.graceSeconds;
    // A paused run would wait for ever; its last checkpoint stays.
    return run.current.state === 'paused' ? this.options.idleSeconds * PAUSED_FACTOR : undefined;
  }

  private async shutDown(): Promise<void> {
    await this.server.close();
    this.finish();
  }
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

function otherVersion(found: number): LabError {
  return new LabError({
    code: 'PROTOCOL_VERSION',
    message: l10n.t('A trainer of another version of the lab is still running.'),
    expected: String(PROTOCOL_VERSION),
    found: String(found),
    remedy: l10n.t('Wait until it has finished, or stop it, and try again.'),
  });
}
