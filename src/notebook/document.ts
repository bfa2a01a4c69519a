/** A notebook as cells, and the way there from the text of its file. `write.ts` goes the other way. */
import { createHash } from 'node:crypto';
import type { CellLanguage } from '../protocol/kernel';
import { BlockScanner, type Role } from './blocks';
import { commonEnd, isBlank, linesOf, type Lines } from './lines';

export const NOTEBOOK_SUFFIX = '.lab.md';

export interface Notebook {
  /** What stands before the first cell, as written: byte order mark, front matter, blank lines. */
  readonly head: string;
  /** What ends most lines of the file. */
  readonly eol: string;
  readonly cells: readonly Cell[];
}

export interface Cell {
  readonly kind: 'markdown' | 'code';
  /** VS Code's id: `markdown`, `typescript`, `javascript`. */
  readonly language: string;
  /** Markdown as written, or what stands between the lines of the fence. */
  readonly text: string;
  /** How it is written in the file; undefined: it is new. */
  readonly layout?: Layout;
}

/** All that text and kind of a cell do not say of its bytes. What is usual is left out. */
export interface Layout {
  /** What ends its lines, where that is not the file's usual end. More than one: the end of each. */
  readonly ends?: readonly string[];
  /** The line that opens the fence; usually ```` ```ts ````. */
  readonly open?: string;
  /** The line that closes it; usually the opening's marks. null: the file ends before one. */
  readonly close?: string | null;
  /** No line stands in the fence, not even an empty one. */
  readonly hollow?: true;
  /** Byte order marks at its beginning, which editors drop. */
  readonly marks?: string;
  /** What stands between it and the next cell, or the end, where it is not the usual blank lines. */
  readonly gap?: Gap;
  /** Which cell it is, where the one before has a gap. */
  readonly key?: string;
}

export interface Gap {
  readonly text: string;
  /** `key` of the cell that follows; undefined: the end of the file. */
  readonly before?: string;
}

const LANGUAGES: Readonly<Record<string, CellLanguage>> = {
  ts: 'typescript',
  typescript: 'typescript',
  js: 'javascript',
  javascript: 'javascript',
};

/** First words of fences by language. */
export const SHORT_NAMES: Readonly<Record<CellLanguage, string>> = { typescript: 'ts', javascript: 'js' };

/** Which language the cell of a fence has, by its opening line; undefined: it stays text. */
export function languageOf(open: string): CellLanguage | undefined {
  const [, word = ''] = /^ {0,3}(?:`+|~+)[ \t]*(\S+)/.exec(open) ?? [];
  const name = word.toLowerCase();
  return Object.hasOwn(LANGUAGES, name) ? LANGUAGES[name] : undefined;
}

/** The exercise that a fence's opening line names: ```` ```ts exercise=loss ````. */
export function exerciseOf(open: string): string | undefined {
  return /\sexercise=([\w-]+)(?:\s|$)/.exec(open)?.[1];
}

/** The same for equal texts, whatever their line ends: by it a cell's outputs are found again. */
export function hashOfSource(text: string): string {
  return createHash('sha256')
    .update(text.replace(/\r\n|\r/g, '\n'))
    .digest('base64url')
    .slice(0, 16);
}

/** Never fails: what is no cell of code is text. `writeNotebook` gives the same text again. */
export function readNotebook(text: string): Notebook {
  const [marks = ''] = /^\uFEFF*/.exec(text) ?? [];
  const lines = linesOf(text.slice(marks.length));
  const eol = commonEnd(lines.ends);
  const spans = spansOf(lines);
  const [first] = spans;
  const cells: Cell[] = [];
  for (const [index, span] of spans.entries()) {
    const next = spans[index + 1];
    cells.push(cellOf(lines, eol, span, next));
  }
  const head = first === undefined ? text : marks + join(lines, 0, first.begin);
  return { head, eol, cells: withKeys(cells) };
}

/** Lines of one cell. */
interface Span {
  readonly kind: 'markdown' | 'code';
  readonly begin: number;
  /** Behind its last line. */
  readonly end: number;
  /** Markdown that begins with a heading. */
  readonly heading: boolean;
  /** Code whose fence is closed. */
  readonly closed: boolean;
}

/**
 * Code is what fences of a known language hold. Text is cut before headings and where two or more blank lines stand
 * between blocks.
 */
function spansOf(lines: Lines): Span[] {
  const { texts } = lines;
  const roles = rolesOf(texts);
  const spans: Span[] = [];
  let text: number | undefined;
  let code: number | undefined;
  const flush = (end: number): void => {
    if (text === undefined) return;
    let last = end;
    while (last > text && isBlank(texts[last - 1] ?? '')) last--;
    if (last > text)
      spans.push({ kind: 'markdown', begin: text, end: last, heading: roles[text] === 'heading', closed: true });
    text = undefined;
  };
  for (const [index, line] of texts.entries()) {
    const role = roles[index];
    if (code !== undefined) {
      if (role !== 'closes') continue;
      spans.push({ kind: 'code', begin: code, end: index + 1, heading: false, closed: true });
      code = undefined;
    } else if (role === 'opens' && languageOf(line) !== undefined) {
      flush(index);
      code = index;
    } else {
      const cut = role === 'heading' || (isBoundary(role) && blanksBefore(texts, index) >= 2);
      if (cut) flush(index);
      if (text === undefined && role !== undefined && !isBlank(line)) text = index;
    }
  }
  flush(texts.length);
  // An unclosed fence holds all that is left; its last line end belongs to the file.
  if (code !== undefined) {
    const end = texts.at(-1) === '' && texts.length > code + 1 ? texts.length - 1 : texts.length;
    spans.push({ kind: 'code', begin: code, end, heading: false, closed: false });
  }
  return spans;
}

const isBoundary = (role: Role | undefined): boolean => role === 'begins' || role === 'opens';

function blanksBefore(texts: readonly string[], index: number): number {
  let at = index;
  while (at > 0 && isBlank(texts[at - 1] ?? '')) at--;
  return index - at;
}

/** Undefined for the lines of front matter. */
function rolesOf(texts: readonly string[]): (Role | undefined)[] {
  const scanner = new BlockScanner();
  const start = frontMatterEnd(texts);
  const roles: (Role | undefined)[] = new Array<undefined>(start).fill(undefined);
  let paragraph = 0;
  for (let index = start; index < texts.length; index++) {
    const role = scanner.read(texts[index] ?? '');
    if (role === 'begins') paragraph = index;
    if (role === 'underline') roles[paragraph] = 'heading';
    roles.push(role);
  }
  return roles;
}

/** Behind the lines of front matter: YAML between two lines `---` at the top. 0 where there is none. */
export function frontMatterEnd(texts: readonly string[]): number {
  if (!/^---[ \t]*$/.test(texts[0] ?? '')) return 0;
  for (let index = 1; index < texts.length; index++) {
    const line = texts[index] ?? '';
    if (/^---[ \t]*$/.test(line)) return index > 1 ? index + 1 : 0;
    // A rule, text and another rule are no front matter.
    if (!isBlank(line) && !/^(?:[\w.-]+[ \t]*:(?:[ \t]|$)|#|[ \t]|-[ \t])/.test(line)) return 0;
  }
  return 0;
}

function cellOf(lines: Lines, eol: string, span: Span, next: Span | undefined): Cell {
  const { begin, end } = span;
  const { texts } = lines;
  const isCode = span.kind === 'code';
  const open = texts[begin] ?? '';
  const last = isCode && span.closed ? end - 1 : end;
  const content = texts.slice(isCode ? begin + 1 : begin, last);
  const joined = content.join('\n');
  const [marks = ''] = /^\uFEFF*/.exec(joined) ?? [];
  const language = isCode ? (languageOf(open) ?? 'typescript') : 'markdown';
  const ends = lines.ends.slice(begin, end - 1);
  const common = commonEnd(ends);
  const gap = join(lines, end - 1, next?.begin ?? texts.length).slice((texts[end - 1] ?? '').length);
  const usual = usualGap(span, next, eol);
  return {
    kind: span.kind,
    language,
    text: joined.slice(marks.length),
    layout: {
      ...(ends.every((one) => one === eol) ? {} : { ends: ends.every((one) => one === common) ? [common] : ends }),
      ...(isCode ? fenceLayout(language, open, span.closed ? texts[end - 1] : undefined) : {}),
      ...(isCode && content.length === 0 ? { hollow: true as const } : {}),
      ...(marks === '' ? {} : { marks }),
      ...(gap === usual ? {} : { gap: { text: gap } }),
    },
  };
}

function fenceLayout(language: string, open: string, close: string | undefined): Layout {
  const [marks = ''] = /`+|~+/.exec(open) ?? [];
  return { ...(open === usualOpening(language) ? {} : { open }), ...(close === marks ? {} : { close: close ?? null }) };
}

/** The opening line of a fence that has nothing special. */
export function usualOpening(language: string): string {
  return '```' + (Object.hasOwn(SHORT_NAMES, language) ? SHORT_NAMES[language as CellLanguage] : language);
}

interface Neighbour {
  readonly kind: 'markdown' | 'code';
  readonly heading: boolean;
}

/** A blank line; two between texts that nothing else keeps apart; one line end at the end of the file. */
export function usualGap(cell: Neighbour, next: Neighbour | undefined, eol: string): string {
  if (next === undefined) return eol;
  return eol.repeat(cell.kind === 'markdown' && next.kind === 'markdown' && !next.heading ? 3 : 2);
}

/** Gaps say before which cell they stand. */
function withKeys(cells: readonly Cell[]): Cell[] {
  const key = ({ kind, text }: Cell): string => hashOfSource(`${kind}\n${text}`);
  return cells.map((cell, index) => {
    const next = cells[index + 1];
    const { gap } = cell.layout ?? {};
    return {
      ...cell,
      layout: {
        ...cell.layout,
        ...(gap === undefined || next === undefined ? {} : { gap: { ...gap, before: key(next) } }),
        ...(cells[index - 1]?.layout?.gap === undefined ? {} : { key: key(cell) }),
      },
    };
  });
}

/** Lines from `begin` to before `end`, each with its end. */
function join({ texts, ends }: Lines, begin: number, end: number): string {
  let text = '';
  for (let index = begin; index < end; index++) text += (texts[index] ?? '') + (ends[index] ?? '');
  return text;
}
