/** A notebook's kernel in a process of its own, and what its cells show. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { TrainerConnection } from '../../../src/client/processes/connection';
import type { TrainerOptions } from '../../../src/client/processes/options';
import { TEXT_MIME } from '../../../src/protocol/display';
import type { CellEnd, ExecuteCell, OutputEvent } from '../../../src/protocol/kernel';
import { Bench } from '../trainer/support';

export interface Ran {
  readonly end: CellEnd;
  readonly events: readonly OutputEvent[];
  /** The text of the last output; undefined: the cell showed nothing. */
  readonly value: string | undefined;
  readonly printed: string;
}

export class Notebook {
  readonly bench = new Bench();
  readonly file = path.join(this.bench.folder, 'lesson.lab.md');
  private attached: TrainerConnection | undefined;
  private readonly heard = new Map<string, OutputEvent[]>();

  constructor(private readonly extra: Partial<TrainerOptions> = {}) {}

  async kernel(): Promise<TrainerConnection> {
    if (this.attached?.isOpen === true) return this.attached;
    const kernel = await this.bench.trainer({ project: this.file, role: 'kernel', ...this.extra });
    kernel.on('cell/output', ({ ticket, event }) => this.events(ticket).push(event));
    return (this.attached = kernel);
  }

  write(name: string, text: string): string {
    const file = path.join(this.bench.folder, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
    return file;
  }

  request(source: string, extra: Partial<ExecuteCell> = {}): ExecuteCell {
    return {
      ticket: randomUUID(),
      notebook: this.file,
      cell: 'cell:1',
      language: 'typescript',
      source,
      runsDirectory: this.bench.runs,
      abandon: { action: 'continue', graceSeconds: 30 },
      ...extra,
    };
  }

  events(ticket: string): OutputEvent[] {
    const events = this.heard.get(ticket) ?? [];
    this.heard.set(ticket, events);
    return events;
  }

  /** Runs a cell, however it ends. */
  async run(source: string, extra: Partial<ExecuteCell> = {}): Promise<Ran> {
    const request = this.request(source, extra);
    const kernel = await this.kernel();
    const end = await kernel.request('cell/execute', request);
    // A notification is handed out in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve));
    const events = this.events(request.ticket);
    const shown = events.flatMap((event) => (event.kind === 'show' ? [event.output.items[TEXT_MIME] as string] : []));
    const printed = events.flatMap((event) => (event.kind === 'stream' ? [event.text] : [])).join('');
    return { end, events, value: shown.at(-1), printed };
  }

  /** Runs a cell that is to end well. @returns the text that it shows */
  async value(source: string, extra: Partial<ExecuteCell> = {}): Promise<string | undefined> {
    const { end, value } = await this.run(source, extra);
    assert.equal(end.state, 'done', `${source}\n${JSON.stringify(end.error, undefined, 2)}`);
    return value;
  }

  dispose(): Promise<void> {
    return this.bench.dispose();
  }
}
