/** The exercises as learners get them, and model files with chosen answers. */
import fs from 'node:fs';
import path from 'node:path';
import { answerIn, apply, replaceAnswer } from '../../../src/client/exercises/answer';
import { answerCellIn, answerModuleIn } from '../../../src/client/exercises/answerCell';
import { readExercises } from '../../../src/client/exercises/definition';
import { solutionOf } from '../../../src/client/exercises/given';
import { readNotebook } from '../../../src/notebook/document';
import { writeNotebook } from '../../../src/notebook/write';
import type { Exercise } from '../../../src/protocol/exercise';

export interface SampleLesson {
  readonly id: string;
  readonly folder: string;
  readonly model: string;
  readonly notebook: string;
}

/** Every lesson that has exercises. */
export const lessons: readonly SampleLesson[] = fs
  .readdirSync('samples')
  .filter((id) => fs.existsSync(path.join('samples', id, 'exercises')))
  .map((id) => {
    const folder = path.resolve('samples', id);
    return { id, folder, model: 'model.ts', notebook: path.join(folder, 'lesson.lab.md') };
  });

export const modelFileOf = ({ folder, model }: SampleLesson): string => path.join(folder, model);

/** The file in which the answer stands. */
export const homeOf = (lesson: SampleLesson, { home }: Exercise): string =>
  home === 'model' ? modelFileOf(lesson) : lesson.notebook;

/** Without problems, or the test fails. */
export async function exercisesOf(lesson: SampleLesson, locale = 'en'): Promise<readonly Exercise[]> {
  const { exercises, problems } = await readExercises(lesson, locale);
  if (problems.length > 0) throw new Error(JSON.stringify(problems, null, 2));
  return exercises;
}

/** The model file with the solutions of all exercises but these. */
export async function solvedBut(lesson: SampleLesson, ...left: readonly Exercise[]): Promise<string> {
  let text = fs.readFileSync(modelFileOf(lesson), 'utf8');
  for (const exercise of await exercisesOf(lesson)) {
    if (exercise.home !== 'model' || left.some(({ id }) => id === exercise.id)) continue;
    text = apply(text, replaceAnswer(text, exercise.name, await solutionOf(exercise)));
  }
  return text;
}

/** What is graded where this answer stands among the solutions of the others; without one, what the lesson begins with. */
export async function moduleWith(lesson: SampleLesson, exercise: Exercise, answer?: string): Promise<string> {
  const put = (text: string): string =>
    answer === undefined ? text : apply(text, replaceAnswer(text, exercise.name, answer));
  if (exercise.home === 'model') return put(await solvedBut(lesson, exercise));
  const notebook = readNotebook(fs.readFileSync(lesson.notebook, 'utf8'));
  const at = answerCellIn(notebook.cells, exercise);
  const cells = notebook.cells.map((cell, index) => (index === at ? { ...cell, text: put(cell.text) } : cell));
  return answerModuleIn(writeNotebook({ ...notebook, cells }), lesson.notebook, exercise);
}

export interface WrongAnswer {
  readonly file: string;
  /** The key of the message it must be answered with. */
  readonly mistake: string;
  readonly answer: string;
}

export function wrongAnswers(exercise: Exercise): WrongAnswer[] {
  const folder = path.join(exercise.folder, 'wrong');
  return fs.readdirSync(folder).map((name) => {
    const text = fs.readFileSync(path.join(folder, name), 'utf8');
    const mistake = /^\/\/ mistake: (\S+)$/m.exec(text)?.[1];
    const answer = answerIn(text, exercise.name);
    if (mistake === undefined || answer === undefined) throw new Error(`${name}: no "// mistake: KEY", or no answer`);
    return { file: name, mistake, answer };
  });
}
