import type ts from 'typescript';
import { syntaxErrors } from './ending';
import type { Place } from './place';

/** "Cannot assign to 'x' because it is an import." */
const ASSIGNED_IMPORT = 2632;
/** "Variable 'x' implicitly has an 'any[]' type": that of `let x` or `const x = []` is seen by what is done with it. */
const TYPE_BY_USE = 7005;

/** What is wrong in a cell: its syntax, and what it means below the cells above. */
export function cellDiagnostics(place: Place): ts.Diagnostic[] {
  // An unfinished cell is finished before TypeScript looks at it: its errors are those of its own text.
  const syntax = syntaxErrors(place.cell.parse());
  const found = syntax.length > 0 ? [] : place.language.getSyntacticDiagnostics(place.file);
  const meaning = place.language.getSemanticDiagnostics(place.file).filter((error) => !isAllowed(place, error));
  return place.diagnostics([...syntax, ...found, ...meaning]);
}

export function cellSuggestions(place: Place): ts.DiagnosticWithLocation[] {
  return place.diagnostics(place.language.getSuggestionDiagnostics(place.file));
}

/** That a cell sees a variable of a cell above through an import does not make it constant, or its type unknown. */
function isAllowed(place: Place, { code, start, length }: ts.Diagnostic): boolean {
  if ((code !== ASSIGNED_IMPORT && code !== TYPE_BY_USE) || start === undefined || length === undefined) return false;
  const above = place.above(place.textOf({ start, length }));
  return above !== undefined && (above.assignable || code === TYPE_BY_USE);
}
