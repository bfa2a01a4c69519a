/** Lines of comma-separated values as RFC 4180 has them. */

const CSV_LINE_END = '\r\n';

/** Undefined, and a number that is none, is an empty cell. */
export type Cell = string | number | undefined;

export function csvLine(cells: readonly Cell[]): string {
  return cells.map(cellText).join(',') + CSV_LINE_END;
}

/** A spreadsheet computes what begins so; behind an apostrophe it is text. Of numbers no such thing can be made. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

function cellText(cell: Cell): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const text = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
