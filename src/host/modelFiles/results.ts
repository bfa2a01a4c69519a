/** What an inspection found, fitted to a document's text, and kept true while that is edited. Free of `vscode`. */
import path from 'node:path';
import { anchorOf } from '../../client/source/anchors';
import type { Analysis } from '../../client/source/analysis';
import type { Remedy } from '../../client/source/edits';
import { remediesFor } from '../../client/source/fixes';
import { hintsOf, type Hint } from '../../client/source/hints';
import { moved, type Change, type Span } from '../../client/source/moves';
import type { ModelInspection, ModelProblem } from '../../protocol/modelInspection';

export interface PlacedProblem {
  readonly problem: ModelProblem;
  readonly span: Span;
  readonly remedies: readonly Remedy[];
}

export interface Result {
  readonly hints: readonly Hint[];
  /** Those in the model file itself. */
  readonly problems: readonly PlacedProblem[];
  /** Those in files that it imports. */
  readonly elsewhere: readonly ModelProblem[];
}

export const NOTHING: Result = { hints: [], problems: [], elsewhere: [] };

export function resultOf(
  text: string,
  analysis: Analysis,
  inspection: ModelInspection,
  file: string,
  locale: string,
): Result {
  const isHere = ({ error: { location } }: ModelProblem): boolean =>
    location === undefined || path.relative(location.file, file) === '';
  return {
    hints: hintsOf(text, analysis, inspection, file, locale),
    problems: inspection.problems.filter(isHere).map((problem) => {
      const { start, end } = anchorOf(text, analysis, problem.error);
      const span = { start: start.offset, end: end.offset };
      return { problem, span, remedies: remediesFor(text, analysis, problem.error) };
    }),
    elsewhere: inspection.problems.filter((problem) => !isHere(problem)),
  };
}

/** After an edit: what stands beside changed text is gone, the rest moves along. */
export function edited(result: Result, changes: readonly Change[]): Result {
  return {
    hints: result.hints.flatMap((hint): Hint[] => {
      const span = moved(hint.span, changes);
      const place = moved({ start: hint.at, end: hint.at }, changes);
      return span === undefined || place === undefined ? [] : [{ ...hint, span, at: place.start }];
    }),
    problems: result.problems.flatMap((placed): PlacedProblem[] => {
      const span = moved(placed.span, changes);
      return span === undefined ? [] : [{ ...placed, span, remedies: placed.remedies.flatMap(after(changes)) }];
    }),
    elsewhere: result.elsewhere,
  };
}

const after =
  (changes: readonly Change[]) =>
  (remedy: Remedy): Remedy[] => {
    const edits = remedy.edits.map((edit) => {
      const span = moved(edit, changes);
      return span && { ...span, text: edit.text };
    });
    return edits.every((edit) => edit !== undefined) ? [{ title: remedy.title, edits }] : [];
  };
