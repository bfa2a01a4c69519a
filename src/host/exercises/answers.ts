import * as vscode from 'vscode';
import type { Exercise } from '../../protocol/exercise';
import type { App } from '../app/app';
import type { ExerciseCatalogue, LessonExercises } from '../state/exercises';
import type { LessonLibrary } from '../state/library';
import type { AnswerHomes } from './homes';

/** After the last key, until the answers are looked at again. */
const LOOK_MS = 300;

/** What the declarations of exercises are now, as hashes: tells which verdicts are of an older text. */
export class Answers {
  private readonly changed = new vscode.EventEmitter<Exercise>();
  /** By lesson and exercise; undefined: its declaration is gone. A lesson without a working copy has no entries. */
  private readonly hashes = new Map<string, string | undefined>();
  private timer: NodeJS.Timeout | undefined;

  /** The answer of this exercise is another. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly app: App,
    private readonly catalogue: ExerciseCatalogue,
    private readonly homes: AnswerHomes,
    library: LessonLibrary,
  ) {
    const soon = (): void => {
      this.lookSoon();
    };
    const { lifetime } = app;
    lifetime.add(this.changed);
    lifetime.add(catalogue.onDidChange(soon));
    // A working copy may have been made or reset.
    lifetime.add(library.onDidChange(soon));
    lifetime.add(
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && catalogue.known(document.uri.fsPath) !== undefined) soon();
      }),
    );
    // A cell may have gone, or come back.
    lifetime.add(
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (contentChanges.length > 0 && catalogue.known(notebook.uri.fsPath) !== undefined) soon();
      }),
    );
    lifetime.add({
      dispose: () => {
        clearTimeout(this.timer);
      },
    });
  }

  /** Whether the answer is another than the one with this hash. False where there is no working copy. */
  differs(exercise: Exercise, graded: string | undefined): boolean {
    return this.hashes.has(idOf(exercise)) && this.hashes.get(idOf(exercise)) !== graded;
  }

  /** At the answers of all lessons that are known; tells of those that are others now. */
  async look(): Promise<void> {
    for (const own of this.catalogue.allKnown) {
      const { exercises } = own;
      const before = exercises.map((exercise) => this.looks(exercise));
      await this.read(own);
      for (const [index, exercise] of exercises.entries()) {
        if (this.looks(exercise) !== before[index]) this.changed.fire(exercise);
      }
    }
  }

  private lookSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.look().catch((error: unknown) => {
        this.app.errors.show(error);
      });
    }, LOOK_MS);
  }

  private async read({ lesson, exercises }: LessonExercises): Promise<void> {
    const { answerHashes } = await import('../../client/exercises/answer');
    // Those that stand in one text are looked for in one go.
    const byText = new Map<string | undefined, Exercise[]>();
    for (const exercise of exercises) {
      const text = await this.homes.textOf(lesson, exercise);
      const others = byText.get(text);
      if (others === undefined) byText.set(text, [exercise]);
      else others.push(exercise);
    }
    for (const [text, own] of byText) {
      const names = own.map(({ name }) => name);
      const found = text === undefined ? undefined : answerHashes(text, names);
      for (const exercise of own) {
        if (found === undefined) this.hashes.delete(idOf(exercise));
        else this.hashes.set(idOf(exercise), found.get(exercise.name));
      }
    }
  }

  private looks(exercise: Exercise): string {
    return this.hashes.has(idOf(exercise)) ? (this.hashes.get(idOf(exercise)) ?? 'gone') : 'none';
  }
}

const idOf = ({ lesson, id }: Exercise): string => `${lesson}/${id}`;
