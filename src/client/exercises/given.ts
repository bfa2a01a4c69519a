/** What the authors of an exercise give: what its answer begins with, and what solves it. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import path from 'node:path';
import { readNotebook } from '../../notebook/document';
import { LabError } from '../../protocol/errors';
import type { Exercise } from '../../protocol/exercise';
import type { Lesson } from '../../protocol/lesson';
import { answerIn } from './answer';
import { answerCellIn } from './answerCell';
import { solutionFileOf } from './definition';

/** What the lesson begins with. @throws LabError LESSON_INVALID */
export async function stubOf(
  lesson: Pick<Lesson, 'folder' | 'model' | 'notebook'>,
  exercise: Exercise,
): Promise<string> {
  if (exercise.home === 'model') return declared(path.join(lesson.folder, lesson.model), exercise.name);
  const { cells } = readNotebook(await fs.readFile(lesson.notebook, 'utf8'));
  return declaredIn(cells[answerCellIn(cells, exercise)]?.text ?? '', lesson.notebook, exercise.name);
}

/** @throws LabError LESSON_INVALID */
export async function solutionOf(exercise: Exercise): Promise<string> {
  return declared(solutionFileOf(exercise), exercise.name);
}

async function declared(file: string, name: string): Promise<string> {
  return declaredIn(await fs.readFile(file, 'utf8'), file, name);
}

function declaredIn(text: string, file: string, name: string): string {
  const answer = answerIn(text, name);
  if (answer !== undefined) return answer;
  throw new LabError({
    code: 'LESSON_INVALID',
    message: l10n.t("{0} does not declare '{1}'.", path.basename(file), name),
    expected: `export function ${name}`,
    remedy: l10n.t('Correct the file; the other lessons are not affected.'),
    location: { file, line: 1, column: 1 },
  });
}
