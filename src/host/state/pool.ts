import * as vscode from 'vscode';
import type { TrainerConnection } from '../../client/processes/connection';
import type { LabErrorData } from '../../protocol/errors';
import type { RunRecord } from '../../protocol/run';
import type { App } from '../app/app';
import { trainerOptions } from './options';
import { isActive, phaseOf, type ActiveSession, type Session } from './session';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** The trainers that this window is attached to. Their end is not the end of their runs, and the other way round. */
export class TrainerPool implements vscode.Disposable {
  private readonly sessions = new Map<string, Mutable<Session>>();
  private readonly opening = new Map<string, Promise<Session | undefined>>();
  private readonly changed = new vscode.EventEmitter<Session>();
  private readonly outputs = new vscode.EventEmitter<{ session: Session; text: string }>();
  private focusedProject: string | undefined;
  /** While nobody is at the window: what was left, and who waits for the return. */
  private away: { readonly left: readonly Mutable<Session>[]; readonly waiting: (() => void)[] } | undefined;
  private disposed = false;

  /** A session came, went, or its run changed. */
  readonly onDidChange = this.changed.event;
  /** The learner's console output. */
  readonly onOutput = this.outputs.event;

  constructor(private readonly app: App) {}

  all(): readonly Session[] {
    return [...this.sessions.values()];
  }

  get(project: string): Session | undefined {
    const session = this.sessions.get(project);
    // That its process is gone is told a moment after it is.
    return session?.trainer.isOpen === true ? session : undefined;
  }

  /** The session that runs, or last ran, this run. */
  ofRun(folder: string): Session | undefined {
    return this.all().find((session) => session.run?.folder === folder);
  }

  /** The one whose run the user last started or looked at, if it is active; else any active one. */
  current(): Session | undefined {
    const focused = this.focusedProject === undefined ? undefined : this.sessions.get(this.focusedProject);
    return isActive(focused) ? focused : (this.all().find(isActive) ?? focused);
  }

  focus(project: string): void {
    if (this.focusedProject === project) return;
    this.focusedProject = project;
    const session = this.sessions.get(project);
    if (session !== undefined) this.changed.fire(session);
  }

  /** Attaches to the trainer of `project` if one is alive; starts none. */
  async attach(project: string): Promise<Session | undefined> {
    return await this.open(project, async () => {
      const { TrainerConnection } = await import('../../client/processes/connection');
      return await TrainerConnection.attach(trainerOptions(this.app, project));
    });
  }

  /**
   * Lets `work` be done by the trainer of `project`, which is started if need be. One that turns out to be dead is
   * replaced once: it was killed while it had nothing to do. One that this window has left lives, and may be doing it.
   * @throws LabError TRAINER_START, ENGINE_…, CANCELLED, what `work` throws
   */
  async use<T>(project: string, token: vscode.CancellationToken, work: (session: Session) => Promise<T>): Promise<T> {
    const known = this.get(project);
    if (known !== undefined && !(await known.trainer.makeWay(trainerOptions(this.app, project)))) {
      try {
        return await work(known);
      } catch (error) {
        if (known.trainer.isOpen || known.trainer.isLeft || token.isCancellationRequested) throw error;
      }
    }
    return await work(await this.start(project, token));
  }

  private async start(project: string, token: vscode.CancellationToken): Promise<Session> {
    // An attempt to attach that is under way may find nothing; then this one starts.
    const session = (await this.opening.get(project)?.catch(() => undefined)) ?? undefined;
    if (session?.trainer.isOpen === true) return session;
    const started = await this.open(project, async () => {
      const { TrainerConnection } = await import('../../client/processes/connection');
      return await TrainerConnection.start(trainerOptions(this.app, project), token);
    });
    if (started === undefined) throw new Error(`No trainer for ${project}`);
    return started;
  }

  /** The answer to `run/start`. A notification may have been faster, and is newer then. */
  begun(session: Session, record: RunRecord, folder: string): void {
    if (session.run?.record.id !== record.id) this.update(session, record, folder);
  }

  /** How a run ended whose trainer had to be killed: nobody notifies of it. */
  ended(session: ActiveSession, record: RunRecord): void {
    (session as Mutable<Session>).run = { record, folder: session.run.folder };
    this.changed.fire(session);
  }

  /** Disconnects from every trainer, as a window does that is closed. */
  leave(): void {
    this.away = { left: [...this.sessions.values()], waiting: [] };
    for (const { trainer } of this.away.left) trainer.dispose();
  }

  /** Attaches again to what was left, or tells how it ended meanwhile. */
  async comeBack(): Promise<void> {
    const { away } = this;
    if (away === undefined) return;
    this.away = undefined;
    for (const goOn of away.waiting) goOn();
    const { settleDeadRun } = await import('./settle');
    for (const session of away.left) {
      if ((await this.attach(session.project)) !== undefined || session.run === undefined) continue;
      session.run = { folder: session.run.folder, record: await settleDeadRun(session.run.folder, true) };
      this.changed.fire(session);
    }
  }

  /**
   * The next connection to a trainer whose connection is gone, if its process is not; while nobody is at the window, when
   * somebody is again.
   */
  async regain({ project, trainer }: Session): Promise<Session | undefined> {
    const { away } = this;
    if (away !== undefined) await new Promise<void>((resolve) => away.waiting.push(resolve));
    const session = await this.attach(project);
    return session?.trainer.hello.instance === trainer.hello.instance ? session : undefined;
  }

  private update(session: Session, record: RunRecord, folder: string): void {
    const own = this.sessions.get(session.project);
    if (own?.trainer !== session.trainer) return;
    // What is done belongs to a phase of the run: before the first step, or after the last one.
    if (own.run?.record.state !== record.state) own.activity = undefined;
    own.run = { record, folder };
    this.changed.fire(own);
  }

  /** Disconnects; the trainers and their runs go on. */
  dispose(): void {
    this.disposed = true;
    for (const { trainer } of this.sessions.values()) trainer.dispose();
    this.sessions.clear();
    this.changed.dispose();
    this.outputs.dispose();
  }

  private async open(
    project: string,
    connect: () => Promise<TrainerConnection | undefined>,
  ): Promise<Session | undefined> {
    const known = this.get(project);
    if (known !== undefined) return known;
    const pending = this.opening.get(project);
    if (pending !== undefined) return await pending;
    const attempt = connect().then((trainer) => (trainer === undefined ? undefined : this.adopt(project, trainer)));
    this.opening.set(project, attempt);
    try {
      return await attempt;
    } finally {
      this.opening.delete(project);
    }
  }

  private adopt(project: string, trainer: TrainerConnection): Session {
    if (this.disposed) trainer.dispose();
    const { run, runFolder } = trainer.hello;
    const session: Mutable<Session> = {
      project,
      trainer,
      run: run !== undefined && runFolder !== undefined ? { record: run, folder: runFolder } : undefined,
      activity: undefined,
    };
    this.sessions.set(project, session);
    this.app.log.info(`Attached to trainer ${trainer.hello.pid} of ${project} (${trainer.hello.engine.package}).`);
    trainer.on('run/changed', ({ record: changed, runFolder }) => {
      this.update(session, changed, runFolder);
    });
    trainer.on('run/activity', ({ runId, text, fraction }) => {
      if (session.run?.record.id !== runId) return;
      session.activity = { text, fraction };
      this.changed.fire(session);
    });
    trainer.on('run/output', ({ text }) => {
      this.outputs.fire({ session, text });
    });
    void trainer.closed.then(async ({ expected, error }) => {
      await this.lose(session, expected, error);
    });
    this.changed.fire(session);
    return session;
  }

  /** The connection is gone. If a run was going, it ended with its process: the record on disk is made to say so. */
  private async lose(session: Mutable<Session>, expected: boolean, error?: LabErrorData): Promise<void> {
    if (this.sessions.get(session.project) === session) this.sessions.delete(session.project);
    if (this.disposed) return;
    this.app.log.info(`The trainer of ${session.project} is gone${expected ? ' as expected' : ''}.`);
    const { run } = session;
    // Expected: this window killed it, and whoever did that says how the run ended.
    if (run !== undefined && phaseOf(session) !== 'none' && !expected) {
      try {
        const { settleDeadRun } = await import('./settle');
        session.run = { folder: run.folder, record: await settleDeadRun(run.folder, false, error) };
        // The connection broke, the trainer lives.
        if (phaseOf(session) !== 'none' && (await this.attach(session.project)) !== undefined) return;
      } catch (fault) {
        this.app.errors.show(fault);
      }
    }
    session.activity = undefined;
    this.changed.fire(session);
  }
}
