import * as vscode from 'vscode';
import type { Catalogue } from '../../client/lessons/catalogue';
import { lessonIdOf } from '../../client/lessons/labFolder';
import type { WorkingCopy } from '../../client/lessons/workingCopy';
import { LabError } from '../../protocol/errors';
import type { Lesson } from '../../protocol/lesson';
import { ACTIVE_STATES, type RunRecord } from '../../protocol/run';
import type { App } from '../app/app';
import type { RunHistory } from './history';

/** The lessons, read when first asked for, and their working copies. */
export class LessonLibrary {
  private readonly changed = new vscode.EventEmitter<void>();
  private reading: Promise<Catalogue> | undefined;
  private latest: Catalogue | undefined;
  /** The one that was last begun, run or read in this window. */
  last: Lesson | undefined;

  /** The lessons or their states may have changed. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly app: App,
    history: RunHistory,
  ) {
    app.lifetime.add(this.changed);
    app.lifetime.add(
      history.onDidChange((run) => {
        // While a run trains, no lesson looks different.
        if (run === undefined || !ACTIVE_STATES.has(run.record.state)) this.changed.fire();
      }),
    );
  }

  async catalogue(): Promise<Catalogue> {
    this.reading ??= this.read();
    return await this.reading;
  }

  /** @throws LabError LESSON_UNKNOWN */
  async byId(id: string): Promise<Lesson> {
    const lesson = (await this.catalogue()).lessons.find((candidate) => candidate.id === id);
    if (lesson !== undefined) return lesson;
    throw new LabError({
      code: 'LESSON_UNKNOWN',
      message: vscode.l10n.t('There is no lesson "{0}".', id),
      remedy: vscode.l10n.t('Choose one in the Lessons view.'),
    });
  }

  /** What is known without reading anything. */
  known(id: string): Lesson | undefined {
    return this.latest?.lessons.find((lesson) => lesson.id === id);
  }

  /** A run's title; until its model file has been read, that is the lesson's. */
  titleOf({ title, lesson }: RunRecord): string {
    return lesson !== undefined && title === lesson ? (this.known(lesson)?.title ?? title) : title;
  }

  /** What the panel and the status bar say that trains: the lesson where there is one. */
  headingOf(record: RunRecord): string {
    return (record.lesson === undefined ? undefined : this.known(record.lesson)?.title) ?? record.title;
  }

  /** The lesson in whose working copy the file lies. */
  async ofFile(file: string): Promise<Lesson | undefined> {
    const id = lessonIdOf(this.app.lab(), file);
    if (id === undefined) return undefined;
    return (await this.catalogue()).lessons.find((lesson) => lesson.id === id);
  }

  /** The working copy, made or completed if need be, with types for the editor. @throws LabError WORKING_COPY */
  async workingCopy(lesson: Lesson): Promise<WorkingCopy> {
    const { ensureWorkingCopy } = await import('../../client/lessons/workingCopy');
    const { equipWorkingCopy } = await import('../../client/lessons/support');
    const lab = this.app.lab();
    this.last = lesson;
    const copy = await ensureWorkingCopy(lab, lesson);
    if (!(await equipWorkingCopy(lab, this.app.paths, this.app.version, copy))) {
      this.app.log.warn('This installation has no types for model files (dist/types): the editor will miss them.');
    }
    this.changed.fire();
    return copy;
  }

  refresh(): void {
    this.reading = undefined;
    this.changed.fire();
  }

  private async read(): Promise<Catalogue> {
    const { readCatalogue } = await import('../../client/lessons/catalogue');
    this.latest = await readCatalogue(this.app.paths, this.app.locale);
    for (const problem of this.latest.problems) this.app.errors.write(problem);
    return this.latest;
  }
}
