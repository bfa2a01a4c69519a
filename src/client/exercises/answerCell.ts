/** Answers in a notebook: the cell whose fence names the exercise, and the module that is made of it to be graded. */
import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { exerciseOf, languageOf, readNotebook, type Cell } from '../../notebook/document';
import { LabError } from '../../protocol/errors';
import type { Exercise } from '../../protocol/exercise';
import { topNames } from '../source/topNames';
import { declarationOf } from './answer';

/** Which of the cells has the answer; -1: none. */
export function answerCellIn(cells: readonly Cell[], { id }: Pick<Exercise, 'id'>): number {
  return cells.findIndex(({ layout }) => exerciseOf(layout?.open ?? '') === id);
}

/**
 * The cell as a module: its own text, which keeps its places, and behind it the export of what is graded and what the
 * cells above import. Nothing else of theirs is run: they may train for minutes.
 *
 * @param above Texts of the code cells above.
 */
export function answerModule(text: string, above: readonly string[], { name }: Pick<Exercise, 'name'>): string {
  const own = topNames(text);
  const taken = new Set([...own.declared, ...own.imports.map(({ local }) => local)]);
  const imports = new Map<string, string>();
  for (const source of above)
    for (const { local, statement } of topNames(source).imports) if (!taken.has(local)) imports.set(local, statement);
  const declaration = declarationOf(text, name);
  const exported = declaration === undefined || declaration.exported ? [] : [`export { ${name} };`];
  return [`${text}\n;`, ...exported, ...imports.values()].join('\n');
}

/**
 * The module of an answer in the text of a notebook's file; its lines are those of the file.
 * @throws LabError EXERCISE_CELL
 */
export function answerModuleIn(notebook: string, file: string, exercise: Exercise): string {
  const { cells } = readNotebook(notebook);
  const index = answerCellIn(cells, exercise);
  const cell = cells[index];
  if (cell === undefined) throw noCell(file, exercise);
  const above = cells.slice(0, index).flatMap(({ kind, text }) => (kind === 'code' ? [text] : []));
  const lines = notebook.split(/\r\n|\r|\n/);
  const fence = lines.findIndex((line) => exerciseOf(line) === exercise.id && languageOf(line) !== undefined);
  return '\n'.repeat(fence + 1) + answerModule(cell.text, above, exercise);
}

export function noCell(file: string, { id, title }: Exercise): LabError {
  return new LabError({
    code: 'EXERCISE_CELL',
    message: l10n.t('{0} has no cell of the exercise “{1}” any more.', path.basename(file), title),
    expected: '```ts exercise=' + id,
    remedy: l10n.t('Undo the change, or reset this exercise to get its cell back; the rest of the notebook stays.'),
    location: { file, line: 1, column: 1 },
  });
}
