import type { Dataset } from '../../lab/dataset';
import type { Splits } from '../../lab/dataset';
import { loadSplits } from '../../lab/loadSplits';
import type { CellOutput, ExecuteCell, ExecutedCell, OutputEvent } from '../../protocol/kernel';
import { Shown } from '../../protocol/shown';
import { loadContextOf } from './api/examples';
import type { CellContext } from './context';
import type { Items } from './display';

/** One execution, from its request to its end; what it leaves behind goes on speaking through it. */
export class Execution {
  readonly abort = new AbortController();
  readonly shown = new Shown();
  readonly context: CellContext;
  order = 0;
  began = 0;
  /** Rejects when the cell is to end although its code does not. */
  readonly ended: Promise<never>;
  end!: (error: unknown) => void;
  private outputs = 0;

  constructor(
    readonly request: ExecuteCell,
    private readonly tell: (event: OutputEvent) => void,
    common: Pick<CellContext, 'runs' | 'origin' | 'effects' | 'pages'>,
  ) {
    this.ended = new Promise((_, reject) => (this.end = reject));
    this.ended.catch(() => undefined); // whoever waits for the cell hears of it
    this.context = {
      ...common,
      request,
      signal: this.abort.signal,
      load: (data) => this.load(data),
      show: (items, id) => this.show(items, id),
      clear: () => {
        this.say({ kind: 'clear' });
      },
    };
  }

  told(): ExecutedCell {
    const { request, order, began, shown } = this;
    const { ticket, cell, source } = request;
    return { ticket, cell, source, order, began, events: shown.events };
  }

  say(event: OutputEvent): void {
    this.shown.add(event);
    this.tell(event);
  }

  private load(data: Dataset): Promise<Splits> {
    return loadSplits(data, loadContextOf(this.context));
  }

  private show(items: Items, id?: string): string {
    this.outputs += 1;
    const output: CellOutput = { id: id ?? `${this.request.ticket}/${this.outputs}`, items };
    this.say({ kind: 'show', output });
    return output.id;
  }
}
