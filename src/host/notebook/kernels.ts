/** The kernels of this window's notebooks, and what is executed in them. */
import * as vscode from 'vscode';
import type { CellOutcome } from '../../client/notebook/cells';
import type { Names } from '../../client/notebook/users';
import type { TrainerConnection } from '../../client/processes/connection';
import { lessonIdOf } from '../../client/lessons/labFolder';
import { prepareLabFolder } from '../../client/lessons/support';
import { toErrorData, type LabErrorData } from '../../protocol/errors';
import type { CellEnd, CellLanguage, ExecutedCell } from '../../protocol/kernel';
import type { App } from '../app/app';
import { setting } from '../app/settings';
import { abandonPolicy, ownData } from '../state/options';
import type { TrainerPool } from '../state/pool';
import type { Session } from '../state/session';
import { Executions } from './executions';
import type { LiveCell } from './liveCell';
import { KernelNames } from './names';
import type { Cells } from './outputs';

interface Told<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
}

interface Running {
  readonly ticket: string;
  readonly live: LiveCell;
  /** Cancelled while its kernel is being started. */
  readonly calledOff: vscode.CancellationTokenSource;
  /** Told by whatever connection there is then. */
  readonly end: Told<CellEnd>;
  /** The user interrupts it. */
  interrupted?: true;
  /** What became of its kernel meanwhile, where that is not the cell's doing. */
  lost?: LabErrorData;
}

export class Kernels implements Cells {
  readonly names: KernelNames;
  readonly executions = new Executions();
  /** What runs or waits, by notebook. */
  private readonly queues = new WeakMap<vscode.NotebookDocument, Promise<unknown>>();
  private readonly running = new Map<vscode.NotebookDocument, Running>();
  private readonly meetings = new Map<vscode.NotebookDocument, Promise<void>>();
  private readonly rounds = new WeakMap<vscode.NotebookDocument, number>();
  /** What each cell declared and used when it was last executed, by its URI. */
  private readonly cellNames = new Map<string, Names>();
  /** Counted by notebook: what was to run again for an older value is not run. */
  private readonly moves = new WeakMap<vscode.NotebookDocument, number>();
  private readonly heard = new WeakSet<object>();
  private readonly ended = new vscode.EventEmitter<{ notebook: vscode.NotebookDocument; end: CellEnd | undefined }>();
  /** A cell has ended, or all is lost. */
  readonly onDidEnd = this.ended.event;

  constructor(
    private readonly app: App,
    private readonly pool: TrainerPool,
  ) {
    this.names = new KernelNames(app);
    app.lifetime.add(this.ended);
    app.lifetime.add(
      pool.onDidChange((session) => {
        this.listen(session);
      }),
    );
  }

  /** Of a notebook that was never saved as well: it has a path that it may get. */
  projectOf(notebook: vscode.NotebookDocument): string {
    return this.names.projectAt(notebook.uri.fsPath);
  }

  sessionOf(notebook: vscode.NotebookDocument): Session | undefined {
    return this.pool.get(this.projectOf(notebook));
  }

  isRunning(notebook: vscode.NotebookDocument): boolean {
    return this.running.has(notebook);
  }

  trainerOf(notebook: vscode.NotebookDocument): TrainerConnection | undefined {
    return this.sessionOf(notebook)?.trainer;
  }

  async runUsersOf(notebook: vscode.NotebookDocument, names: readonly string[]): Promise<void> {
    const { usersOf } = await import('../../client/notebook/users');
    const move = (this.moves.get(notebook) ?? 0) + 1;
    this.moves.set(notebook, move);
    const all = notebook.getCells();
    const users = usersOf(
      all.map(({ document }) => this.cellNames.get(document.uri.toString())),
      names,
    );
    const running = this.running.get(notebook);
    if (running !== undefined && users.includes(all.indexOf(running.live.cell))) await this.stop(notebook, running);
    for (const cell of users.map((index) => all[index])) {
      if (this.moves.get(notebook) !== move || cell === undefined) return;
      if (!(await this.execute(notebook, [cell]))) return;
    }
  }

  /** One cell after the other; where one fails, the others are not executed. @returns whether all went well */
  async execute(notebook: vscode.NotebookDocument, cells: readonly vscode.NotebookCell[]): Promise<boolean> {
    if (!this.executions.serves(notebook) || !this.app.trust.allows()) return false;
    const lives = cells.map((cell) => this.executions.create(cell));
    const round = this.rounds.get(notebook) ?? 0;
    await this.meet(notebook);
    const turn = this.queues.get(notebook) ?? Promise.resolve();
    const work = turn.then(async () => {
      for (const [index, live] of lives.entries()) {
        const isOver = (this.rounds.get(notebook) ?? 0) !== round;
        if (!isOver && (await this.run(notebook, live))) continue;
        for (const left of lives.slice(isOver ? index : index + 1)) left.drop();
        return false;
      }
      return true;
    });
    this.queues.set(
      notebook,
      work.catch(() => undefined),
    );
    return await work;
  }

  /** The cell that runs, and those that wait. */
  async interrupt(notebook: vscode.NotebookDocument): Promise<void> {
    this.rounds.set(notebook, (this.rounds.get(notebook) ?? 0) + 1);
    const running = this.running.get(notebook);
    if (running !== undefined) await this.stop(notebook, running);
  }

  private async stop(notebook: vscode.NotebookDocument, running: Running): Promise<void> {
    running.interrupted = true;
    running.calledOff.cancel();
    const session = this.sessionOf(notebook);
    if (session === undefined) return;
    const { interruptCell } = await import('../../client/notebook/cells');
    const seconds = setting('deepLearningLab.stop.graceSeconds');
    // Said before its end is heard of.
    running.lost = didNotStop(seconds);
    const how = await interruptCell(session.trainer, running.ticket, seconds, () => session.run?.folder);
    if (how !== 'killed') delete running.lost;
  }

  /** Ends the kernel's process; the next cell has a fresh one. */
  async restart(notebook: vscode.NotebookDocument): Promise<void> {
    this.rounds.set(notebook, (this.rounds.get(notebook) ?? 0) + 1);
    const running = this.running.get(notebook);
    if (running !== undefined) {
      running.interrupted = true;
      running.calledOff.cancel();
    }
    const project = this.projectOf(notebook);
    const { endTrainer } = await import('../../client/processes/unresponsive');
    const { trainerOptions } = await import('../state/options');
    const session = this.pool.get(project);
    if (session === undefined) await endTrainer(trainerOptions(this.app, project), this.app.lab().runs);
    else {
      await session.trainer.kill();
      const { settleDeadRun } = await import('../state/settle');
      if (session.run !== undefined) await settleDeadRun(session.run.folder, false);
    }
    this.ended.fire({ notebook, end: undefined });
  }

  /** Another window may have started its kernel meanwhile. Whoever asks while that is found out waits in the order of asking. */
  async meet(notebook: vscode.NotebookDocument): Promise<void> {
    let meeting = this.meetings.get(notebook);
    if (meeting === undefined) {
      if (this.sessionOf(notebook) !== undefined) return;
      meeting = this.attach(notebook)
        // What is wrong with it is told when a cell runs.
        .catch(() => undefined)
        .finally(() => this.meetings.delete(notebook));
      this.meetings.set(notebook, meeting);
    }
    await meeting;
  }

  /** Attaches to the notebook's kernel if it lives, and shows what it is executing, or has executed while no window was there. */
  async attach(notebook: vscode.NotebookDocument): Promise<void> {
    const session = await this.pool.attach(this.projectOf(notebook));
    if (session !== undefined) await this.catchUp(session, notebook);
  }

  /** @returns the tickets of the cells that this kernel executes, or has executed while no window was there */
  private async catchUp(session: Session, notebook: vscode.NotebookDocument): Promise<readonly string[]> {
    this.listen(session);
    const { executing, ended } = await session.trainer.request('kernel/state', {});
    for (const cell of ended) {
      const running = this.running.get(notebook);
      if (running?.ticket === cell.ticket) {
        running.live.retell(cell.events);
        running.end.resolve(cell.end);
      } else {
        const live = this.executions.adopt(notebook, cell);
        if (live !== undefined) this.finish(notebook, live, cell.end);
      }
    }
    if (executing !== undefined) {
      const running = this.running.get(notebook);
      if (running?.ticket === executing.ticket) running.live.retell(executing.events);
      else this.follow(notebook, executing);
    }
    return [...ended, ...(executing === undefined ? [] : [executing])].map(({ ticket }) => ticket);
  }

  private async run(notebook: vscode.NotebookDocument, live: LiveCell): Promise<boolean> {
    const { randomUUID } = await import('node:crypto');
    const running = this.begin(notebook, randomUUID(), live);
    this.executions.show(running.ticket, live);
    live.begin(Date.now());
    return await this.conclude(notebook, running, () =>
      this.pool.use(this.projectOf(notebook), running.calledOff.token, async (session) =>
        this.send(session, notebook, running),
      ),
    );
  }

  private begin(notebook: vscode.NotebookDocument, ticket: string, live: LiveCell): Running {
    const calledOff = new vscode.CancellationTokenSource();
    const running: Running = { ticket, live, calledOff, end: told() };
    this.running.set(notebook, running);
    return running;
  }

  /** Shows how a cell has ended. @returns whether it went well */
  private async conclude(
    notebook: vscode.NotebookDocument,
    running: Running,
    outcome: () => Promise<CellOutcome>,
  ): Promise<boolean> {
    const { live } = running;
    try {
      const how = await outcome();
      if (how.kind === 'ended') {
        this.finish(notebook, live, how.end);
        return how.end.state === 'done';
      }
      this.lose(running, how.death);
    } catch (error) {
      this.lose(running, toErrorData(error));
    } finally {
      // The next one may be running already.
      if (this.running.get(notebook) === running) this.running.delete(notebook);
      running.calledOff.dispose();
    }
    this.ended.fire({ notebook, end: undefined });
    return false;
  }

  private lose({ live, lost, interrupted }: Running, error: LabErrorData): void {
    const at = Date.now();
    if (lost !== undefined) live.end({ success: false, at, error: lost });
    else if (interrupted === true || error.code === 'CANCELLED') live.end({ success: undefined, at });
    else {
      this.app.errors.write(error);
      live.end({ success: false, at, error });
    }
  }

  private async send(session: Session, notebook: vscode.NotebookDocument, running: Running): Promise<CellOutcome> {
    this.listen(session);
    const lab = this.app.lab();
    await prepareLabFolder(lab);
    const { cell } = running.live;
    const lesson = lessonIdOf(lab, notebook.uri.fsPath);
    const { trainer } = session;
    trainer
      .request('cell/execute', {
        ticket: running.ticket,
        notebook: notebook.uri.fsPath,
        cell: cell.document.uri.toString(),
        language: cell.document.languageId as CellLanguage,
        source: cell.document.getText(),
        runsDirectory: lab.runs,
        abandon: abandonPolicy(),
        ...ownData(),
        ...(lesson === undefined ? {} : { lesson }),
      })
      // Its end is heard of behind all that it shows; why a kernel is gone, or was left, `outcomeOf` knows.
      .catch((error: unknown) => {
        if (trainer.isOpen) running.end.reject(error);
      });
    return await this.outcomeOf(session, notebook, running);
  }

  /**
   * How a cell ends, whoever executes it. Where only the connection to its kernel has gone, that is told by the next one.
   * @throws LabError CANCELLED when the kernel had ended before it took the cell, so that another may be asked
   */
  private async outcomeOf(session: Session, notebook: vscode.NotebookDocument, running: Running): Promise<CellOutcome> {
    for (let { trainer } = session; ;) {
      const gone = trainer.closed.then(() => undefined);
      const end = await Promise.race([running.end.promise, gone]);
      if (end !== undefined) return { kind: 'ended', end };
      if (trainer.endedInOrder) {
        const { cancelled } = await import('../../client/processes/errors');
        throw cancelled();
      }
      const next = running.interrupted === true ? undefined : await this.pool.regain({ ...session, trainer });
      if (next === undefined || !(await this.catchUp(next, notebook)).includes(running.ticket))
        return { kind: 'died', death: trainer.death() };
      ({ trainer } = next);
    }
  }

  private finish(notebook: vscode.NotebookDocument, live: LiveCell, end: CellEnd): void {
    const { state, order, began, milliseconds, error } = end;
    this.executions.number(live, order);
    this.cellNames.set(live.uri, end);
    if (error !== undefined) this.app.errors.write(error);
    live.end({
      success: state === 'cancelled' ? undefined : state === 'done',
      order,
      at: began + milliseconds,
      ...(error === undefined ? {} : { error }),
    });
    this.ended.fire({ notebook, end });
  }

  /** Once for each connection: outputs find their cells by their tickets. */
  private listen(session: Session): void {
    const { trainer } = session;
    if (this.heard.has(trainer)) return;
    this.heard.add(trainer);
    trainer.on('cell/output', ({ ticket, cell, event }) => {
      this.discover(session, ticket, cell);
      this.executions.of(ticket)?.tell(event);
    });
    trainer.on('cell/ended', ({ ticket, cell, end }) => {
      // It may have shown nothing.
      this.discover(session, ticket, cell);
      // The document that a renamed one was still waits for it.
      for (const running of this.running.values()) if (running.ticket === ticket) running.end.resolve(end);
    });
  }

  /** Another window executes a cell of a notebook that is open here as well. */
  private discover(session: Session, ticket: string, uri: string): void {
    if (this.executions.of(ticket) !== undefined) return;
    const notebook = vscode.workspace.notebookDocuments.find((open) => this.projectOf(open) === session.project);
    const cell = notebook?.getCells().find(({ document }) => document.uri.toString() === uri);
    if (notebook === undefined || cell === undefined) return;
    const source = cell.document.getText();
    this.follow(notebook, { ticket, cell: uri, source, order: 0, began: Date.now(), events: [] });
  }

  private follow(notebook: vscode.NotebookDocument, executing: ExecutedCell): void {
    const session = this.sessionOf(notebook);
    const { ticket } = executing;
    // Opened again, or renamed, it is another document, and the one before shows nothing any more.
    if (session === undefined || this.executions.of(ticket)?.cell.notebook === notebook) return;
    const live = this.executions.adopt(notebook, executing);
    if (live === undefined) return;
    const running = this.begin(notebook, ticket, live);
    const over = this.conclude(notebook, running, () => this.outcomeOf(session, notebook, running));
    this.queues.set(notebook, Promise.all([this.queues.get(notebook), over]));
  }
}

function told<T>(): Told<T> {
  let callbacks!: Omit<Told<T>, 'promise'>;
  const promise = new Promise<T>((resolve, reject) => (callbacks = { resolve, reject }));
  return { promise, ...callbacks };
}

function didNotStop(seconds: number): LabErrorData {
  return {
    code: 'TRAINER_BLOCKED',
    message: vscode.l10n.t(
      'The cell did not stop within {0} s, so that its kernel was ended: all variables are gone.',
      seconds,
    ),
    remedy: vscode.l10n.t('Run the cells again; look for a loop that does not end.'),
  };
}
