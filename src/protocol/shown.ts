/** What a cell has shown so far, for a client that comes later: what was replaced or removed is not kept. */
import type { OutputEvent } from './kernel';

/** Of streams; what is older is left out. */
const CHARACTERS = 2 ** 20;

export class Shown {
  private list: OutputEvent[] = [];
  private characters = 0;

  get events(): readonly OutputEvent[] {
    return this.list;
  }

  add(event: OutputEvent): void {
    if (event.kind === 'clear') {
      this.list = [];
      this.characters = 0;
    } else if (event.kind === 'show') this.show(event);
    else this.stream(event);
  }

  private show(event: Extract<OutputEvent, { kind: 'show' }>): void {
    const { id } = event.output;
    const at = this.list.findIndex((other) => other.kind === 'show' && other.output.id === id);
    if (at < 0) this.list.push(event);
    else this.list[at] = event;
  }

  private stream(event: Extract<OutputEvent, { kind: 'stream' }>): void {
    const last = this.list.at(-1);
    if (last?.kind === 'stream' && last.stream === event.stream)
      this.list[this.list.length - 1] = { ...event, text: last.text + event.text };
    else this.list.push(event);
    this.characters += event.text.length;
    while (this.characters > CHARACTERS) {
      const oldest = this.list.findIndex((other) => other.kind === 'stream');
      const { stream, text } = this.list[oldest] as typeof event;
      const excess = Math.min(text.length, this.characters - CHARACTERS);
      this.characters -= excess;
      if (excess === text.length) this.list.splice(oldest, 1);
      else this.list[oldest] = { kind: 'stream', stream, text: text.slice(excess) };
    }
  }
}
