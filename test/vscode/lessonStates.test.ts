/** What lessons say of themselves: runs and exercises; and which one a command means that was not told. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { labFolderAt } from '../../src/client/lessons/labFolder';
import { progressFile, ProgressStore } from '../../src/client/exercises/progress';
import { readCatalogue } from '../../src/client/lessons/catalogue';
import { defaultCache } from '../../src/files/cache';
import type { App } from '../../src/host/app/app';
import { Disposables } from '../../src/host/app/disposables';
import { ExerciseTests } from '../../src/host/exercises/tests';
import { LessonStates, type LessonState } from '../../src/host/lessons/states';
import { lessonIcon, lessonText } from '../../src/host/lessons/stateText';
import { ExerciseCatalogue } from '../../src/host/state/exercises';
import type { RunHistory } from '../../src/host/state/history';
import type { LessonLibrary } from '../../src/host/state/library';
import { LearnerProgress } from '../../src/host/state/progress';
import { eventually } from '../support/wait';
import { extension, lab, modelFile, run, workspaceFolder } from './lab';

const LESSON = 'backpropagation';

describe('main: the state of a lesson', () => {
  const lifetime = new Disposables();
  const paths = { root: extension().extensionPath, cache: defaultCache() };
  const folder = labFolderAt(path.join(workspaceFolder(), 'states'));
  const app: Partial<App> = { lifetime, paths, locale: 'en', lab: () => folder };
  let library: Partial<LessonLibrary>;
  let catalogue: ExerciseCatalogue;
  before(async () => {
    const lessons = await readCatalogue(paths);
    library = { onDidChange: () => new vscode.Disposable(() => undefined), catalogue: () => Promise.resolve(lessons) };
    catalogue = new ExerciseCatalogue(app as App, library as LessonLibrary);
  });
  after(() => {
    lifetime.dispose();
    fs.rmSync(folder.root, { recursive: true, force: true });
  });

  it('has its tick when every exercise is solved, however often it was run; without exercises, when a run has ended', () => {
    const runs = { kind: 'started', runs: 3, finished: 3 } as const;
    const icon = (state: LessonState): string => lessonIcon(state).id;
    assert.notEqual(icon({ ...runs, exercises: { solved: 0, total: 5 } }), 'pass-filled');
    assert.notEqual(icon({ ...runs, exercises: { solved: 4, total: 5 } }), 'pass-filled');
    assert.equal(icon({ ...runs, exercises: { solved: 5, total: 5 } }), 'pass-filled');
    assert.equal(icon(runs), 'pass-filled');
    assert.notEqual(icon({ ...runs, finished: 0 }), 'pass-filled');
  });

  it('counts the exercises that were passed, from the progress on disk', async () => {
    const store = new ProgressStore(progressFile(folder.own));
    const passedAt = '2026-11-25T10:00:00.000Z';
    for (const id of ['loss', 'hidden-gradient']) {
      await store.update(`${LESSON}/${id}`, (before) => ({ ...before, attempts: 1, passedAt }));
    }
    await store.update(`${LESSON}/output-gradient`, (before) => ({ ...before, attempts: 7 }));
    const states = new LessonStates({
      app: app as App,
      library: library as LessonLibrary,
      history: { list: () => Promise.resolve([]) } as unknown as RunHistory,
      catalogue,
      progress: new LearnerProgress(app as App),
    });
    const { lessons } = await readCatalogue(paths);
    const lesson = lessons.find(({ id }) => id === LESSON)!;
    const state = await states.of(lesson);
    assert.deepEqual(state.exercises, { solved: 2, total: 5 });
    assert.match(lessonText(lesson, state), /2 of 5 exercises/);
    const plain = lessons.find(({ id }) => id === 'image-classification')!;
    assert.equal((await states.of(plain)).exercises, undefined);
  });

  it('Open Lesson opens the notebook of the lesson in sight without a question', async () => {
    await run('openLessonModel', LESSON);
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, modelFile(LESSON));
    await run('openLesson');
    const shown = await eventually(() => vscode.window.activeNotebookEditor, 'the notebook');
    assert.equal(shown.notebook.uri.fsPath, path.join(lab().root, LESSON, 'lesson.lab.md'));
  });

  it('Test Explorer: exercises, checks and lessons that are gone leave it', async () => {
    const all = await catalogue.all();
    let left = all;
    const fake = {
      all: () => Promise.resolve(left),
      known: () => undefined,
      modelFileOf: () => modelFile(LESSON),
      fileOf: () => modelFile(LESSON),
    };
    const standings = { onDidChange: () => new vscode.Disposable(() => undefined) };
    const services = { app, library, catalogue: fake, standings, grading: {} } as unknown;
    const tests = new ExerciseTests(services as ConstructorParameters<typeof ExerciseTests>[0], 'test.exercises');
    const ids = (): string[] => {
      const found: string[] = [];
      const visit = (item: vscode.TestItem): void => {
        found.push(item.id);
        item.children.forEach(visit);
      };
      tests.controller.items.forEach(visit);
      return found;
    };
    await tests.fill();
    assert.ok(ids().includes(`${LESSON}/loss/large`));
    assert.ok(ids().includes('dropout/mask'));
    left = all
      .filter(({ lesson }) => lesson.id === LESSON)
      .map((own) => ({
        ...own,
        exercises: own.exercises.slice(0, 1).map((one) => ({ ...one, checks: one.checks.slice(0, 1) })),
      }));
    await tests.fill();
    assert.deepEqual(ids(), [LESSON, `${LESSON}/loss`, `${LESSON}/loss/undecided`]);
  });
});
