/** A client's connection to one trainer process. Its life is shorter than the process's: disposing only disconnects. */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import {
  ConnectionError,
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type MessageConnection,
} from 'vscode-jsonrpc';
import { LabError, type LabErrorData } from '../../protocol/errors';
import { listen, request, type NotificationHandlers } from '../../protocol/rpc';
import type { RunRecord } from '../../protocol/run';
import {
  PROTOCOL_VERSION,
  type NotificationName,
  type ParamsOf,
  type RequestName,
  type ResultOf,
  type TrainerHello,
  type TrainerNotifications,
} from '../../protocol/trainer';
import { ACTIVE_STATES } from '../../protocol/run';
import { endRun, readRun } from '../../runFolder/runs';
import { connect } from './connect';
import { cancelled, deathOf, startFailed, startTimedOut, unresponsive, type ProcessExit } from './errors';
import { launch } from './launch';
import type { TrainerOptions } from './options';
import { trainerPlace, type TrainerPlace } from './place';
import { supervise } from './supervise';

const START_SECONDS = 60;
const POLL_MS = 20;
const GRACE_SECONDS = 5;
const EXIT_REPORT_MS = 100;
const ANSWER_SECONDS = 15;

export interface TrainerExit {
  /** True when this client disconnected or killed it itself, or the trainer ended in order. */
  readonly expected: boolean;
  readonly error?: LabErrorData;
}

interface Disposable {
  dispose(): void;
}

type Listener = (params: never) => void;

export class TrainerConnection implements Disposable {
  readonly project: string;
  readonly logFile: string;
  /** Resolves, never rejects, when the connection is gone. */
  readonly closed: Promise<TrainerExit>;
  private readonly listeners = new Map<NotificationName, Set<Listener>>();
  private open = true;
  private left = false;
  private resolveClosed!: (exit: TrainerExit) => void;
  private exit: ProcessExit | undefined;

  private constructor(
    private readonly options: TrainerOptions,
    private readonly place: TrainerPlace,
    private readonly connection: MessageConnection,
    private readonly socket: Socket,
    readonly hello: TrainerHello,
    child: ChildProcess | undefined,
  ) {
    this.project = options.project;
    this.logFile = place.logFile;
    child?.once('exit', (code, signal) => (this.exit = { code, signal }));
    this.closed = new Promise((resolve) => (this.resolveClosed = resolve));
    connection.onClose(() => {
      this.open = false;
      connection.dispose();
      // The exit of a child is reported a moment after its socket closes.
      setTimeout(() => {
        const inOrder = this.left || this.exit?.code === 0;
        this.resolveClosed(inOrder ? { expected: true } : { expected: false, error: this.death() });
      }, EXIT_REPORT_MS);
    });
  }

  /** False from the moment that its process is gone, or that it was disposed. */
  get isOpen(): boolean {
    return this.open;
  }

  /** This client has disconnected, or ended the process. */
  get isLeft(): boolean {
    return this.left;
  }

  /** Why the process is gone; only once it is. */
  death(): LabErrorData {
    return deathOf(this.place, this.options.role, this.exit);
  }

  /** The trainer of this project if one is alive. @throws LabError PROTOCOL_VERSION, TRAINER_UNRESPONSIVE */
  static async attach(options: TrainerOptions): Promise<TrainerConnection | undefined> {
    return TrainerConnection.tryAttach(options, trainerPlace(options), undefined);
  }

  /**
   * Attaches to the trainer of this project, or starts one.
   * @throws LabError ENGINE_*, TRAINER_START, TRAINER_UNRESPONSIVE, PROTOCOL_VERSION, CANCELLED
   */
  static async start(options: TrainerOptions, token?: CancellationToken): Promise<TrainerConnection> {
    const place = trainerPlace(options);
    const existing = await TrainerConnection.tryAttach(options, place, undefined);
    if (existing !== undefined) return existing;

    const child = launch(options, place);
    const exited = new Promise<ProcessExit>((resolve) => {
      child.once('exit', (code, signal) => {
        resolve({ code, signal });
      });
      child.once('error', () => {
        resolve({ code: null, signal: null });
      });
    });
    const deadline = Date.now() + START_SECONDS * 1000;
    while (Date.now() < deadline) {
      if (token?.isCancellationRequested === true) {
        child.kill('SIGKILL');
        throw cancelled();
      }
      const trainer = await TrainerConnection.tryAttach(options, place, child);
      if (trainer !== undefined) return trainer;
      const ended = await Promise.race([exited, delay(POLL_MS, undefined)]);
      // Exit code 0: another client's trainer was a little faster; it will answer.
      if (ended !== undefined && ended.code !== 0) throw startFailed(place, ended, options.prepareEngine);
    }
    child.kill('SIGKILL');
    throw startTimedOut(place, START_SECONDS);
  }

  /** @throws LabError what the trainer answers; why it is gone, when it is; CANCELLED when this client has left it */
  async request<M extends RequestName>(
    method: M,
    params: ParamsOf<M>,
    token?: CancellationToken,
  ): Promise<ResultOf<M>> {
    try {
      return await request(this.connection, method, params, token);
    } catch (error) {
      if (error instanceof LabError || !isLoss(error)) throw error;
      await this.closed;
      throw this.left ? cancelled() : new LabError(this.death(), { cause: error });
    }
  }

  on<N extends NotificationName>(name: N, listener: (params: TrainerNotifications[N]) => void): Disposable {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set);
    set.add(listener);
    return { dispose: () => set.delete(listener) };
  }

  /** Asks the run to stop between two steps; kills the trainer when it does not within the grace time. */
  async stopRun(runId: string, runFolder: string, graceSeconds = GRACE_SECONDS): Promise<RunRecord> {
    const asked = await supervise(this, { seconds: graceSeconds }, async () =>
      // It may have ended just now: then the disk knows how.
      this.request('run/stop', { runId }).catch((error: unknown) => this.endedMeanwhile(error, runFolder)),
    );
    if (asked.kind === 'done') return asked.value;
    const end = { at: new Date().toISOString(), unattended: false };
    return await endRun(
      runFolder,
      asked.kind === 'late' ? { ...end, reason: 'killed' } : { ...end, reason: 'trainerDied', error: asked.death },
    );
  }

  async kill(): Promise<void> {
    this.left = true;
    try {
      process.kill(this.hello.pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    await this.closed;
  }

  /** Ends an idle trainer. @throws LabError TRAINER_BUSY */
  async shutDown(): Promise<void> {
    await this.request('trainer/shutdown', {});
    this.left = true;
    await this.closed;
  }

  dispose(): void {
    this.left = true;
    this.open = false;
    this.connection.dispose();
    this.socket.destroy();
    this.resolveClosed({ expected: true });
  }

  private static async tryAttach(
    options: TrainerOptions,
    place: TrainerPlace,
    child: ChildProcess | undefined,
  ): Promise<TrainerConnection | undefined> {
    const found = await connect(place.socket);
    if (found === undefined) return undefined;
    const { connection, socket } = found;
    const early: { name: NotificationName; params: unknown }[] = [];
    let deliver = (name: NotificationName, params: unknown): void => void early.push({ name, params });
    listen(
      connection,
      forwardAll((name, params) => {
        deliver(name, params);
      }),
    );
    connection.listen();
    const seconds = options.answerSeconds ?? ANSWER_SECONDS;
    const patience = new AbortController();
    try {
      const hello = await Promise.race([
        request(connection, 'trainer/hello', { protocol: PROTOCOL_VERSION }),
        closing(socket),
        delay(seconds * 1000, 'silent' as const, { signal: patience.signal }),
      ]);
      if (hello === undefined) return undefined;
      if (hello === 'silent') throw unresponsive(place, seconds);
      const trainer = new TrainerConnection(options, place, connection, socket, hello, child);
      // Whoever awaited us registers its listeners in this turn; what arrived meanwhile follows.
      setImmediate(() => {
        deliver = (name, params) => {
          trainer.deliver(name, params);
        };
        for (const { name, params } of early) trainer.deliver(name, params);
      });
      return trainer;
    } catch (error) {
      connection.dispose();
      socket.destroy();
      // Its process was ending: a killed one takes a moment to go, and its socket answers as long.
      if (isLoss(error)) return undefined;
      throw error;
    } finally {
      patience.abort();
    }
  }

  private async endedMeanwhile(error: unknown, runFolder: string): Promise<RunRecord> {
    const record = await readRun(runFolder);
    if (!this.open || ACTIVE_STATES.has(record.state)) throw error;
    return record;
  }

  private deliver(name: NotificationName, params: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener(params as never);
  }
}

/** One handler for each notification; a new one that is not listed does not compile. */
function forwardAll(forward: (name: NotificationName, params: unknown) => void): NotificationHandlers {
  return {
    'run/changed': (params) => {
      forward('run/changed', params);
    },
    'exercise/progress': (params) => {
      forward('exercise/progress', params);
    },
    'run/points': (params) => {
      forward('run/points', params);
    },
    'run/picture': (params) => {
      forward('run/picture', params);
    },
    'run/output': (params) => {
      forward('run/output', params);
    },
    'run/activity': (params) => {
      forward('run/activity', params);
    },
  };
}

/** Whether a request failed because nobody is at the other end any more. */
function isLoss(error: unknown): boolean {
  if (error instanceof ConnectionError) return true;
  return error instanceof ResponseError && LOSSES.has(error.code);
}

const LOSSES: ReadonlySet<number> = new Set([
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.ConnectionInactive,
  ErrorCodes.MessageWriteError,
]);

/** Not `once(socket, 'close')`, which rejects when the socket errs, also after nobody waits any more. */
function closing(socket: Socket): Promise<undefined> {
  return new Promise((resolve) => {
    socket.once('close', () => {
      resolve(undefined);
    });
  });
}
