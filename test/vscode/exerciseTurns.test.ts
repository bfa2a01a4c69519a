/** One check after the other; one that waits for its turn can be called off. The grading is made here, for its tokens. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { answerIn } from '../../src/client/exercises/answer';
import { readProgress, progressFile } from '../../src/client/exercises/progress';
import { readCatalogue } from '../../src/client/lessons/catalogue';
import { defaultCache } from '../../src/files/cache';
import type { App } from '../../src/host/app/app';
import { Disposables } from '../../src/host/app/disposables';
import { Answers } from '../../src/host/exercises/answers';
import { Grading } from '../../src/host/exercises/grading';
import { AnswerHomes } from '../../src/host/exercises/homes';
import { ExerciseCatalogue } from '../../src/host/state/exercises';
import type { LessonLibrary } from '../../src/host/state/library';
import { LearnerProgress } from '../../src/host/state/progress';
import { Workers } from '../../src/host/state/workers';
import { LabError } from '../../src/protocol/errors';
import type { Exercise } from '../../src/protocol/exercise';
import type { Lesson } from '../../src/protocol/lesson';
import { extension, lab, modelFile, original, run, write } from './lab';

const LESSON = 'backpropagation';
const isCancelled = (error: unknown): boolean => error instanceof LabError && error.code === 'CANCELLED';

describe('main: a check that waits for its turn', () => {
  const lifetime = new Disposables();
  let grading: Grading;
  let endless: { lesson: Lesson; exercise: Exercise };
  let other: typeof endless;

  before(async () => {
    await run('openLessonModel', LESSON);
    const paths = { root: extension().extensionPath, cache: defaultCache() };
    const app: Partial<App> = { lifetime, paths, locale: 'en', lab };
    const library: Partial<LessonLibrary> = {
      onDidChange: () => new vscode.Disposable(() => undefined),
      catalogue: () => readCatalogue(paths),
      workingCopy: () => Promise.resolve({ modelFile: modelFile(LESSON) }) as never,
    };
    const services = { app: app as App, library: library as LessonLibrary };
    const catalogue = new ExerciseCatalogue(services.app, services.library);
    const homes = new AnswerHomes(services.library, catalogue);
    grading = new Grading({
      ...services,
      homes,
      progress: new LearnerProgress(services.app),
      workers: lifetime.add(new Workers(services.app)),
      answers: new Answers(services.app, catalogue, homes, services.library),
    });
    endless = await catalogue.find(LESSON, 'loss');
    other = await catalogue.find(LESSON, 'output-gradient');
  });
  after(async () => {
    await write(modelFile(LESSON), original(LESSON));
    lifetime.dispose();
  });

  const attempts = async (): Promise<number> =>
    (await readProgress(progressFile(lab().own)))[`${LESSON}/output-gradient`]?.attempts ?? 0;

  it('ends when it is called off, not when the one before does, and leaves neither a verdict nor the queue behind', async () => {
    const text = original(LESSON);
    const stub = answerIn(text, 'loss')!;
    await write(modelFile(LESSON), text.replace(stub, `${stub.slice(0, stub.indexOf('{') + 1)} for (;;); }`));
    const before = await attempts();
    const [first, second] = [new vscode.CancellationTokenSource(), new vscode.CancellationTokenSource()];
    let isFirstDone = false;
    const running = grading.check(endless.lesson, endless.exercise, first.token).finally(() => (isFirstDone = true));
    const refused = assert.rejects(running, isCancelled);
    const waiting = grading.check(other.lesson, other.exercise, second.token);
    const calledOff = assert.rejects(waiting, isCancelled);
    second.cancel();
    await calledOff;
    assert.equal(isFirstDone, false);
    assert.equal(grading.soFar(endless.exercise) !== undefined, true);
    assert.equal(grading.soFar(other.exercise), undefined);
    assert.equal(await attempts(), before);

    await assert.rejects(
      grading.check(other.lesson, other.exercise, second.token),
      isCancelled,
      'called off before it began',
    );
    assert.equal(isFirstDone, false);

    first.cancel();
    await refused;
    const third = new vscode.CancellationTokenSource();
    const verdict = await grading.check(other.lesson, other.exercise, third.token);
    assert.equal(verdict.error, undefined);
    assert.equal(await attempts(), before + 1);
  });
});
