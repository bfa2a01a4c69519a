/** The kernels of this window's notebooks, and what is executed in them. */
import * as vscode from 'vscode';
import type { CellOutcome } from '../../client/notebook/cells';
import type { KeptCell } from '../../client/notebook/store';
import type { Names } from '../../client/notebook/users';
import type { TrainerConnection } from '../../client/processes/connection';
import { hashOfSource } from '../../notebook/document';
import { lessonIdOf } from '../../client/lessons/labFolder';
import { prepareLabFolder } from '../../client/lessons/support';
import { toErrorData, type LabErrorData } from '../../protocol/errors';
import type { CellEnd, CellLanguage, ExecutedCell } from '../../protocol/kernel';
import type { App } from '../app/app';
import { setting } from '../app/settings';
import { abandonPolicy, ownData } from '../state/options';
import type { TrainerPool } from '../state/pool';
import type { Session } from '../state/session';
import { LiveCell } from './liveCell';
import { KernelNames } from './names';
import type { Cells } from './outputs';

interface Running {
  readonly ticket: string;
  readonly live: LiveCell;
  /** Cancelled while its kernel is being started. */
  readonly calledOff: vscode.CancellationTokenSource;
  /** The user interrupts it. */
  interrupted?: true;
  /** What became of its kernel meanwhile, where that is not the cell's doing. */
  lost?: LabErrorData;
}

/** Executions whose late outputs still find their cells. */
const REMEMBERED = 200;

export class Kernels implements Cells {
  readonly names: KernelNames;
  private readonly controllers = new Map<string, vscode.NotebookController>();
  /** What runs or waits, by notebook. */
  private readonly queues = new WeakMap<vscode.NotebookDocument, Promise<unknown>>();
  private readonly running = new Map<vscode.NotebookDocument, Running>();
  private readonly meetings = new Map<vscode.NotebookDocument, Promise<void>>();
  private readonly rounds = new WeakMap<vscode.NotebookDocument, number>();
  private readonly lives = new Map<string, LiveCell>();
  private readonly orders = new Map<string, number>();
  /** What each cell declared and used when it was last executed, by its URI. */
  private readonly cellNames = new Map<string, Names>();
  /** Counted by notebook: what was to run again for an older value is not run. */
  private readonly moves = new WeakMap<vscode.NotebookDocument, number>();
  private readonly heard = new WeakSet<object>();
  /** Of each cell, by its URI, the execution that is shown. */
  private readonly latest = new WeakMap<vscode.NotebookDocument, Map<string, LiveCell>>();
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

  serve(type: string, controller: vscode.NotebookController): void {
    this.controllers.set(type, controller);
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
    const controller = this.controllers.get(notebook.notebookType);
    if (controller === undefined || !this.app.trust.allows()) return false;
    const lives = cells.map((cell) => new LiveCell(controller, cell, this.orderOf));
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
    if (session === undefined) return;
    this.listen(session);
    const { executing, ended } = await session.trainer.request('kernel/state', {});
    for (const cell of ended) {
      const live = this.adopt(notebook, cell);
      if (live !== undefined) this.finish(notebook, live, cell.end);
    }
    if (executing !== undefined) this.follow(notebook, executing);
  }

  private async run(notebook: vscode.NotebookDocument, live: LiveCell): Promise<boolean> {
    const { randomUUID } = await import('node:crypto');
    const ticket = randomUUID();
    const running: Running = { ticket, live, calledOff: new vscode.CancellationTokenSource() };
    this.running.set(notebook, running);
    this.remember(ticket, live);
    live.begin(Date.now());
    try {
      const outcome = await this.pool.use(this.projectOf(notebook), running.calledOff.token, async (session) =>
        this.send(session, notebook, running),
      );
      if (outcome.kind === 'ended') {
        this.finish(notebook, live, outcome.end);
        return outcome.end.state === 'done';
      }
      live.end({ success: false, at: Date.now(), error: running.lost ?? outcome.death });
    } catch (error) {
      const data = toErrorData(error);
      const { lost } = running;
      if (lost !== undefined) live.end({ success: false, at: Date.now(), error: lost });
      else if (running.interrupted === true || data.code === 'CANCELLED')
        live.end({ success: undefined, at: Date.now() });
      else {
        this.app.errors.write(data);
        live.end({ success: false, at: Date.now(), error: data });
      }
    } finally {
      this.over(notebook, running);
      running.calledOff.dispose();
    }
    this.ended.fire({ notebook, end: undefined });
    return false;
  }

  private async send(
    session: Session,
    notebook: vscode.NotebookDocument,
    { ticket, live }: Running,
  ): Promise<CellOutcome> {
    this.listen(session);
    const lab = this.app.lab();
    await prepareLabFolder(lab);
    const { cell } = live;
    const lesson = lessonIdOf(lab, notebook.uri.fsPath);
    const { executeCell } = await import('../../client/notebook/cells');
    return await executeCell(
      session.trainer,
      {
        ticket,
        notebook: notebook.uri.fsPath,
        cell: cell.document.uri.toString(),
        language: cell.document.languageId as CellLanguage,
        source: cell.document.getText(),
        runsDirectory: lab.runs,
        abandon: abandonPolicy(),
        ...ownData(),
        ...(lesson === undefined ? {} : { lesson }),
      },
      () => undefined, // heard of with everything else that the kernel says, see `listen`
    );
  }

  private finish(notebook: vscode.NotebookDocument, live: LiveCell, end: CellEnd): void {
    const { state, order, began, milliseconds, error } = end;
    const cell = live.cell.document.uri.toString();
    this.orders.set(cell, order);
    this.cellNames.set(cell, end);
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
      this.lives.get(ticket)?.tell(event);
    });
    // Of one that has shown nothing.
    trainer.on('cell/ended', ({ ticket, cell }) => {
      this.discover(session, ticket, cell);
    });
  }

  /** Another window executes a cell of a notebook that is open here as well. */
  private discover(session: Session, ticket: string, uri: string): void {
    if (this.lives.has(ticket)) return;
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
    if (session === undefined || this.lives.get(ticket)?.cell.notebook === notebook) return;
    const live = this.adopt(notebook, executing);
    if (live === undefined) return;
    const running: Running = { ticket, live, calledOff: new vscode.CancellationTokenSource() };
    this.running.set(notebook, running);
    const over = new Promise<void>((resolve) => {
      const done = (end: CellEnd | undefined): void => {
        listening.dispose();
        this.over(notebook, running);
        if (end !== undefined) this.finish(notebook, live, end);
        else {
          const { isLeft } = session.trainer;
          const error = running.lost ?? (isLeft ? undefined : session.trainer.death());
          // Of one that this window has left, or restarted, it is not known how its cell did.
          live.end({ at: Date.now(), ...(error === undefined ? { success: undefined } : { success: false, error }) });
        }
        resolve();
      };
      const listening = session.trainer.on('cell/ended', ({ ticket, end }) => {
        if (ticket === executing.ticket) done(end);
      });
      void session.trainer.closed.then(() => {
        done(undefined);
      });
    });
    this.queues.set(notebook, Promise.all([this.queues.get(notebook), over]));
  }

  /** The next one may be running already. */
  private over(notebook: vscode.NotebookDocument, running: Running): void {
    if (this.running.get(notebook) === running) this.running.delete(notebook);
  }

  /** The cell of this notebook that was executed: by its URI, or, after a reload or a rename, by its text. */
  private adopt(notebook: vscode.NotebookDocument, executed: ExecutedCell): LiveCell | undefined {
    const controller = this.controllers.get(notebook.notebookType);
    const hash = hashOfSource(executed.source);
    const same = notebook.getCells().filter(({ document }) => hashOfSource(document.getText()) === hash);
    const cell = same.find(({ document }) => document.uri.toString() === executed.cell) ?? same[0];
    if (controller === undefined || cell === undefined) return undefined;
    let live: LiveCell;
    try {
      live = new LiveCell(controller, cell, this.orderOf);
    } catch {
      return undefined; // another controller has been chosen, or it is being executed
    }
    this.remember(executed.ticket, live);
    live.begin(executed.began);
    for (const event of executed.events) live.tell(event);
    return live;
  }

  /** What is kept of the notebook's cells for the next time that it is opened. */
  kept(notebook: vscode.NotebookDocument): KeptCell[] {
    return notebook.getCells().flatMap(({ document }) => {
      const live = this.latestOf(notebook).get(document.uri.toString());
      return live?.kept === undefined ? [] : [live.kept];
    });
  }

  /** Shows what cells have shown when the notebook was open before. */
  restore(notebook: vscode.NotebookDocument, cells: ReadonlyMap<number, KeptCell>): void {
    const controller = this.controllers.get(notebook.notebookType);
    if (controller === undefined) return;
    for (const [index, { events, order, success, began, ended }] of cells) {
      const cell = notebook.cellAt(index);
      if (this.latestOf(notebook).has(cell.document.uri.toString())) continue;
      try {
        const live = new LiveCell(controller, cell, this.orderOf);
        this.latestOf(notebook).set(cell.document.uri.toString(), live);
        live.begin(began);
        for (const event of events) live.tell(event);
        live.end({ success, ...(order === undefined ? {} : { order }), ...(ended === undefined ? {} : { at: ended }) });
      } catch {
        // it is being executed
      }
    }
  }

  /** A notebook that is opened again is another document, whose cells have shown nothing, though they have the same URIs. */
  private latestOf(notebook: vscode.NotebookDocument): Map<string, LiveCell> {
    const known = this.latest.get(notebook) ?? new Map<string, LiveCell>();
    this.latest.set(notebook, known);
    return known;
  }

  private remember(ticket: string, live: LiveCell): void {
    this.latestOf(live.cell.notebook).set(live.cell.document.uri.toString(), live);
    this.lives.set(ticket, live);
    const [oldest = ''] = this.lives.keys();
    if (this.lives.size > REMEMBERED) this.lives.delete(oldest);
  }

  private readonly orderOf = (cell: string): number | undefined => this.orders.get(cell);
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
