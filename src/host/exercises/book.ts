import path from 'node:path';
import * as vscode from 'vscode';
import { lessonIdOf } from '../../client/lessons/labFolder';
import type { Progress, ProgressStore } from '../../client/exercises/progress';
import type { CheckVerdict, Exercise, ExerciseProgress, ExerciseVerdict } from '../../protocol/exercise';
import { LabError } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import type { App } from '../app/app';
import { unsavedText } from '../app/documents';
import type { LessonLibrary } from '../state/library';
import { ownData } from '../state/options';
import type { Workers } from '../state/workers';
import { Answers } from './answers';

/** After the last key, until the answers are looked at again. */
const LOOK_MS = 300;

export interface LessonExercises {
  readonly lesson: Lesson;
  readonly exercises: readonly Exercise[];
}

/** The exercises of all lessons, what the learner has achieved, and the one way to check them in this window. */
export class ExerciseBook {
  private readonly changed = new vscode.EventEmitter<Exercise | undefined>();
  private readonly running = new Set<string>();
  private reading: Promise<readonly LessonExercises[]> | undefined;
  private latest: readonly LessonExercises[] = [];
  private progress: Progress = {};
  private store: ProgressStore | undefined;
  private readonly answers = new Answers();
  private timer: NodeJS.Timeout | undefined;

  /** State or progress of an exercise changed; undefined: of any. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly app: App,
    private readonly library: LessonLibrary,
    private readonly workers: Workers,
  ) {
    app.lifetime.add(this.changed);
    const typed = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && this.lessonOfFile(document.uri.fsPath) !== undefined) this.lookSoon();
    });
    app.lifetime.add(typed);
    // A working copy may have been made or reset.
    app.lifetime.add(
      library.onDidChange(() => {
        this.lookSoon();
      }),
    );
    app.lifetime.add({
      dispose: () => {
        clearTimeout(this.timer);
      },
    });
  }

  /** Of the lessons that have any. */
  async all(): Promise<readonly LessonExercises[]> {
    this.reading ??= this.read().catch((error: unknown) => {
      this.reading = undefined;
      throw error;
    });
    return await this.reading;
  }

  /** What is known without waiting; asks for the rest. */
  known(file: string): LessonExercises | undefined {
    void this.all().catch((error: unknown) => {
      this.app.errors.show(error);
    });
    return this.lessonOfFile(file);
  }

  private lessonOfFile(file: string): LessonExercises | undefined {
    const id = lessonIdOf(this.app.lab(), file);
    const found = this.latest.find(({ lesson }) => lesson.id === id);
    return found !== undefined && this.modelFileOf(found.lesson) === file ? found : undefined;
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

  modelFileOf({ id, model }: Lesson): string {
    return path.join(this.app.lab().root, id, model);
  }

  progressOf({ lesson, id }: Exercise): ExerciseProgress {
    return this.progress[`${lesson}/${id}`] ?? { attempts: 0, hints: 0 };
  }

  isRunning({ lesson, id }: Exercise): boolean {
    return this.running.has(`${lesson}/${id}`);
  }

  /** The code is another than the one that was last checked. */
  isChanged(exercise: Exercise): boolean {
    const { last } = this.progressOf(exercise);
    return last !== undefined && this.answers.differs(exercise, last.answer);
  }

  /**
   * Grades what the editor shows, saved or not, when those that were asked for before are graded. The verdict is kept.
   * @throws LabError ENGINE_*, TRAINER_*, CANCELLED
   */
  async check(
    lesson: Lesson,
    exercise: Exercise,
    token: vscode.CancellationToken,
    onVerdict: (verdict: CheckVerdict) => void = () => undefined,
  ): Promise<ExerciseVerdict> {
    const { grade } = await import('../../client/exercises/grade');
    const { afterVerdict, progressKey } = await import('../../client/exercises/progress');
    const { modelFile } = await this.library.workingCopy(lesson);
    const controller = new AbortController();
    const stop = (): void => {
      controller.abort();
    };
    const subscription = token.onCancellationRequested(stop);
    if (token.isCancellationRequested) stop();
    this.running.add(progressKey(exercise));
    this.changed.fire(exercise);
    try {
      const source = unsavedText(modelFile);
      const verdict = await grade(
        { exercise, modelFile, ...ownData(), ...(source === undefined ? {} : { source }) },
        { worker: await this.workers.of(modelFile, 'grading'), signal: controller.signal, onVerdict },
      );
      await this.update(exercise, (before) => afterVerdict(before, verdict));
      await this.look();
      return verdict;
    } finally {
      subscription.dispose();
      this.running.delete(progressKey(exercise));
      this.changed.fire(exercise);
    }
  }

  async update(exercise: Exercise, change: (before: ExerciseProgress) => ExerciseProgress): Promise<void> {
    const { progressKey } = await import('../../client/exercises/progress');
    this.progress = await (await this.opened()).update(progressKey(exercise), change);
    this.changed.fire(exercise);
  }

  async exported(): Promise<Progress> {
    return await (await this.opened()).read();
  }

  async forget(keys?: readonly string[]): Promise<void> {
    this.progress = await (await this.opened()).reset(keys);
    this.changed.fire(undefined);
  }

  private lookSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.look().catch((error: unknown) => {
        this.app.errors.show(error);
      });
    }, LOOK_MS);
  }

  /** At the answers of all lessons that are known; tells of those that are others now. */
  private async look(): Promise<void> {
    for (const { lesson, exercises } of this.latest) {
      const others = await this.answers.look(exercises, this.modelFileOf(lesson));
      for (const exercise of others) this.changed.fire(exercise);
    }
  }

  /** Lessons or the lab folder may be others now. */
  refresh(): void {
    this.reading = undefined;
    this.store = undefined;
    this.changed.fire(undefined);
  }

  private async opened(): Promise<ProgressStore> {
    const { ProgressStore, progressFile } = await import('../../client/exercises/progress');
    const file = progressFile(this.app.lab().own);
    if (this.store?.file !== file) this.store = new ProgressStore(file);
    return this.store;
  }

  private async read(): Promise<readonly LessonExercises[]> {
    const { readExercises } = await import('../../client/exercises/definition');
    const { lessons } = await this.library.catalogue();
    const found: LessonExercises[] = [];
    for (const lesson of lessons) {
      const { exercises, problems } = await readExercises(lesson, this.app.locale);
      for (const problem of problems) this.app.errors.write(problem);
      if (exercises.length > 0) found.push({ lesson, exercises });
    }
    this.progress = await (await this.opened()).read().catch((error: unknown) => {
      this.app.errors.show(error);
      return {};
    });
    for (const { lesson, exercises } of found) await this.answers.look(exercises, this.modelFileOf(lesson));
    this.latest = found;
    this.changed.fire(undefined);
    return found;
  }
}
