/** Places in a text, in every way its readers count: editors by line and column, edits by offset. */

export interface Position {
  /** UTF-16 units from the start of the text, from 0. */
  readonly offset: number;
  /** From 1, as in `SourceLocation`. */
  readonly line: number;
  readonly column: number;
}

export interface Range {
  readonly start: Position;
  /** The first place behind. */
  readonly end: Position;
}

/** Turns offsets into positions; the lines are counted once. */
export class Lines {
  private readonly starts: readonly number[];

  constructor(private readonly text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    this.starts = starts;
  }

  position(offset: number): Position {
    const inside = Math.min(Math.max(0, offset), this.text.length);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { offset: inside, line: low + 1, column: inside - (this.starts[low] ?? 0) + 1 };
  }

  range(start: number, end: number): Range {
    return { start: this.position(start), end: this.position(end) };
  }

  /** The offset of a line and column counted from 1; beyond the text, its end. */
  offset(line: number, column: number): number {
    const start = this.starts[line - 1] ?? this.text.length;
    const end = this.starts[line] ?? this.text.length + 1;
    return Math.min(start + column - 1, Math.max(start, end - 1));
  }
}
