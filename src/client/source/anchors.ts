/** Which stretch of a text an error is about, so that neither too little nor half of the file is underlined. */
import type { LabErrorData } from '../../protocol/errors';
import { callAt, type Analysis, type Call, type Field } from './analysis';
import { Lines, type Range } from './positions';

export type Placed = Pick<LabErrorData, 'location' | 'field' | 'fixes' | 'found'>;

/** The call that an error is about: the one at its place, else the experiment. */
export function callOf(analysis: Analysis, { location, field }: Placed): Call | undefined {
  if (location === undefined || (field !== undefined && isOfExperiment(analysis, field))) return analysis.experiment;
  return callAt(analysis, location.line, location.column);
}

/** The field that an error names: "epochs", "stopWhen.patience", "metrics[0]", "datasets.spirals: noise". */
export function fieldOf(call: Call | undefined, field: string | undefined): Field | undefined {
  const named = field?.split(': ').at(-1);
  const name = named === undefined ? undefined : /^[\w$]+/.exec(named)?.[0];
  return call?.fields.find((candidate) => candidate.name === name);
}

export function anchorOf(text: string, analysis: Analysis, error: Placed): Range {
  const lines = new Lines(text);
  const call = callOf(analysis, error);
  const misspelt = call?.fields.find(({ name }) => name === error.found || isRenamed(error, name));
  if (misspelt !== undefined) return misspelt.nameRange;
  const field = fieldOf(call, error.field);
  if (field !== undefined) return { start: field.nameRange.start, end: endOnItsLine(field, lines, text) };
  const { line = 1, column = 1 } = error.location ?? {};
  // A place among a call's arguments is about what stands there: a syntax error, a throw.
  const isCalled = call !== undefined && (error.location === undefined || isCallOf(call, line, column));
  return isCalled ? call.calleeRange : restOfLine(text, lines, line, column);
}

/** From the first character of a call to the end of its name. */
function isCallOf({ range, calleeRange }: Call, line: number, column: number): boolean {
  const behindStart = range.start.line < line || (range.start.line === line && range.start.column <= column);
  const { end } = calleeRange;
  return behindStart && (end.line > line || (end.line === line && end.column > column));
}

/** Experiments check their own fields: such an error's place is wherever that happened. */
function isOfExperiment({ experiment }: Analysis, field: string): boolean {
  return !field.includes(': ') && fieldOf(experiment, field) !== undefined && !LAYER_FIELDS.has(field);
}

/** Arguments of layers that an experiment might be taken to have as well. */
const LAYER_FIELDS = new Set(['activation', 'units', 'inputShape']);

function isRenamed({ fixes }: Placed, name: string): boolean {
  return fixes?.some((fix) => fix.kind === 'rename' && fix.from === name) ?? false;
}

/** A value of many lines is not underlined as a whole. */
function endOnItsLine({ nameRange, valueRange }: Field, lines: Lines, text: string): Range['end'] {
  if (valueRange.end.line === nameRange.start.line) return valueRange.end;
  return restOfLine(text, lines, nameRange.start.line, nameRange.start.column).end;
}

function restOfLine(text: string, lines: Lines, line: number, column: number): Range {
  const start = lines.offset(line, column);
  const lineEnd = text.indexOf('\n', start);
  const rest = text.slice(start, lineEnd === -1 ? text.length : lineEnd).trimEnd();
  const word = /^[\w$]+/.exec(rest)?.[0];
  // At the end of a line, or of the file, something still has to be seen.
  const length = Math.max(1, (word ?? rest).length);
  return lines.range(start, Math.min(start + length, Math.max(text.length, start)));
}
