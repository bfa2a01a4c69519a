import * as vscode from 'vscode';
import type { Catalogue } from '../../client/lessons/catalogue';
import { lessonIdOf } from '../../client/lessons/labFolder';
import { workingCopyOf } from '../../client/lessons/workingCopy';
import type { Exercise } from '../../protocol/exercise';
import { LabError } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import type { App } from '../app/app';
import type { LessonLibrary } from './library';

export interface LessonExercises {
  readonly lesson: Lesson;
  readonly exercises: readonly Exercise[];
}

/** The exercises of all lessons, read when first asked for, and again when the lessons were. */
export class ExerciseCatalogue {
  private readonly changed = new vscode.EventEmitter<void>();
  private reading: { readonly of: Catalogue; readonly found: Promise<readonly LessonExercises[]> } | undefined;
  private latest: readonly LessonExercises[] = [];

  /** They were read. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly app: App,
    private readonly library: LessonLibrary,
  ) {
    app.lifetime.add(this.changed);
  }

  /** Of the lessons that have any. */
  async all(): Promise<readonly LessonExercises[]> {
    const catalogue = await this.library.catalogue();
    if (this.reading?.of !== catalogue) {
      const found = this.read(catalogue);
      this.reading = { of: catalogue, found };
      found.catch(() => {
        if (this.reading?.found === found) this.reading = undefined;
      });
    }
    return await this.reading.found;
  }

  /** Those of one lesson, in order; none where it has none. */
  async ofLesson(id: string): Promise<readonly Exercise[]> {
    return (await this.all()).find(({ lesson }) => lesson.id === id)?.exercises ?? [];
  }

  /** What is known without waiting of the lesson whose model file or notebook this is; asks for the rest. */
  known(file: string): LessonExercises | undefined {
    void this.all().catch((error: unknown) => {
      this.app.errors.show(error);
    });
    const id = lessonIdOf(this.app.lab(), file);
    const found = this.latest.find(({ lesson }) => lesson.id === id);
    if (found === undefined) return undefined;
    const { modelFile, notebook } = workingCopyOf(this.app.lab(), found.lesson);
    return file === modelFile || file === notebook ? found : undefined;
  }

  /** All that is known without waiting. */
  get allKnown(): readonly LessonExercises[] {
    return this.latest;
  }

  /** @throws LabError EXERCISE_UNKNOWN */
  async find(lessonId: string, id: string): Promise<{ lesson: Lesson; exercise: Exercise }> {
    const own = (await this.all()).find(({ lesson }) => lesson.id === lessonId);
    const exercise = own?.exercises.find((candidate) => candidate.id === id);
    if (own !== undefined && exercise !== undefined) return { lesson: own.lesson, exercise };
    throw new LabError({
      code: 'EXERCISE_UNKNOWN',
      message: vscode.l10n.t('The lesson "{0}" has no exercise "{1}".', lessonId, id),
      remedy: vscode.l10n.t('Choose one in the Test Explorer.'),
    });
  }

  modelFileOf(lesson: Lesson): string {
    return workingCopyOf(this.app.lab(), lesson).modelFile;
  }

  /** The file of the working copy in which its code stands. */
  fileOf(lesson: Lesson, { home }: Exercise): string {
    const { modelFile, notebook } = workingCopyOf(this.app.lab(), lesson);
    return home === 'model' ? modelFile : notebook;
  }

  private async read({ lessons }: Catalogue): Promise<readonly LessonExercises[]> {
    const { readExercises } = await import('../../client/exercises/definition');
    const found: LessonExercises[] = [];
    for (const lesson of lessons) {
      const { exercises, problems } = await readExercises(lesson, this.app.locale);
      for (const problem of problems) this.app.errors.write(problem);
      if (exercises.length > 0) found.push({ lesson, exercises });
    }
    this.latest = found;
    this.changed.fire();
    return found;
  }
}
