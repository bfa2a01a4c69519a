/**
 * The exercises of a lesson, found by reading its folder:
 *
 *   exercises/<number>-<id>/
 *     exercise.md            front matter: title, name, home, minutes, hints, read, checks, mistakes; text: the task
 *     exercise.<locale>.md   the same texts in another language; name, home and minutes are those of exercise.md
 *     checks.ts              how an answer is graded
 *     solution.ts            holds the declaration that solves it
 *     wrong/*.ts             typical wrong answers, for the authors' test
 */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import path from 'node:path';
import { LabError, toErrorData, type LabErrorData } from '../../protocol/errors';
import type { Exercise, ExerciseCheck } from '../../protocol/exercise';
import type { Lesson } from '../../protocol/lesson';
import { FrontMatter, invalid } from '../lessons/frontMatter';

const EXERCISES_FOLDER = 'exercises';
const NUMBERED = /^\d+-([a-z][a-z0-9-]*)$/;

export interface Exercises {
  /** In the order of their numbers. */
  readonly exercises: readonly Exercise[];
  /** One LESSON_INVALID for each folder that is not an exercise as it should be. */
  readonly problems: readonly LabErrorData[];
}

/** None for a lesson without exercises. A broken exercise does not hide the others. */
export async function readExercises(lesson: Pick<Lesson, 'id' | 'folder'>, locale = 'en'): Promise<Exercises> {
  const folder = path.join(lesson.folder, EXERCISES_FOLDER);
  const entries = await fs.readdir(folder, { withFileTypes: true }).catch(() => []);
  const exercises: Exercise[] = [];
  const problems: LabErrorData[] = [];
  for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))) {
    const id = NUMBERED.exec(entry.name)?.[1];
    if (!entry.isDirectory() || id === undefined) continue;
    try {
      requireNew(id, exercises, path.join(folder, entry.name));
      exercises.push(await readExercise(lesson.id, id, path.join(folder, entry.name), locale));
    } catch (error) {
      problems.push(toErrorData(error));
    }
  }
  return { exercises, problems };
}

/** Progress is kept by the id. */
function requireNew(id: string, others: readonly Exercise[], folder: string): void {
  const other = others.find((exercise) => exercise.id === id);
  if (other === undefined) return;
  const [first, second] = [path.basename(other.folder), path.basename(folder)];
  const message = l10n.t('Two exercises have the id "{0}": {1} and {2}. Rename one of the folders.', id, first, second);
  throw invalid(path.join(folder, 'exercise.md'), 1, 1, message);
}

/** @throws LabError EXERCISE_UNKNOWN with the ids there are; LESSON_INVALID when this very exercise is broken. */
export async function findExercise(
  lesson: Pick<Lesson, 'id' | 'folder'>,
  id: string,
  locale = 'en',
): Promise<Exercise> {
  const { exercises, problems } = await readExercises(lesson, locale);
  const found = exercises.find((exercise) => exercise.id === id || exercise.name === id);
  if (found !== undefined) return found;
  const broken = problems.find(({ location }) => path.basename(path.dirname(location?.file ?? '')).endsWith(`-${id}`));
  if (broken !== undefined) throw new LabError(broken);
  const ids = exercises.map((exercise) => exercise.id).join(', ');
  throw new LabError({
    code: 'EXERCISE_UNKNOWN',
    message: l10n.t('The lesson "{0}" has no exercise "{1}".', lesson.id, id),
    remedy: ids === '' ? l10n.t('This lesson has no exercises.') : l10n.t('Choose one of: {0}.', ids),
    expected: ids,
    found: id,
  });
}

export const checksFileOf = ({ folder }: Exercise): string => path.join(folder, 'checks.ts');
export const solutionFileOf = ({ folder }: Exercise): string => path.join(folder, 'solution.ts');

async function readExercise(lesson: string, id: string, folder: string, locale: string): Promise<Exercise> {
  const source = path.join(folder, 'exercise.md');
  const front = FrontMatter.parse(source, await read(source, id));
  for (const needed of ['checks.ts', 'solution.ts']) await read(path.join(folder, needed), id);
  const own = (await translation(folder, locale)) ?? front;
  const checks = checksOf(front);
  const translated = own === front ? checks : checksOf(own);
  return {
    id,
    lesson,
    name: front.text('name'),
    home: homeOf(front),
    title: own.text('title'),
    task: own.body,
    minutes: front.number('minutes', 1),
    hints: texts(own, 'hints', 2),
    read: texts(own, 'read', 1),
    // The order is that of exercise.md; a check that was not translated keeps its English.
    checks: checks.map((check) => translated.find((other) => other.id === check.id) ?? check),
    mistakes: { ...mistakesOf(front), ...(own === front ? {} : mistakesOf(own)) },
    folder,
  };
}

async function read(file: string, id: string): Promise<string> {
  return fs.readFile(file, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(file, 1, 1, l10n.t('The exercise "{0}" cannot be read: {1}', id, reason));
  });
}

/** zh-cn, then zh. */
async function translation(folder: string, locale: string): Promise<FrontMatter | undefined> {
  const wanted = locale.toLowerCase();
  for (const language of new Set([wanted, wanted.split('-')[0] ?? wanted])) {
    const file = path.join(folder, `exercise.${language}.md`);
    const text = await fs.readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return FrontMatter.parse(file, text);
  }
  return undefined;
}

/** "model", as where nothing is said, or "notebook". */
function homeOf(front: FrontMatter): Exercise['home'] {
  const value = front.value('home') ?? 'model';
  if (value === 'model' || value === 'notebook') return value;
  throw front.wrong('home', l10n.t('"model" or "notebook"'), value);
}

function texts(front: FrontMatter, key: string, least: number): string[] {
  const value = front.value(key);
  const list = Array.isArray(value) ? (value as unknown[]).filter((item) => typeof item === 'string') : [];
  if (!Array.isArray(value) || list.length < least || list.length < value.length) {
    throw front.wrong(key, l10n.t('a list of at least {0} texts', least), value);
  }
  return list;
}

function checksOf(front: FrontMatter): ExerciseCheck[] {
  const value = front.value('checks');
  const expected = l10n.t('checks by their id, each with a title and a term');
  if (!isRecord(value) || Object.keys(value).length === 0) throw front.wrong('checks', expected, value);
  return Object.entries(value).map(([id, check]) => {
    if (!isRecord(check) || typeof check['title'] !== 'string' || typeof check['term'] !== 'string') {
      throw front.wrong('checks', expected, { [id]: check });
    }
    return { id, title: check['title'], term: check['term'] };
  });
}

function mistakesOf(front: FrontMatter): Record<string, string> {
  const value = front.value('mistakes') ?? {};
  const expected = l10n.t('texts by the key of their mistake');
  if (!isRecord(value)) throw front.wrong('mistakes', expected, value);
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== 'string') throw front.wrong('mistakes', expected, { [key]: text });
      return [key, text];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
