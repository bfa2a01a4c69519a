/** A script that is put together of parts of another one, and the way back. */

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Text of our own, standing for the character at `from` of the old script; or `to - from` characters of the old one. */
interface Piece {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly isOwn: boolean;
}

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 0. */
  readonly column: number;
}

/** Offsets of a text's lines. */
export class LineStarts {
  private readonly starts: number[] = [0];

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.starts.push(at + 1);
  }

  offset({ line, column }: Position): number {
    return (this.starts[line - 1] ?? 0) + column;
  }

  position(offset: number): Position {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.starts[low] ?? 0) };
  }
}

export class Rewriting {
  private readonly edits: Edit[] = [];
  private readonly head: Piece[] = [];

  constructor(private readonly code: string) {}

  replace(start: number, end: number, text: string): void {
    this.edits.push({ start, end, text });
  }

  insert(at: number, text: string): void {
    this.replace(at, at, text);
  }

  remove(start: number, end: number): void {
    this.replace(start, end, '');
  }

  /** Puts text before the script. */
  prepend(text: string): void {
    this.head.push({ from: 0, to: 0, text, isOwn: true });
  }

  /** Moves a part before the script, behind what was put there already; to be called when all edits in it are made. */
  moveToHead(start: number, end: number): void {
    this.head.push(...this.slice(start, end));
    this.edits.splice(0, this.edits.length, ...this.edits.filter((edit) => edit.start < start || edit.end > end));
    this.remove(start, end);
  }

  /** The new script, and where in the old one a position of it comes from. */
  finish(): { readonly code: string; readonly origin: (position: Position) => Position } {
    const pieces = [...this.head, ...this.slice(0, this.code.length)];
    const code = pieces.map(({ text }) => text).join('');
    const before = new LineStarts(this.code);
    const after = new LineStarts(code);
    const starts: number[] = [];
    let length = 0;
    for (const { text } of pieces) {
      starts.push(length);
      length += text.length;
    }
    const origin = (position: Position): Position => {
      const offset = after.offset(position);
      let at = starts.length - 1;
      while (at > 0 && (starts[at] ?? 0) > offset) at -= 1;
      const piece = pieces[at];
      if (piece === undefined) return position;
      return before.position(piece.isOwn ? piece.from : piece.from + offset - (starts[at] ?? 0));
    };
    return { code, origin };
  }

  private slice(start: number, end: number): Piece[] {
    const inside = this.edits.filter((edit) => edit.start >= start && edit.end <= end);
    // Sorting keeps the order of what is put at the same place.
    inside.sort((a, b) => a.start - b.start);
    const pieces: Piece[] = [];
    let from = start;
    for (const edit of inside) {
      if (edit.start < from) continue; // within something that is gone
      if (edit.start > from) pieces.push(this.kept(from, edit.start));
      if (edit.text !== '') pieces.push({ from: edit.start, to: edit.end, text: edit.text, isOwn: true });
      from = edit.end;
    }
    if (from < end) pieces.push(this.kept(from, end));
    return pieces;
  }

  private kept(from: number, to: number): Piece {
    return { from, to, text: this.code.slice(from, to), isOwn: false };
  }
}
