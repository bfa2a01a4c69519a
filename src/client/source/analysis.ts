/**
 * What the editor has to know of a model file's text: its experiment, its declarations, its calls that make layers and
 * data sets.
 */
import type { Range } from './positions';

export type { Position, Range } from './positions';

export interface Declaration {
  readonly name: string;
  /** A constant that holds a function or an arrow function is a function. */
  readonly kind: 'function' | 'value' | 'class';
  readonly exported: boolean;
  /** The whole statement: `export` and the closing bracket or semicolon included, comments above it not. */
  readonly range: Range;
  readonly nameRange: Range;
  /** A function's or class's body with its braces (or an arrow's expression), a value's initial value. */
  readonly bodyRange?: Range;
  /** The comments directly above, from the first to the last. */
  readonly commentRange?: Range;
}

/** One `name: value` of an object that a call is given. */
export interface Field {
  readonly name: string;
  readonly nameRange: Range;
  readonly valueRange: Range;
  /** The value's own text. */
  readonly value: string;
}

export interface Call {
  /** As written, without blanks: "tf.layers.dense". */
  readonly callee: string;
  /** Its last name: "dense". */
  readonly name: string;
  /** `new` included, up to the closing bracket. */
  readonly range: Range;
  /** From the first name to the last. */
  readonly calleeRange: Range;
  readonly nameRange: Range;
  /** Between the brackets. */
  readonly argumentsRange: Range;
  /** Of the first argument, where that is an object. */
  readonly fields: readonly Field[];
  /** The first argument's object, with its braces. */
  readonly objectRange?: Range;
  readonly arguments: readonly Range[];
}

export interface ExperimentCall extends Call {
  /** Where a lens belongs: the statement, from `export` or `const`. */
  readonly statementRange: Range;
}

export interface Analysis {
  /** False: the text could not be parsed, and what follows was found by its looks. */
  readonly parsed: boolean;
  /** That of the default export before any other. */
  readonly experiment?: ExperimentCall;
  /** At the top level, in order. */
  readonly declarations: readonly Declaration[];
  /** Every call with a plain name, in order of their start. */
  readonly calls: readonly Call[];
  /** Of `tf.layers`: each is a place where a layer, or many, are made. */
  readonly layerCalls: readonly Call[];
  /** Of `datasets`. */
  readonly datasetCalls: readonly Call[];
}

/** The innermost call whose callee holds this place, counted from 1: where a stack says that something was called. */
export function callAt(analysis: Analysis, line: number, column: number): Call | undefined {
  const holds = ({ start, end }: Range): boolean =>
    (start.line < line || (start.line === line && start.column <= column)) &&
    (end.line > line || (end.line === line && end.column > column));
  // Calls are in order of their start; of those around a place, the innermost comes last.
  const around = analysis.calls.filter(({ range }) => holds(range));
  return around.findLast(({ calleeRange }) => holds(calleeRange)) ?? around.at(-1);
}
