import type ts from 'typescript';
import type { Cell } from './cell';
import type { Notebook } from './notebook';

type Data = Readonly<Record<string, unknown>>;

/**
 * An answer of a notebook's service as the server expects it: cells have the server's names, and nothing that lies behind a
 * cell's text is left in it. Answers are plain data, so one walk serves them all.
 *
 * @param asked the cell that spans without a file are of
 */
export function outward<T>(notebook: Notebook, answer: T, asked: Cell | undefined): T {
  return walk(answer, asked) as T;

  /** undefined: it lies behind the cell. */
  function walk(value: unknown, cell: Cell | undefined): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, cell)).filter((item) => item !== undefined);
    if (!isRecord(value)) return value;
    const { fileName } = value;
    const here = typeof fileName === 'string' ? notebook.cellOf(fileName) : cell;
    if (here !== undefined && startOf(value) > here.length) return undefined;
    const seen = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, walk(item, here)]));
    if (here === undefined) {
      if (typeof fileName === 'string') notebook.makeKnown(fileName);
      return seen;
    }
    if (typeof fileName === 'string') seen['fileName'] = here.name;
    if (Array.isArray(value['textChanges'])) {
      seen['textChanges'] = (value['textChanges'] as ts.TextChange[]).flatMap((change) => inCell(change, here));
    }
    return seen;
  }
}

function isRecord(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Where a value lies, be it a span, something with a span, or a hint at a position. */
function startOf(value: Data): number {
  const { start, position, textSpan, span, highlightSpan } = value;
  for (const place of [start, position]) if (typeof place === 'number') return place;
  for (const inner of [textSpan, span, highlightSpan]) if (isRecord(inner)) return startOf(inner);
  return -1;
}

/** New imports go behind the last import of a file, and that of a cell lies behind its text: they belong to its own imports. */
function inCell(change: ts.TextChange, cell: Cell): ts.TextChange[] {
  if (change.span.start <= cell.length) return [change];
  const statement = change.newText.trim();
  if (!statement.startsWith('import')) return [];
  const start = cell.endOfImports;
  return [{ span: { start, length: 0 }, newText: start === 0 ? `${statement}\n` : `\n${statement}` }];
}
