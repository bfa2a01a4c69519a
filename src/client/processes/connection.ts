/** A client's connection to one trainer process. Its life is shorter than the process's: disposing only disconnects. */
import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import {
  ConnectionError,
  ErrorCodes,
  ResponseError,
  type CancellationToken,
  type MessageConnection,
} from 'vscode-jsonrpc';
import { endProcess } from '../../processes/identity';
import { LabError, type LabErrorData } from '../../protocol/errors';
import { listen, request } from '../../protocol/rpc';
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
import { closing, connect } from './connect';
import { doneWithout, engineWish, isSameWish } from './engine';
import { cancelled, deathOf, otherVersion, startFailed, startTimedOut, unresponsive, type ProcessExit } from './errors';
import { launch } from './launch';
import type { TrainerOptions } from './options';
import { forwardAll } from './notifications';
import { makesWay } from './otherVersion';
import { trainerAt, trainerPlace, type TrainerPlace } from './place';
import { supervise } from './supervise';
import { killed } from './unresponsive';

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
  private inOrder = false;
  /** How many notifications were handed out. */
  private heard = 0;
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
      void this.lose();
    });
    this.on('trainer/leaving', () => {
      this.open = false;
      this.inOrder = true;
    });
  }

  /** False from the moment that its process is gone, or says that it goes, or that this client has left it. */
  get isOpen(): boolean {
    return this.open;
  }

  /** This client has disconnected, or ended the process. */
  get isLeft(): boolean {
    return this.left;
  }

  /** The process has ended because nobody needs it, or for a fresh one: whatever is asked of it may be asked again. */
  get endedInOrder(): boolean {
    return this.inOrder;
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
    const { answerSeconds = ANSWER_SECONDS } = options;
    const began = performance.now();
    let unreachableSince: number | undefined;
    let launched: Launched | undefined;
    for (;;) {
      const now = performance.now();
      if (token?.isCancellationRequested === true) {
        launched?.child.kill('SIGKILL');
        throw cancelled();
      }
      const trainer = await TrainerConnection.tryAttach(options, place, launched?.child);
      if (trainer !== undefined && (await trainer.makeWay(options))) {
        launched = undefined;
        continue;
      }
      if (trainer !== undefined) return trainer;
      if (trainerAt(place) === undefined) {
        unreachableSince = undefined;
        launched ??= launchedNow(options, place);
      } else {
        // It lives and cannot be reached: it makes its socket again, or is stopped.
        unreachableSince ??= now;
        if (now - unreachableSince > answerSeconds * 1000) throw unresponsive(place, answerSeconds);
      }
      const ended = await Promise.race([
        ...(launched === undefined ? [] : [launched.ended]),
        delay(POLL_MS, undefined),
      ]);
      if (ended !== undefined && ended.code !== 0) {
        const error = startFailed(place, ended, options.prepareEngine);
        if (!doneWithout(error, options)) throw error;
      }
      // Exit code 0: another client's trainer was a little faster; it will answer.
      if (ended !== undefined) launched = undefined;
      if (now - began > START_SECONDS * 1000) {
        launched?.child.kill('SIGKILL');
        throw startTimedOut(place, START_SECONDS);
      }
    }
  }

  /**
   * It was started by this lab, not by the one before an update, for the engine that is wished for now; a kernel, whose
   * variables would be lost, suits as it is.
   */
  suits(options: TrainerOptions): boolean {
    const { wish, root } = this.hello;
    return options.role === 'kernel' || (root === options.paths.root && isSameWish(wish, engineWish(options)));
  }

  /** Ends it for one that suits, unless it does so itself or has work to do. Returns whether it is gone. */
  async makeWay(options: TrainerOptions): Promise<boolean> {
    if (this.suits(options)) return false;
    try {
      await this.shutDown();
      return true;
    } catch (error) {
      if (error instanceof LabError && error.code === 'TRAINER_BUSY') return false;
      if (this.isOpen) throw error;
      return true;
    }
  }

  /** Whether it answers within the time that a client waits. @throws LabError TRAINER_UNRESPONSIVE */
  async requireAnswer(): Promise<void> {
    const answer = this.request('trainer/hello', { protocol: PROTOCOL_VERSION });
    await inTime(answer, this.place, this.options.answerSeconds);
  }

  /**
   * Starts a run. Who calls it off is answered at once, also by a trainer that is stopped; it does not start later.
   * @throws LabError as `request`; CANCELLED
   */
  async startRun(params: ParamsOf<'run/start'>, token?: CancellationToken): Promise<ResultOf<'run/start'>> {
    const started = this.request('run/start', params, token);
    if (token === undefined) return await started;
    return await new Promise((resolve, reject) => {
      const subscription = token.onCancellationRequested(() => {
        reject(cancelled());
        // It had begun before the trainer heard of that.
        started.then(
          ({ record }) => this.request('run/stop', { runId: record.id }).catch(() => undefined),
          () => undefined, // refused, as was asked for
        );
      });
      started.then(resolve, reject).finally(() => {
        subscription.dispose();
      });
    });
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
      throw this.left || this.inOrder ? cancelled() : new LabError(this.death(), { cause: error });
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
    if (asked.kind === 'late') return await endRun(runFolder, killed(this.place));
    return await endRun(runFolder, { ...end, reason: 'trainerDied', error: asked.death });
  }

  /** Ends the process without a word, and writes down how its run ended. */
  async killRun(runFolder: string): Promise<RunRecord> {
    await this.kill();
    return await endRun(runFolder, killed(this.place));
  }

  /** Ends what blocks the process in a cell, not the process. */
  async endBlockedCell(ticket: string): Promise<void> {
    await writeFile(this.place.interruptFile, ticket, { mode: 0o600 });
  }

  async kill(): Promise<void> {
    this.left = true;
    await endProcess(this.hello);
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
    const registered = trainerAt(place)?.address;
    const found = await connect([...(registered === undefined ? [] : [registered]), ...place.addresses]);
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
    try {
      const answer = Promise.race([
        request(connection, 'trainer/hello', { protocol: PROTOCOL_VERSION }),
        closing(socket),
      ]);
      const hello = await inTime(answer, place, options.answerSeconds);
      if (hello === undefined) return undefined;
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
      const isOther = error instanceof LabError && error.code === 'PROTOCOL_VERSION';
      const isGone = isOther && (await makesWay(found, options));
      connection.dispose();
      socket.destroy();
      // It went while it was asked.
      if (isGone || (!(error instanceof LabError) && isLoss(error))) return undefined;
      throw isOther ? otherVersion(options.role, error) : error;
    }
  }

  private async lose(): Promise<void> {
    // What was said before the end is handed out one message a turn.
    for (let heard = -1; heard !== this.heard;) {
      heard = this.heard;
      await nextTurn();
      await nextTurn();
    }
    this.connection.dispose();
    // The exit of a child is reported a moment after its socket closes.
    await delay(EXIT_REPORT_MS);
    const expected = this.left || this.inOrder;
    this.resolveClosed(expected ? { expected } : { expected, error: this.death() });
  }

  private async endedMeanwhile(error: unknown, runFolder: string): Promise<RunRecord> {
    const record = await readRun(runFolder);
    if (!this.open || ACTIVE_STATES.has(record.state)) throw error;
    return record;
  }

  private deliver(name: NotificationName, params: unknown): void {
    this.heard += 1;
    for (const listener of this.listeners.get(name) ?? []) listener(params as never);
  }
}

interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<ProcessExit>;
}

function launchedNow(options: TrainerOptions, place: TrainerPlace): Launched {
  const child = launch(options, place);
  const ended = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => {
      resolve({ code, signal });
    });
    child.once('error', () => {
      resolve({ code: null, signal: null });
    });
  });
  return { child, ended };
}

/** @throws LabError TRAINER_UNRESPONSIVE when the answer takes longer than a client waits */
async function inTime<T>(answer: Promise<T>, place: TrainerPlace, seconds = ANSWER_SECONDS): Promise<T> {
  const patience = new AbortController();
  answer.catch(() => undefined); // heard of below, unless it comes too late
  try {
    return await Promise.race([
      answer,
      delay(seconds * 1000, undefined, { signal: patience.signal }).then(() => {
        throw unresponsive(place, seconds);
      }),
    ]);
  } finally {
    patience.abort();
  }
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
