import * as vscode from 'vscode';
import type { CheckVerdict, Exercise, ExerciseVerdict } from '../../protocol/exercise';
import { toErrorData, type LabErrorData } from '../../protocol/errors';
import type { App } from '../app/app';
import { textOf, uriOf } from '../app/documents';
import { TEST_CONTROLLER } from '../app/manifest';
import type { LessonLibrary } from '../state/library';
import type { ExerciseCatalogue, LessonExercises } from '../state/exercises';
import type { Grading } from './grading';
import type { Standings } from './standing';
import { verdictText } from './texts';

type Found = LessonExercises & { readonly exercise: Exercise };

interface Services {
  readonly app: App;
  readonly library: LessonLibrary;
  readonly catalogue: ExerciseCatalogue;
  readonly standings: Standings;
  readonly grading: Grading;
}

/** The exercises in VS Code's Test Explorer: lesson, exercise, check. */
export class ExerciseTests {
  readonly controller: vscode.TestController;
  private readonly exercises = new WeakMap<vscode.TestItem, Found>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly services: Services,
    id = TEST_CONTROLLER,
  ) {
    const { app, library, catalogue, standings } = services;
    const { lifetime } = app;
    this.controller = lifetime.add(
      vscode.tests.createTestController(id, vscode.l10n.t('Deep Learning Lab: Exercises')),
    );
    this.controller.resolveHandler = async (item) => {
      if (item === undefined) await this.fill();
    };
    this.controller.refreshHandler = () => {
      library.refresh();
      return this.fill();
    };
    this.controller.createRunProfile(
      vscode.l10n.t('Check'),
      vscode.TestRunProfileKind.Run,
      async (request, token) => {
        await this.run(request, token);
      },
      true,
    );
    // The exercises were read: what is open gets its marks in the gutter.
    lifetime.add(
      standings.onDidChange((exercise) => {
        if (exercise === undefined) this.fillSoon();
        else this.markOutdated(exercise);
      }),
    );
    lifetime.add(
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (catalogue.known(document.uri.fsPath) !== undefined) this.fillSoon();
      }),
    );
    lifetime.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && catalogue.known(document.uri.fsPath) !== undefined) this.fillSoon();
      }),
    );
    lifetime.add({
      dispose: () => {
        clearTimeout(this.timer);
      },
    });
  }

  /** Checks these exercises as a run of the Test Explorer; verdicts appear there and in the gutter. */
  async check(exercises: readonly Exercise[], token: vscode.CancellationToken): Promise<ExerciseVerdict[]> {
    await this.fill();
    const items = exercises.flatMap((exercise) => this.itemOf(exercise) ?? []);
    return await this.run(new vscode.TestRunRequest(items), token);
  }

  private itemOf({ lesson, id }: Exercise): vscode.TestItem | undefined {
    return this.controller.items.get(lesson)?.children.get(`${lesson}/${id}`);
  }

  /** A verdict of another text than what stands there now is drawn pale. */
  private markOutdated(exercise: Exercise): void {
    const item = this.itemOf(exercise);
    if (item !== undefined && this.services.standings.of(exercise).changed) this.controller.invalidateTestResults(item);
  }

  private fillSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      void this.fill().catch((error: unknown) => {
        this.services.app.errors.show(error);
      });
    }, 300);
  }

  /** Items are kept where they are the same: VS Code keeps their last verdicts with them. What is gone goes. */
  async fill(): Promise<void> {
    const { declarationOf } = await import('../../client/exercises/answer');
    const { catalogue } = this.services;
    const lessons = await catalogue.all();
    for (const own of lessons) {
      const { lesson } = own;
      const modelFile = catalogue.modelFileOf(lesson);
      const uri = vscode.Uri.file(modelFile);
      const text = await textOf(modelFile);
      const parent = this.child(this.controller.items, lesson.id, lesson.title, text === undefined ? undefined : uri);
      for (const [index, exercise] of own.exercises.entries()) {
        const isInModel = exercise.home === 'model';
        // A cell has no place in its file: the notebook is shown as a whole.
        const place =
          isInModel || text === undefined ? parent.uri : vscode.Uri.file(catalogue.fileOf(lesson, exercise));
        const item = this.child(parent.children, `${lesson.id}/${exercise.id}`, exercise.title, place);
        item.sortText = String(index).padStart(3, '0');
        item.description = exercise.name;
        this.exercises.set(item, { ...own, exercise });
        const declaration = text === undefined || !isInModel ? undefined : declarationOf(text, exercise.name);
        const range = declaration === undefined ? undefined : rangeOf(declaration.range);
        item.range = range;
        for (const [order, check] of exercise.checks.entries()) {
          const leaf = this.child(item.children, `${item.id}/${check.id}`, check.title, place);
          leaf.sortText = String(order).padStart(3, '0');
          leaf.range = range;
        }
        keepOnly(
          item.children,
          exercise.checks.map(({ id }) => `${item.id}/${id}`),
        );
      }
      keepOnly(
        parent.children,
        own.exercises.map(({ id }) => `${lesson.id}/${id}`),
      );
    }
    keepOnly(
      this.controller.items,
      lessons.map(({ lesson }) => lesson.id),
    );
  }

  private child(
    items: vscode.TestItemCollection,
    id: string,
    label: string,
    uri: vscode.Uri | undefined,
  ): vscode.TestItem {
    const known = items.get(id);
    if (known !== undefined && known.uri?.toString() === uri?.toString()) {
      known.label = label;
      return known;
    }
    const item = this.controller.createTestItem(id, label, uri);
    items.add(item);
    return item;
  }

  private async run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<ExerciseVerdict[]> {
    if (!this.services.app.trust.allows()) return [];
    await this.fill();
    const items = this.chosen(request);
    const run = this.controller.createTestRun(request);
    const stop = new vscode.CancellationTokenSource();
    const subscriptions = [token, run.token].map((either) =>
      either.onCancellationRequested(() => {
        stop.cancel();
      }),
    );
    const verdicts: ExerciseVerdict[] = [];
    const faults: unknown[] = [];
    try {
      for (const item of items)
        each(item, (one) => {
          run.enqueued(one);
        });
      for (const item of items) {
        if (stop.token.isCancellationRequested) break;
        const verdict = await this.runOne(run, item, stop.token, (fault) => faults.push(fault));
        if (verdict !== undefined) verdicts.push(verdict);
      }
    } finally {
      for (const subscription of subscriptions) subscription.dispose();
      stop.dispose();
      run.end();
    }
    // Without an engine no exercise is graded: said once, and not in the test results alone.
    if (faults.length > 0) this.services.app.errors.show(faults[0]);
    return verdicts;
  }

  /** The exercises asked for; those of a lesson, and that of a single check. */
  private chosen({ include, exclude }: vscode.TestRunRequest): vscode.TestItem[] {
    const excluded = new Set(exclude);
    const asked: vscode.TestItem[] = include === undefined ? [] : [...include];
    if (include === undefined) this.controller.items.forEach((item) => asked.push(item));
    const found = new Set<vscode.TestItem>();
    const visit = (item: vscode.TestItem): void => {
      if (excluded.has(item)) return;
      if (this.exercises.has(item)) found.add(item);
      else if (item.parent !== undefined && this.exercises.has(item.parent)) found.add(item.parent);
      else item.children.forEach(visit);
    };
    asked.forEach(visit);
    return [...found];
  }

  private async runOne(
    run: vscode.TestRun,
    item: vscode.TestItem,
    token: vscode.CancellationToken,
    onFault: (fault: unknown) => void,
  ): Promise<ExerciseVerdict | undefined> {
    const found = this.exercises.get(item);
    if (found === undefined) return undefined;
    each(item, (one) => {
      run.started(one);
    });
    try {
      const verdict = await this.services.grading.check(found.lesson, found.exercise, token, (check) => {
        const leaf = item.children.get(`${item.id}/${check.id}`);
        if (leaf !== undefined) this.report(run, leaf, check);
      });
      this.conclude(run, item, verdict);
      return verdict;
    } catch (error) {
      const data = toErrorData(error);
      const isCancelled = data.code === 'CANCELLED';
      if (!isCancelled) onFault(error);
      each(item, (one) => {
        if (isCancelled) run.skipped(one);
        else run.errored(one, messageOf(data));
      });
      return undefined;
    }
  }

  private conclude(run: vscode.TestRun, item: vscode.TestItem, verdict: ExerciseVerdict): void {
    const { error, checks, passed, seconds } = verdict;
    // Those that were run have their verdicts, also where something then stood in the way of the rest.
    for (const check of checks) {
      const leaf = item.children.get(`${item.id}/${check.id}`);
      if (leaf !== undefined && check.status === 'notRun') run.skipped(leaf);
    }
    if (error !== undefined) run.errored(item, messageOf(error), seconds * 1000);
    else if (passed) run.passed(item, seconds * 1000);
    else run.failed(item, [], seconds * 1000);
  }

  private report(run: vscode.TestRun, leaf: vscode.TestItem, check: CheckVerdict): void {
    if (check.status === 'passed') {
      run.passed(leaf);
      return;
    }
    const { expected, found, location } = check;
    const text = verdictText(check);
    const message =
      expected === undefined || found === undefined
        ? new vscode.TestMessage(text)
        : vscode.TestMessage.diff(text, expected, found);
    const own =
      leaf.uri === undefined || leaf.range === undefined ? undefined : new vscode.Location(leaf.uri, leaf.range.start);
    const place = location === undefined ? own : placeOf(location);
    if (place !== undefined) message.location = place;
    run.failed(leaf, message);
  }
}

function keepOnly(items: vscode.TestItemCollection, ids: readonly string[]): void {
  items.forEach(({ id }) => {
    if (!ids.includes(id)) items.delete(id);
  });
}

function messageOf({ message, remedy, location }: LabErrorData): vscode.TestMessage {
  const text = new vscode.TestMessage([message, remedy].filter((part) => part !== undefined).join('\n'));
  if (location !== undefined) text.location = placeOf(location);
  return text;
}

function each(item: vscode.TestItem, visit: (item: vscode.TestItem) => void): void {
  visit(item);
  item.children.forEach(visit);
}

function placeOf({ file, line, column }: { file: string; line: number; column: number }): vscode.Location {
  return new vscode.Location(uriOf(file), new vscode.Position(line - 1, column - 1));
}

function rangeOf({
  start,
  end,
}: {
  start: { line: number; column: number };
  end: { line: number; column: number };
}): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}
