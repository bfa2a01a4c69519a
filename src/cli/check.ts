/** `npm run check`: grades exercises by the same runner as VS Code. */
import * as l10n from '@vscode/l10n';
import { once } from 'node:events';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { answerModuleIn } from '../client/exercises/answerCell';
import { findExercise, readExercises } from '../client/exercises/definition';
import { grade, type GradeRequest } from '../client/exercises/grade';
import { findLesson, readCatalogue } from '../client/lessons/catalogue';
import { Worker } from '../client/processes/worker';
import { NOTEBOOK_SUFFIX } from '../notebook/document';
import { decodeNotebook } from '../notebook/encoding';
import { LabError } from '../protocol/errors';
import type { CheckVerdict, Exercise, ExerciseVerdict } from '../protocol/exercise';
import type { Lesson } from '../protocol/lesson';
import { plain } from '../words/plain';
import { terminalLocale, userPath, type CommandContext } from './context';
import { engineNamed, ensureFor } from './engines';
import { errorText } from './errorText';
import { readNotebookFile } from './notebookFile';
import { badArgument } from './usage';

export const checkHelp = (): string =>
  l10n.t(`usage: npm run check -- LESSON [EXERCISE] [--file FILE] [--engine NAME] [--json]

Checks the exercises of a lesson and says what is right and what is not.
  LESSON        a lesson with exercises; without one, they are listed
  EXERCISE      only this exercise
  --file FILE   a model file, or a notebook *.lab.md: the exercises whose code stands there are checked
                (default: the lesson's own files, in which they are unsolved)
  --engine NAME auto, native or wasm, as for npm run lesson
  --json        one JSON object a line, one for each exercise: {"exercise","passed","checks":[...],...}

The exit code is 0 when all checks passed, 1 otherwise.`);

export async function check(args: readonly string[], context: CommandContext): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { file: { type: 'string' }, engine: { type: 'string' }, json: { type: 'boolean' } },
  });
  const { paths, stops } = context;
  const engine = engineNamed(values.engine, 'npm run check');
  const locale = terminalLocale();
  const [lessonId, exerciseId, ...more] = positionals;
  if (lessonId === undefined) return list(await readCatalogue(paths, locale).then(({ lessons }) => lessons), locale);
  if (more.length > 0) throw tooMany(more);
  const lesson = await findLesson(paths, lessonId, locale);
  const exercises = await chosen(lesson, exerciseId, locale);
  const file = values.file === undefined ? undefined : userPath(values.file);
  const home = file?.endsWith(NOTEBOOK_SUFFIX) === true ? 'notebook' : 'model';
  const fileOf = (exercise: Exercise): string =>
    file ?? (exercise.home === 'notebook' ? lesson.notebook : path.join(lesson.folder, lesson.model));
  await ensureFor(engine, ['data'], context);

  const client = { name: 'cli', pid: process.pid };
  const project = file === undefined ? lesson.folder : path.dirname(file);
  const worker = new Worker(() => ({ project, role: 'grading', paths, locale, engine, client }));
  let passed = true;
  try {
    for (const exercise of exercises) {
      // Of a whole lesson, what the file can hold; an exercise that was named is graded in whatever file was.
      if (file !== undefined && exerciseId === undefined && exercise.home !== home) continue;
      const verdict = await grade(await answerIn(fileOf(exercise), exercise), { worker, signal: stops.signal });
      passed &&= verdict.passed;
      process.stdout.write(values.json === true ? `${JSON.stringify(verdict)}\n` : plain(inWords(exercise, verdict)));
    }
  } finally {
    await worker.shutDown();
  }
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  return passed ? 0 : 1;
}

/** @throws LabError EXERCISE_UNKNOWN, LESSON_INVALID */
async function chosen(lesson: Lesson, id: string | undefined, locale: string): Promise<readonly Exercise[]> {
  if (id !== undefined) return [await findExercise(lesson, id, locale)];
  const { exercises, problems } = await readExercises(lesson, locale);
  const [problem] = problems;
  if (problem !== undefined) throw new LabError(problem);
  if (exercises.length === 0) await findExercise(lesson, '', locale);
  return exercises;
}

/** @throws LabError EXERCISE_CELL */
async function answerIn(file: string, exercise: Exercise): Promise<GradeRequest> {
  const source = file.endsWith(NOTEBOOK_SUFFIX)
    ? { source: answerModuleIn(decodeNotebook(await readNotebookFile(file), file), file, exercise) }
    : {};
  return { exercise, modelFile: file, ...source };
}

function inWords(exercise: Exercise, verdict: ExerciseVerdict): string {
  const passed = verdict.checks.filter(({ status }) => status === 'passed').length;
  const state = l10n.t('{0} of {1} checks passed', passed, verdict.checks.length);
  const lines = [`${verdict.passed ? '✔' : '✘'} ${exercise.title} (${exercise.name}): ${state}`];
  if (verdict.error === undefined) lines.push(...verdict.checks.flatMap((one) => checkLines(one)));
  else lines.push(indented(errorText(verdict.error)));
  return `${lines.join('\n')}\n\n`;
}

function checkLines({ status, title, message, expected, found, input, term, location }: CheckVerdict): string[] {
  const mark = { passed: '✔', failed: '✘', timedOut: '✘', notRun: '–' }[status];
  const lines = [`  ${mark} ${title}`];
  if (status === 'passed') return lines;
  if (message !== undefined) lines.push(`      ${message}`);
  if (location !== undefined) lines.push(`      ${location.file}:${location.line}:${location.column}`);
  if (expected !== undefined) lines.push(`      ${l10n.t('expected: {0}', expected)}`);
  if (found !== undefined) lines.push(`      ${l10n.t('found: {0}', found)}`);
  if (input !== undefined) lines.push(`      ${l10n.t('input: {0}', input)}`);
  lines.push(`      ${l10n.t('look up: {0}', term)}`);
  return lines;
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');

async function list(lessons: readonly Lesson[], locale: string): Promise<number> {
  console.log(checkHelp());
  console.log(`\n${l10n.t('Exercises:')}`);
  for (const lesson of lessons) {
    const { exercises, problems } = await readExercises(lesson, locale);
    for (const { id, title } of exercises) console.log(plain(`  ${lesson.id} ${id}  ${title}`));
    for (const problem of problems) console.error(errorText(problem));
  }
  return 1;
}

function tooMany(more: readonly string[]): LabError {
  return badArgument(l10n.t('One exercise at a time, not also: {0}', more.join(', ')), 'npm run check');
}
