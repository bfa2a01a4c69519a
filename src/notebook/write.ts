/** The text of a notebook. Cells that are as they were read stand there byte by byte. */
import { BlockScanner, type Role } from './blocks';
import { languageOf, usualGap, usualOpening, type Cell, type Notebook } from './document';
import { commonEnd, isBlank, linesOf } from './lines';

/** A cell with its lines, blank ones at the edges of Markdown left out. */
interface Body {
  readonly cell: Cell;
  readonly lines: readonly string[];
  readonly kind: 'markdown' | 'code';
  readonly heading: boolean;
}

export function writeNotebook({ head, eol, cells }: Notebook): string {
  const bodies = cells.map(bodyOf).filter(({ kind, lines }) => kind === 'code' || lines.length > 0);
  let text = bodies.length === 0 || /^\uFEFF*$|[\r\n]$/.test(head) ? head : head + eol + eol;
  for (const [index, body] of bodies.entries()) {
    const before = bodies[index - 1];
    const gap = before === undefined ? '' : gapBetween(before, body, eol);
    const last = index === bodies.length - 1;
    text += gap + (body.kind === 'code' ? code(body, eol, before, gap, last) : markdown(body, eol, last));
  }
  const end = bodies.at(-1);
  return end === undefined ? text : text + gapAtEnd(end, eol);
}

function bodyOf(cell: Cell): Body {
  const { kind } = cell;
  const { texts } = linesOf((cell.layout?.marks ?? '') + cell.text);
  if (kind === 'code') {
    const hollow = cell.text === '' && (cell.layout === undefined || cell.layout.hollow === true);
    return { cell, kind, lines: hollow ? [] : texts, heading: false };
  }
  const begin = texts.findIndex((line) => !isBlank(line));
  const lines = begin === -1 ? [] : texts.slice(begin, texts.findLastIndex((line) => !isBlank(line)) + 1);
  return { cell, kind, lines, heading: isHeading(lines) };
}

function isHeading(lines: readonly string[]): boolean {
  const scanner = new BlockScanner();
  for (const [index, line] of lines.entries()) {
    const role = scanner.read(line);
    if (role === 'heading' || role === 'underline') return true;
    if (index > 0 && role !== 'continues') return false;
  }
  return false;
}

function markdown({ cell, lines }: Body, eol: string, last: boolean): string {
  const closer = last ? undefined : scan(lines).closer;
  return joined(closer === undefined ? lines : [...lines, closer], cell, eol);
}

function code({ cell, lines }: Body, eol: string, before: Body | undefined, gap: string, last: boolean): string {
  let open = openingOf(cell);
  // After Markdown that has changed, what is indented may belong to a list.
  if (open.startsWith(' ') && before !== undefined && roleAfter(before, gap, open) !== 'opens') open = open.trimStart();
  const [fence = ''] = /`+|~+/.exec(open) ?? [];
  const own = cell.layout?.close;
  if (own === null && last) return joined([open, ...lines], cell, eol);
  // Nothing inside may close it.
  let longest = 0;
  for (const line of lines) {
    const [, marks = ''] = /^ {0,3}(`+|~+)[ \t]*$/.exec(line) ?? [];
    if (marks.startsWith(fence.charAt(0)) && marks !== '') longest = Math.max(longest, marks.length);
  }
  if (longest < fence.length) return joined([open, ...lines, own ?? fence], cell, eol);
  const longer = (fence[0] ?? '').repeat(longest + 1);
  return joined([open.replace(fence, longer), ...lines, longer], cell, eol);
}

/** As the file has it, unless the cell has got another language. */
function openingOf({ language, layout }: Cell): string {
  const open = layout?.open ?? usualOpening(language);
  return languageOf(open) === language || layout?.open === undefined
    ? open
    : open.replace(/[^\s`~]\S*/, usualOpening(language).slice(3));
}

/** As the file has it where the same cells still meet and nothing runs into the other; else what is usual. */
function gapBetween(body: Body, next: Body, eol: string): string {
  const usual = usualGap(body, next, eol);
  const first = next.kind === 'code' ? openingOf(next.cell) : (next.lines[0] ?? '');
  const { gap } = body.cell.layout ?? {};
  if (gap?.before !== undefined && gap.before === next.cell.layout?.key) {
    const texts = body.kind === 'markdown' && next.kind === 'markdown';
    const separate = !texts || next.heading || linesOf(gap.text).ends.length > 2;
    if (separate && !RUNS_ON.has(roleAfter(body, gap.text, first))) return gap.text;
  }
  // What is indented would belong to a list, however many blank lines stand between: a comment ends the list.
  const joins = next.kind === 'markdown' && /^[ \t]/.test(first) && RUNS_ON.has(roleAfter(body, usual, first));
  return joins ? `${usual}<!-- -->${eol}${eol}` : usual;
}

const RUNS_ON: ReadonlySet<Role> = new Set(['continues', 'inside', 'closes', 'underline']);

function gapAtEnd(body: Body, eol: string): string {
  const { gap } = body.cell.layout ?? {};
  return gap !== undefined && gap.before === undefined ? gap.text : usualGap(body, undefined, eol);
}

/** What a line would be behind a cell. */
function roleAfter(cell: Body, gap: string, line: string): Role {
  const scanner = scan(cell.kind === 'code' ? [] : cell.lines);
  const { closer } = scanner;
  if (closer !== undefined) scanner.read(closer);
  for (const blank of linesOf(gap).texts.slice(1, -1)) scanner.read(blank);
  return scanner.read(line);
}

function scan(lines: readonly string[]): BlockScanner {
  const scanner = new BlockScanner();
  for (const line of lines) scanner.read(line);
  return scanner;
}

/** With the ends that the lines had; lines that are new have those of the others. */
function joined(lines: readonly string[], { layout }: Cell, eol: string): string {
  const ends = layout?.ends ?? [eol];
  const common = commonEnd(ends);
  const own = ends.length === lines.length - 1;
  return lines
    .map((line, index) => (index === lines.length - 1 ? line : line + (own ? (ends[index] ?? '') : common)))
    .join('');
}
