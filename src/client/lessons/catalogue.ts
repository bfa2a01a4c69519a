/** The lessons there are: one folder under samples/ each, found by reading, registered nowhere. */
import * as l10n from '@vscode/l10n';
import fs from 'node:fs/promises';
import path from 'node:path';
import { LabError, toErrorData, type LabErrorData } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import type { LabPaths } from '../paths';
import { hasChat } from '../source/chat';
import { FrontMatter, invalid } from './frontMatter';

export interface Catalogue {
  /** In the order of the course. */
  readonly lessons: readonly Lesson[];
  /** One LESSON_INVALID for each folder that is not a lesson as it should be. */
  readonly problems: readonly LabErrorData[];
}

/** Reads `<root>/samples/<id>/lesson.lab.md`; of a `lesson.<locale>.lab.md`, notebook, title and summary are taken. */
export async function readCatalogue(paths: LabPaths, locale = 'en'): Promise<Catalogue> {
  const samples = path.join(paths.root, 'samples');
  const entries = await fs.readdir(samples, { withFileTypes: true }).catch(() => []);
  const lessons: Lesson[] = [];
  const problems: LabErrorData[] = [];
  for (const entry of entries) {
    // Folders such as node_modules/.cache or _shared are not lessons.
    if (!entry.isDirectory() || /^[._]|^node_modules$/.test(entry.name)) continue;
    try {
      lessons.push(await readLesson(path.join(samples, entry.name), locale));
    } catch (error) {
      problems.push(toErrorData(error));
    }
  }
  lessons.sort((a, b) => a.order - b.order || a.id.localeCompare(b.id));
  return { lessons, problems };
}

/** @throws LabError LESSON_UNKNOWN with the ids there are; LESSON_INVALID when this very lesson is broken. */
export async function findLesson(paths: LabPaths, id: string, locale = 'en'): Promise<Lesson> {
  const { lessons, problems } = await readCatalogue(paths, locale);
  const lesson = lessons.find((candidate) => candidate.id === id);
  if (lesson !== undefined) return lesson;
  const own = path.join(paths.root, 'samples', id) + path.sep;
  const problem = problems.find(({ location }) => location?.file.startsWith(own));
  if (problem !== undefined) throw new LabError(problem);
  throw new LabError({
    code: 'LESSON_UNKNOWN',
    message: l10n.t('There is no lesson "{0}".', id),
    remedy: l10n.t('Choose one of: {0}.', lessons.map((known) => known.id).join(', ')),
    expected: lessons.map((known) => known.id).join(', '),
    found: id,
  });
}

/** What a lesson may need beside engine and data. */
const LANGUAGE_MODEL = 'languageModel';

async function readLesson(folder: string, locale: string): Promise<Lesson> {
  const id = path.basename(folder);
  const source = path.join(folder, 'lesson.lab.md');
  const text = await fs.readFile(source, 'utf8').catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(source, 1, 1, l10n.t('The lesson "{0}" cannot be read: {1}', id, reason));
  });
  const front = FrontMatter.parse(source, text);
  const model = front.text('model');
  const modelFile = path.resolve(folder, model);
  if (!modelFile.startsWith(folder + path.sep)) {
    throw front.wrong('model', l10n.t('a file inside the lesson'), model);
  }
  if (!(await isFile(modelFile))) throw front.wrong('model', l10n.t('a file that exists'), model);
  if (front.has('needs') && front.value('needs') !== LANGUAGE_MODEL)
    throw front.wrong('needs', LANGUAGE_MODEL, front.value('needs'));
  const translated = await readTranslation(folder, locale);
  const own = translated?.front;
  return {
    id,
    title: own?.has('title') === true ? own.text('title') : front.text('title'),
    summary: own?.has('summary') === true ? own.text('summary') : front.text('summary'),
    minutes: front.number('minutes', 1),
    order: front.number('order', 0),
    model,
    needsLanguageModel: front.has('needs'),
    // Only a language model can be talked to; the others' files need not be read for it.
    hasChat: front.has('needs') && hasChat(await fs.readFile(modelFile, 'utf8')),
    folder,
    notebook: translated?.file ?? source,
  };
}

/** zh-cn, then zh: the exact language before the general one. Without front matter a translation is a notebook only. */
async function readTranslation(
  folder: string,
  locale: string,
): Promise<{ file: string; front?: FrontMatter } | undefined> {
  const wanted = locale.toLowerCase();
  for (const language of new Set([wanted, wanted.split('-')[0] ?? wanted])) {
    const file = path.join(folder, `lesson.${language}.lab.md`);
    if (!(await isFile(file))) continue;
    const text = await fs.readFile(file, 'utf8');
    return /^\uFEFF?---\s/.test(text) ? { file, front: FrontMatter.parse(file, text) } : { file };
  }
  return undefined;
}

async function isFile(file: string): Promise<boolean> {
  return fs.stat(file).then(
    (stat) => stat.isFile(),
    () => false,
  );
}
