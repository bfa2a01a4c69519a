import * as vscode from 'vscode';
import type { KeptCell } from '../../client/notebook/store';
import { hashOfSource } from '../../notebook/document';
import type { LabErrorData } from '../../protocol/errors';
import type { OutputEvent } from '../../protocol/kernel';
import { Shown } from '../../protocol/shown';
import { errorText } from '../app/errors';
import { errorItem, outputItems, streamItem } from './items';

export interface CellEnding {
  /** undefined: neither; it was called off. */
  readonly success: boolean | undefined;
  readonly order?: number;
  /** As Date.now() gives it. */
  readonly at?: number;
  readonly error?: LabErrorData;
}

/** One execution of a cell in this window: what it shows comes in the order in which it was told, also after its end. */
export class LiveCell {
  readonly shown = new Shown();
  private readonly outputs = new Map<string, vscode.NotebookCellOutput>();
  private stream: { readonly kind: 'stdout' | 'stderr'; readonly output: vscode.NotebookCellOutput } | undefined;
  private execution: vscode.NotebookCellExecution | undefined;
  private ending: CellEnding | undefined;
  /** As it was executed. */
  private source: string | undefined;
  /** As Date.now() gives it. */
  private began: number | undefined;

  constructor(
    private readonly controller: vscode.NotebookController,
    readonly cell: vscode.NotebookCell,
    private readonly orderOf: (cell: string) => number | undefined,
  ) {
    this.execution = controller.createNotebookCellExecution(cell);
  }

  get uri(): string {
    return this.cell.document.uri.toString();
  }

  /** Once it has ended: what is shown when the notebook is opened again. */
  get kept(): KeptCell | undefined {
    const { ending, source, shown, began } = this;
    if (ending === undefined || source === undefined) return undefined;
    const { order, success, error, at } = ending;
    const text = error && errorText(error);
    return {
      hash: hashOfSource(source),
      events: [
        ...shown.events,
        ...(text === undefined ? [] : [{ kind: 'stream', stream: 'stderr', text: `${text}\n` } as const]),
      ],
      ...(order === undefined ? {} : { order }),
      ...(success === undefined ? {} : { success }),
      ...(began === undefined || at === undefined ? {} : { began, ended: at }),
    };
  }

  begin(at?: number): void {
    this.source = this.cell.document.getText();
    this.began = at;
    this.change((execution) => {
      execution.start(at);
      sent(execution.clearOutput());
    });
  }

  tell(event: OutputEvent): void {
    this.shown.add(event);
    if (this.ending !== undefined) this.late(event);
    else
      this.change((execution) => {
        this.apply(execution, event);
      });
  }

  /** All that it has shown, for a window that has missed a part of it. */
  retell(events: readonly OutputEvent[]): void {
    this.tell({ kind: 'clear' });
    for (const event of events) this.tell(event);
  }

  /** Once: a kernel that goes later takes nothing back of what a cell has come to. */
  end(ending: CellEnding): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.change((execution) => {
      const { error, order, success, at } = ending;
      if (error !== undefined)
        sent(execution.appendOutput(new vscode.NotebookCellOutput([errorItem(error, this.orderOf)])));
      execution.executionOrder = order;
      execution.end(success, at);
      this.execution = undefined;
    });
  }

  /** It is not to be executed after all. */
  drop(): void {
    this.change((execution) => {
      execution.end(undefined);
      this.execution = undefined;
    });
  }

  /** What a cell leaves behind goes on showing: in another execution of the same times, for VS Code changes outputs in no other way. */
  private late(event: OutputEvent): void {
    try {
      const execution = this.controller.createNotebookCellExecution(this.cell);
      const { order, success, at } = this.ending ?? {};
      execution.executionOrder = order;
      execution.start(this.began);
      this.apply(execution, event);
      execution.end(success, at);
    } catch {
      // the cell is gone, or is being executed again: nobody looks for what an older execution says
    }
  }

  private change(work: (execution: vscode.NotebookCellExecution) => void): void {
    try {
      if (this.execution !== undefined) work(this.execution);
    } catch {
      this.execution = undefined; // its notebook was closed, or its cell removed
    }
  }

  private apply(execution: vscode.NotebookCellExecution, event: OutputEvent): void {
    if (event.kind === 'clear') {
      this.outputs.clear();
      this.stream = undefined;
      sent(execution.clearOutput());
    } else if (event.kind === 'stream') {
      const item = streamItem(event.stream, event.text);
      if (this.stream?.kind === event.stream) sent(execution.appendOutputItems(item, this.stream.output));
      else {
        this.stream = { kind: event.stream, output: new vscode.NotebookCellOutput([item]) };
        sent(execution.appendOutput(this.stream.output));
      }
    } else {
      const items = outputItems(event.output);
      const known = this.outputs.get(event.output.id);
      if (known !== undefined) sent(execution.replaceOutputItems(items, known));
      else {
        // What is printed from now on stands below it.
        this.stream = undefined;
        const output = new vscode.NotebookCellOutput(items);
        this.outputs.set(event.output.id, output);
        sent(execution.appendOutput(output));
      }
    }
  }
}

/**
 * VS Code carries changes out in the order of the calls, and sends those of 10 ms together: whoever waited for each would
 * wait so long for each.
 */
function sent(change: Thenable<void>): void {
  change.then(undefined, () => undefined); // its notebook was closed
}
