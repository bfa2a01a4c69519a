/** The rows of a file of separated values, piece by piece. What a row is, Papa Parse says (RFC 4180). */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs';
import Papa from 'papaparse';
import { openForReadingSync } from '../../../files/read';
import { guessEncoding, type Encoding } from './encoding';

export interface RecordOptions {
  readonly encoding?: Encoding;
  /** Between fields. Left out, the one of `,` `;` tab `|` that fits the first rows. */
  readonly separator?: string;
}

/** Some rows, one behind the other. */
export interface Records {
  readonly rows: readonly (readonly string[])[];
  /** The line in which each row begins, from 1. */
  readonly lines: Int32Array;
  /** What is wrong with rows, by their places in `rows`. */
  readonly faults: ReadonlyMap<number, string>;
  /** Bytes of the file that have been read so far. */
  readonly bytes: number;
}

/** The characters of one piece: small enough that its strings are gone before they leave the youngest generation. */
const PIECE = 128 * 1024;
const PEEK = 1024 * 1024;
/** A row may not be longer: a quote that is never closed would make the rest of the file one row. */
const LONGEST_ROW = 1024 * 1024;

export interface Form {
  readonly encoding: Encoding;
  readonly separator: string;
}

/** How the file is written, as far as its beginning says. @throws the error of the file system */
export function formOf(file: string, { encoding, separator }: RecordOptions): Form {
  const descriptor = openForReadingSync(file);
  try {
    const start = Buffer.alloc(PEEK);
    const read = start.subarray(0, fs.readSync(descriptor, start));
    const known = encoding ?? guessEncoding(read);
    return { encoding: known, separator: separator ?? separatorOf(new TextDecoder(known).decode(read)) };
  } finally {
    fs.closeSync(descriptor);
  }
}

const SEPARATORS = [',', ';', '\t', '|'];

/** The one that cuts the first row, and the most of the others into as many fields. */
function separatorOf(text: string): string {
  let best = { separator: ',', alike: 0, fields: 0 };
  for (const separator of SEPARATORS) {
    const { data } = Papa.parse<string[]>(text.slice(0, PIECE), { delimiter: separator, preview: 20 });
    const fields = data[0]?.length ?? 0;
    const alike = fields < 2 ? 0 : data.filter((row) => row.length === fields).length / data.length;
    if (alike > best.alike || (alike === best.alike && alike > 0 && fields > best.fields))
      best = { separator, alike, fields };
  }
  return best.separator;
}

/**
 * A row whose quotes are wrong is one line, with its fault: what the quote would swallow is read as rows of its own.
 *
 * @throws TypeError where the bytes are not of that encoding; the error of the file system
 */
export function* recordsOf(file: string, form: Form): Generator<Records> {
  const descriptor = openForReadingSync(file);
  try {
    yield* recordsIn(descriptor, form);
  } finally {
    fs.closeSync(descriptor);
  }
}

function* recordsIn(descriptor: number, { encoding, separator }: Form): Generator<Records> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const buffer = Buffer.alloc(PIECE);
  const parser = new Papa.Parser({ delimiter: separator, newline: '\n' });
  let [text, line, bytes, ended] = ['', 1, 0, false];
  for (;;) {
    const read = fs.readSync(descriptor, buffer);
    bytes += read;
    ended = read === 0;
    text += ended ? decoder.decode() : decoder.decode(buffer.subarray(0, read), { stream: true });
    // A line may end in \r\n, in \r or in \n, and the two halves of \r\n may be in two pieces.
    if (text.includes('\r')) text = text.replace(ended ? /\r\n?/g : /\r\n?(?!$)/g, '\n');
    for (let again = true; again;) {
      const piece = rowsOf(parser.parse(text, 0, !ended) as Papa.ParseResult<string[]>, text, line);
      text = text.slice(piece.end);
      line = piece.next;
      if (piece.rows.length > 0) yield { ...piece, bytes };
      again = piece.broken && text !== '';
    }
    if (ended) return;
  }
}

interface Piece extends Omit<Records, 'bytes'> {
  /** Whether it ends with a row whose quotes are wrong. */
  readonly broken: boolean;
  /** How much of the text that was. */
  readonly end: number;
  /** The line behind it. */
  readonly next: number;
}

function rowsOf({ data, errors, meta }: Papa.ParseResult<string[]>, text: string, first: number): Piece {
  const error = errors.find(({ code }) => code === 'InvalidQuotes' || code === 'MissingQuotes');
  const endless = data.length === 0 && text.length > LONGEST_ROW;
  const rows = error?.row === undefined ? data : data.slice(0, error.row);
  const quoted = text.includes('"');
  const starts = new Int32Array(rows.length + 1);
  let line = first;
  rows.forEach((row, place) => {
    starts[place] = line;
    line += quoted ? row.reduce((sum, field) => sum + breaksIn(field), 1) : 1;
  });
  if (error === undefined && !endless)
    return { rows, lines: starts.subarray(0, -1), faults: new Map(), broken: false, end: meta.cursor, next: line };
  starts[rows.length] = line;
  const fault =
    error?.code === 'InvalidQuotes'
      ? l10n.t('a quoted field goes on behind its closing quote')
      : l10n.t('a quote that is never closed');
  const end = afterLine(text, line - first);
  return {
    rows: [...rows, []],
    lines: starts,
    faults: new Map([[rows.length, fault]]),
    broken: true,
    end,
    next: line + 1,
  };
}

/** The place behind the line of that number, from 0. */
function afterLine(text: string, number: number): number {
  let at = 0;
  for (let line = 0; line <= number; line++) {
    const end = text.indexOf('\n', at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

function breaksIn(field: string): number {
  let breaks = 0;
  for (let at = field.indexOf('\n'); at >= 0; at = field.indexOf('\n', at + 1)) breaks += 1;
  return breaks;
}
