/** Lists of records as a table. */
import type { TableCell, TableDisplay, TablePage } from '../../../protocol/display';
import { described } from './tree';
import type { Pages } from './pages';

const PAGE = 20;
const MOST_COLUMNS = 100;

export type Row = Readonly<Record<string, unknown>>;

/** Whether a value is a list of plain records with names in common: then it is best seen as a table. */
export function isRows(value: unknown): value is readonly Row[] {
  if (!Array.isArray(value) || value.length < 2) return false;
  const plain = value.every((row: unknown) => {
    if (typeof row !== 'object' || row === null) return false;
    const prototype: unknown = Object.getPrototypeOf(row);
    return prototype === Object.prototype || prototype === null;
  });
  return plain && Object.keys(value[0] as object).some((name) => name in (value[1] as object));
}

export function tableDisplay(list: readonly Row[], pages: Pages, title?: string): TableDisplay {
  const columns = [...new Set(list.slice(0, 1000).flatMap((row) => Object.keys(row)))].slice(0, MOST_COLUMNS);
  const rows = list.map((row) => columns.map((name) => cellOf(row[name])));
  const read = (from: number, count: number): TablePage => ({
    kind: 'table',
    from,
    rows: rows.slice(from, from + count),
  });
  const bytes = rows.length * columns.length * 16;
  const handle = rows.length > PAGE ? pages.keep({ bytes, rows: rows.length, read }) : undefined;
  return {
    kind: 'table',
    ...(title === undefined ? {} : { title }),
    columns,
    total: rows.length,
    page: read(0, PAGE),
    ...(handle === undefined ? {} : { handle }),
  };
}

function cellOf(value: unknown): TableCell {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  return value === null || value === undefined ? null : described(value).text;
}

export function tableText({ columns, page, total }: TableDisplay): string {
  const lines = page.rows.map((row) => row.map((cell) => String(cell ?? '–')).join('\t'));
  return [columns.join('\t'), ...lines, ...(total > page.rows.length ? [`… ${total}`] : [])].join('\n');
}
