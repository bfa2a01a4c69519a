/** What a trainer does for its clients: at most one run at a time, and its own end when nobody needs it. */
import * as l10n from '@vscode/l10n';
import { randomUUID } from 'node:crypto';
import type { CancellationToken } from 'vscode-jsonrpc';
import { ownIdentity } from '../../processes/identity';
import { LabError, toErrorData, type LabErrorData } from '../../protocol/errors';
import type { AbandonPolicy, LaunchOptions } from '../../protocol/launch';
import type { RequestHandlers } from '../../protocol/rpc';
import type { ModelInspection } from '../../protocol/modelInspection';
import type { CellEnd, ExecuteCell } from '../../protocol/kernel';
import type { EngineInfo } from '../../protocol/run';
import { PROTOCOL_VERSION, type StartRun } from '../../protocol/trainer';
import { Grader } from '../grading/grader';
import { SharedState } from '../guard/shared';
import { lookAtTable } from '../../lab/datasets/table/look';
import { inspectModel } from '../inspection/inspect';
import { problemOf } from '../inspection/problems';
import { Kernel } from '../kernel/kernel';
import { describeUnheard } from '../modelFile/unheard';
import type { TeedOutput } from '../output';
import type { RunListener } from '../runs/journal';
import type { RunEnvironment } from '../runs/record';
import type { Watchdog } from '../watchdog/watchdog';
import { CurrentRun } from './currentRun';
import { forRole } from './roles';
import { TrainerServer } from './server';

/** A paused run that nobody is attached to ends after so many times the idle time: ten minutes. */
const PAUSED_FACTOR = 10;

/** What the service asks of the process that it lives in. */
export interface TrainerHost {
  log(what: string, error: unknown): void;
  readonly watchdog: Watchdog;
  readonly output: TeedOutput;
}

export class TrainerService {
  /** Resolves when the process may end. */
  readonly stopped: Promise<void>;
  private readonly identity = ownIdentity();
  private readonly instance = randomUUID();
  private readonly server: TrainerServer;
  private readonly grader: Grader;
  /** Of a process of that role. */
  private kernel: Kernel | undefined;
  /** What model files share: once it is not as it was, the next one needs a fresh process. */
  private shared: SharedState | undefined;
  /** Those who wait for an inspection or a grading: an error that nobody awaits is told to them. */
  private readonly waiting = new Set<(error: unknown) => void>();
  /** Why this process does no more work; undefined: it may. */
  private spent: string | undefined;
  private isLeaving = false;
  private readonly run: CurrentRun;
  private abandon: AbandonPolicy | undefined;
  private idleTimer: NodeJS.Timeout | undefined;
  private abandonTimer: NodeJS.Timeout | undefined;
  private finish!: () => void;

  constructor(
    private readonly options: LaunchOptions,
    private readonly engine: EngineInfo,
    private readonly host: TrainerHost,
  ) {
    this.stopped = new Promise((resolve) => (this.finish = resolve));
    this.grader = new Grader(options);
    this.run = this.newRun();
    if (options.role === 'kernel') this.kernel = this.newKernel();
    host.output.tell((stream, text) => {
      this.output(stream, text);
    });
    this.server = new TrainerServer(
      {
        ...options,
        instance: this.instance,
        onLost: () => {
          this.spend('another trainer serves this project');
        },
      },
      forRole(options.role, this.handlers()),
      () => {
        this.reconsider();
      },
      (error) => {
        host.log('fault', error);
      },
    );
  }

  /** @returns false when another trainer serves this project */
  async listen(): Promise<boolean> {
    this.shared = new SharedState();
    const listening = await this.server.listen();
    this.host.watchdog.working(false);
    this.reconsider();
    return listening;
  }

  /** The learner's own output. */
  private output(stream: 'stdout' | 'stderr', text: string): void {
    if (this.kernel !== undefined) this.kernel.print(stream, text);
    else if (this.run.latest !== undefined)
      this.server.broadcast('run/output', { runId: this.run.latest.id, stream, text });
  }

  /** An error that nobody awaits: it ends what is being done. What it left half done, nobody knows. */
  unheard(thrown: unknown): void {
    const error = describeUnheard(thrown);
    this.host.log('nobody awaits', error);
    if (this.kernel !== undefined) {
      // Its scope would be gone with the process.
      this.kernel.unheard(error);
      return;
    }
    if (this.run.isActive) this.run.fail(error);
    else if (this.waiting.size > 0) for (const reject of this.waiting) reject(error);
    else this.output('stderr', `${toErrorData(error).message}\n`);
    this.spend('an error that nobody awaits');
  }

  private handlers(): RequestHandlers {
    return {
      'trainer/hello': ({ protocol }) => this.hello(protocol),
      'trainer/shutdown': async () => {
        this.run.refuseIfBusy();
        if (this.isWorking) throw busyOtherwise();
        setImmediate(() => {
          void this.shutDown();
        });
        return Promise.resolve(null);
      },
      'run/start': (request, token) => this.start(request, token),
      ...this.run.handlers(),
      'exercise/check': async (request) => {
        const { ticket } = request;
        await this.working(() =>
          this.grader.grade(request, (progress) => {
            this.server.broadcast('exercise/progress', { ticket, progress });
          }),
        );
        return null;
      },
      'model/inspect': (request) => {
        const onLoading = (): void => {
          this.server.broadcast('model/loading', { modelFile: request.modelFile });
        };
        return this.working(() => inspectModel(request, onLoading)).catch(inspectionOf);
      },
      'data/lookAtTable': ({ file }) => this.working(() => Promise.resolve(lookAtTable(file))),
      'cell/execute': (request) => this.execute(request),
      'cell/interrupt': async ({ ticket }) => {
        await this.requireKernel().interrupt(ticket);
        return null;
      },
      'kernel/state': () => Promise.resolve(this.requireKernel().takeState()),
      'kernel/variables': () => this.requireKernel().variables(),
      'kernel/parts': ({ path }) => this.requireKernel().parts(path),
      'kernel/value': ({ path }) => this.requireKernel().value(path),
      'kernel/page': (request) => Promise.resolve({ page: this.requireKernel().page(request) }),
      'kernel/setControl': async (request) => ({ names: await this.requireKernel().setControl(request) }),
    };
  }

  private newKernel(): Kernel {
    return new Kernel({
      runs: {
        environment: this.environment(),
        listener: this.listener(),
        begin: (label, begin) => this.run.begin(label, begin),
      },
      stopRun: () => this.run.stop('stoppedByUser'),
      output: (ticket, cell, event) => {
        this.server.broadcast('cell/output', { ticket, cell, event });
      },
      ended: (ticket, cell, end) => {
        this.server.broadcast('cell/ended', { ticket, cell, end });
      },
      isAttended: () => this.server.clients > 0,
      flush: () => {
        this.host.output.flush();
      },
      executing: (ticket) => {
        this.host.watchdog.executing(ticket);
        this.host.watchdog.working(ticket !== undefined);
      },
    });
  }

  /** Those of other roles were refused before. */
  private requireKernel(): Kernel {
    if (this.kernel === undefined) throw new Error('This trainer is no kernel.');
    return this.kernel;
  }

  private async execute(request: ExecuteCell): Promise<CellEnd> {
    await this.unlessLeaving();
    const executed = this.requireKernel().execute(request);
    this.abandon = request.abandon;
    this.reconsider();
    try {
      return await executed;
    } finally {
      this.reconsider();
    }
  }

  private async working<T>(work: () => Promise<T>): Promise<T> {
    await this.unlessLeaving();
    let tell!: (error: unknown) => void;
    const unheard = new Promise<never>((_, reject) => (tell = reject));
    this.waiting.add(tell);
    this.host.watchdog.working(true);
    try {
      return await Promise.race([work(), unheard]);
    } catch (error) {
      this.suspect(toErrorData(error));
      throw error;
    } finally {
      this.waiting.delete(tell);
      this.settle();
    }
  }

  /** Never resolves when this process is on its way out: the client sees it go, and asks the next one. */
  private async unlessLeaving(): Promise<void> {
    if (this.isLeaving) await new Promise<never>(() => undefined);
  }

  private get isWorking(): boolean {
    return this.run.isBusy || this.waiting.size > 0 || this.kernel?.isBusy === true;
  }

  /** After an error that is not a learner's, nobody knows what else is wrong. */
  private suspect(error: LabErrorData | undefined): void {
    if (error?.code === 'INTERNAL') this.spent ??= `INTERNAL: ${error.message}`;
  }

  private spend(reason: string): void {
    this.spent ??= reason;
    this.settle();
  }

  /** When the work is done and told: what the model file has left behind decides whether there is more in this process. */
  private settle(): void {
    setImmediate(() => {
      // A kernel keeps what its cells have made, whatever else they did.
      if (this.isWorking || this.isLeaving || this.kernel !== undefined) return;
      this.host.watchdog.working(false);
      this.spent ??= this.shared?.change();
      if (this.spent === undefined) return;
      this.host.log('replaced', this.spent);
      void this.shutDown();
    });
  }

  private async hello(protocol: number): Promise<Awaited<ReturnType<RequestHandlers['trainer/hello']>>> {
    if (protocol !== PROTOCOL_VERSION) throw otherVersion(protocol);
    await this.unlessLeaving();
    const { engine, identity, instance } = this;
    const { engine: wish, root } = this.options;
    const hello = { protocol: PROTOCOL_VERSION, ...identity, instance, engine, wish, root };
    const { latest } = this.run;
    return latest === undefined ? hello : { ...hello, run: latest.record, runFolder: latest.folder };
  }

  private async start(
    request: StartRun,
    token: CancellationToken,
  ): Promise<Awaited<ReturnType<RequestHandlers['run/start']>>> {
    await this.unlessLeaving();
    const run = await this.run.start(request, token);
    this.abandon = request.abandon;
    return { record: run.current, runFolder: run.folder.path };
  }

  private newRun(): CurrentRun {
    return new CurrentRun({
      environment: this.environment(),
      listener: this.listener(),
      begins: () => {
        this.host.watchdog.working(true);
      },
      begun: () => {
        this.reconsider();
        this.settle();
      },
      ended: ({ end }) => {
        this.suspect(end?.error);
        this.reconsider();
        this.settle();
      },
    });
  }

  private environment(): RunEnvironment {
    const { dataDirectories, cacheDirectory, memoryLimitMB } = this.options;
    return {
      engine: this.engine,
      trainer: { ...this.identity, instance: this.instance },
      dataDirectories,
      cacheDirectory,
      memoryLimitMB,
      isAttended: () => this.server.clients > 0,
    };
  }

  /** Tells the clients of a run. */
  private listener(): RunListener {
    return {
      changed: (record, runFolder) => {
        // What was printed before is told before.
        this.host.output.flush();
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
    };
  }

  /** Sets the timers that end what nobody needs: an idle process, or an abandoned run if the user wishes so. */
  private reconsider(): void {
    clearTimeout(this.idleTimer);
    clearTimeout(this.abandonTimer);
    if (this.server.clients > 0) return;
    const { run, kernel } = this;
    if (run.isActive || kernel?.isBusy === true) {
      const seconds = this.patience();
      if (seconds === undefined) return;
      this.abandonTimer = setTimeout(() => {
        void run.stop('abandoned');
        kernel?.interruptAll();
      }, seconds * 1000).unref();
    } else {
      this.idleTimer = setTimeout(() => {
        void this.shutDown();
      }, this.options.idleSeconds * 1000).unref();
    }
  }

  /** How long a run may go on without a client; undefined: to its end. */
  private patience(): number | undefined {
    if (this.abandon?.action === 'stop') return this.abandon.graceSeconds;
    // A paused run would wait for ever; its last checkpoint stays.
    return this.run.isPaused ? this.options.idleSeconds * PAUSED_FACTOR : undefined;
  }

  private async shutDown(): Promise<void> {
    if (this.isLeaving) return;
    this.isLeaving = true;
    await this.server.close();
    this.finish();
  }
}

/** What is wrong with the file is part of the answer. */
function inspectionOf(error: unknown): ModelInspection {
  if (!(error instanceof LabError)) throw error;
  return { layers: [], problems: [problemOf(error.data)] };
}

function busyOtherwise(): LabError {
  return new LabError({
    code: 'TRAINER_BUSY',
    message: l10n.t('This process is working for another client.'),
    remedy: l10n.t('Wait until that is done.'),
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
