/** Text put into a script at many places, none of it with a line break, and the way back from a column to the original. */
export class Insertions {
  private readonly list: { readonly at: number; readonly text: string; readonly order: number }[] = [];

  constructor(private readonly code: string) {}

  /** Text around [start, end). What is put around first is outside. */
  around({ start, end }: { readonly start: number; readonly end: number }, before: string, after: string): void {
    this.before(start, before);
    // At one place, what closes comes before what opens, the inner before the outer.
    this.list.push({ at: end, text: after, order: -this.list.length - 1 });
  }

  before(at: number, text: string): void {
    this.list.push({ at, text, order: this.list.length + 1 });
  }

  /** The new script, and the column, from 0, that a column of it had in the old one. */
  apply(): { readonly code: string; readonly columnOf: (line: number, column: number) => number } {
    this.list.sort((a, b) => a.at - b.at || a.order - b.order);
    const lines = new Map<number, { readonly column: number; readonly length: number }[]>();
    let code = '';
    let from = 0;
    let line = 1;
    let lineStart = 0;
    for (const { at, text } of this.list) {
      const piece = this.code.slice(from, at);
      code += piece + text;
      for (let next = piece.indexOf('\n'); next >= 0; next = piece.indexOf('\n', next + 1)) {
        line += 1;
        lineStart = from + next + 1;
      }
      from = at;
      const inLine = lines.get(line) ?? [];
      inLine.push({ column: at - lineStart, length: text.length });
      lines.set(line, inLine);
    }
    const columnOf = (atLine: number, column: number): number => {
      let inserted = 0;
      for (const piece of lines.get(atLine) ?? []) {
        if (piece.column + inserted >= column) break;
        inserted = Math.min(inserted + piece.length, column - piece.column);
      }
      return column - inserted;
    };
    return { code: code + this.code.slice(from), columnOf };
  }
}
