import * as vscode from 'vscode';
import type { Progress, ProgressStore } from '../../client/exercises/progress';
import type { Exercise, ExerciseProgress } from '../../protocol/exercise';
import type { App } from '../app/app';
import { onSettingChange } from '../app/settings';

const NONE: ExerciseProgress = { attempts: 0, hints: 0 };

/** What the learner has achieved, as the lab folder of this moment keeps it. */
export class LearnerProgress {
  private readonly changed = new vscode.EventEmitter<Exercise | undefined>();
  private store: ProgressStore | undefined;
  private reading: Promise<unknown> | undefined;
  private latest: Progress = {};

  /** That of an exercise is another; undefined: of any. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly app: App) {
    app.lifetime.add(this.changed);
    const moved = (): void => {
      this.reading = undefined;
      this.changed.fire(undefined);
    };
    app.lifetime.add(onSettingChange(['deepLearningLab.folder'], moved));
    app.lifetime.add(vscode.workspace.onDidChangeWorkspaceFolders(moved));
  }

  /** Resolves when it has been read. A damaged file is told once and counts as none. */
  async ready(): Promise<void> {
    this.reading ??= this.opened()
      .then((store) => store.read())
      .then(
        (progress) => {
          this.latest = progress;
          this.changed.fire(undefined);
        },
        (error: unknown) => {
          this.latest = {};
          this.app.errors.show(error);
        },
      );
    await this.reading;
  }

  /** What is known without waiting; asks for the rest. */
  of({ lesson, id }: Exercise): ExerciseProgress {
    void this.ready();
    return this.latest[`${lesson}/${id}`] ?? NONE;
  }

  async update(exercise: Exercise, change: (before: ExerciseProgress) => ExerciseProgress): Promise<void> {
    const { progressKey } = await import('../../client/exercises/progress');
    await this.ready();
    this.latest = await (await this.opened()).update(progressKey(exercise), change);
    this.changed.fire(exercise);
  }

  /** All of it, as it is on disk. */
  async all(): Promise<Progress> {
    return await (await this.opened()).read();
  }

  /** Forgets all of it. */
  async forget(): Promise<void> {
    this.latest = await (await this.opened()).reset();
    this.changed.fire(undefined);
  }

  private async opened(): Promise<ProgressStore> {
    const { ProgressStore, progressFile } = await import('../../client/exercises/progress');
    const file = progressFile(this.app.lab().own);
    if (this.store?.file !== file) this.store = new ProgressStore(file);
    return this.store;
  }
}
