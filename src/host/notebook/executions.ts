import * as vscode from 'vscode';
import type { KeptCell } from '../../client/notebook/store';
import { hashOfSource } from '../../notebook/document';
import type { ExecutedCell } from '../../protocol/kernel';
import { LiveCell } from './liveCell';

/** Executions whose late outputs still find their cells. */
const REMEMBERED = 200;

/** Which execution each cell of this window shows. */
export class Executions {
  private readonly controllers = new Map<string, vscode.NotebookController>();
  private readonly byTicket = new Map<string, LiveCell>();
  /** Numbers of executions, by the cell's URI. */
  private readonly orders = new Map<string, number>();
  /** Of each cell, by its URI, the execution that is shown. */
  private readonly latest = new WeakMap<vscode.NotebookDocument, Map<string, LiveCell>>();

  serve(type: string, controller: vscode.NotebookController): void {
    this.controllers.set(type, controller);
  }

  serves(notebook: vscode.NotebookDocument): boolean {
    return this.controllers.has(notebook.notebookType);
  }

  /** @throws Error of VS Code, where another kernel was chosen, or the cell is being executed */
  create(cell: vscode.NotebookCell): LiveCell {
    const controller = this.controllers.get(cell.notebook.notebookType);
    if (controller === undefined) throw new Error(`No kernel of ours runs ${cell.notebook.notebookType}`);
    return new LiveCell(controller, cell, (uri) => this.orders.get(uri));
  }

  /** From now on the cell shows this execution. */
  show(ticket: string, live: LiveCell): void {
    this.latestOf(live.cell.notebook).set(live.uri, live);
    this.byTicket.set(ticket, live);
    const [oldest = ''] = this.byTicket.keys();
    if (this.byTicket.size > REMEMBERED) this.byTicket.delete(oldest);
  }

  of(ticket: string): LiveCell | undefined {
    return this.byTicket.get(ticket);
  }

  number({ uri }: LiveCell, order: number): void {
    this.orders.set(uri, order);
  }

  /** Shows an execution in the cell of this notebook that was executed: by its URI, or, after a reload or a rename, by its text. */
  adopt(notebook: vscode.NotebookDocument, executed: ExecutedCell): LiveCell | undefined {
    const hash = hashOfSource(executed.source);
    const same = notebook.getCells().filter(({ document }) => hashOfSource(document.getText()) === hash);
    const live = this.created(same.find(({ document }) => document.uri.toString() === executed.cell) ?? same[0]);
    if (live === undefined) return undefined;
    this.show(executed.ticket, live);
    live.begin(executed.began);
    for (const event of executed.events) live.tell(event);
    return live;
  }

  /** What is kept of the notebook's cells for the next time that it is opened. */
  kept(notebook: vscode.NotebookDocument): KeptCell[] {
    const latest = this.latestOf(notebook);
    return notebook.getCells().flatMap(({ document }) => latest.get(document.uri.toString())?.kept ?? []);
  }

  /** Shows what cells have shown when the notebook was open before. */
  restore(notebook: vscode.NotebookDocument, cells: ReadonlyMap<number, KeptCell>): void {
    const latest = this.latestOf(notebook);
    for (const [index, { events, order, success, began, ended }] of cells) {
      const cell = notebook.cellAt(index);
      if (latest.has(cell.document.uri.toString())) continue;
      const live = this.created(cell);
      if (live === undefined) continue;
      latest.set(live.uri, live);
      live.begin(began);
      for (const event of events) live.tell(event);
      live.end({ success, ...(order === undefined ? {} : { order }), ...(ended === undefined ? {} : { at: ended }) });
    }
  }

  private created(cell: vscode.NotebookCell | undefined): LiveCell | undefined {
    try {
      return cell === undefined ? undefined : this.create(cell);
    } catch {
      return undefined; // another kernel has been chosen, or it is being executed
    }
  }

  /** A notebook that is opened again is another document, whose cells have shown nothing, though they have the same URIs. */
  private latestOf(notebook: vscode.NotebookDocument): Map<string, LiveCell> {
    const known = this.latest.get(notebook) ?? new Map<string, LiveCell>();
    this.latest.set(notebook, known);
    return known;
  }
}
