import * as vscode from 'vscode';
import type { LessonState as WorkState } from '../../client/lessons/workingCopy';
import type { Lesson } from '../../protocol/lesson';
import type { App } from '../app/app';
import type { ExerciseCatalogue } from '../state/exercises';
import type { RunHistory } from '../state/history';
import type { LessonLibrary } from '../state/library';
import type { LearnerProgress } from '../state/progress';

/** How far the learner is with a lesson. */
export type LessonState = WorkState & {
  /** Absent where the lesson has none. */
  readonly exercises?: { readonly solved: number; readonly total: number };
};

interface Services {
  readonly app: App;
  readonly library: LessonLibrary;
  readonly history: RunHistory;
  readonly catalogue: ExerciseCatalogue;
  readonly progress: LearnerProgress;
}

/** What lessons show of themselves: runs and exercises. */
export class LessonStates {
  private readonly changed = new vscode.EventEmitter<void>();

  /** The lessons or their states may have changed. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly services: Services) {
    const { app, library, progress } = services;
    const fire = (): void => {
      this.changed.fire();
    };
    app.lifetime.add(this.changed);
    app.lifetime.add(library.onDidChange(fire));
    app.lifetime.add(progress.onDidChange(fire));
  }

  async of(lesson: Lesson): Promise<LessonState> {
    const { app, history, catalogue, progress } = this.services;
    const { lessonState } = await import('../../client/lessons/workingCopy');
    const [runs, exercises] = await Promise.all([history.list(), catalogue.ofLesson(lesson.id), progress.ready()]);
    const records = runs.map(({ record }) => record);
    const state = await lessonState(app.lab(), lesson, records);
    if (exercises.length === 0) return state;
    const solved = exercises.filter((exercise) => progress.of(exercise).passedAt !== undefined).length;
    return { ...state, exercises: { solved, total: exercises.length } };
  }
}
