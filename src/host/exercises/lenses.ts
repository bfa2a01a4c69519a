import * as vscode from 'vscode';
import type { Analysis } from '../../client/source/analysis';
import type { Exercise } from '../../protocol/exercise';
import type { LensContributor } from '../modelFiles/lensContributors';
import { lineOf } from '../modelFiles/lenses';
import type { ExerciseBook } from './book';
import { maySeeSolution, stateText } from './texts';

/** Above each exercise of a working copy: state, Check, Hint, Solution, Reset. */
export class ExerciseLenses implements LensContributor, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.TextDocument | undefined>();
  private readonly subscription: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor(private readonly book: ExerciseBook) {
    this.subscription = book.onDidChange(() => {
      this.changed.fire(undefined);
    });
  }

  lenses(document: vscode.TextDocument, { declarations }: Analysis): readonly vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted) return [];
    const known = this.book.known(document.uri.fsPath);
    return (known?.exercises ?? []).flatMap((exercise) => {
      const declaration = declarations.find(({ name }) => name === exercise.name);
      if (declaration === undefined) return [];
      const at = lineOf(declaration.range);
      return this.commands(exercise, document.uri).map((command) => new vscode.CodeLens(at, command));
    });
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  private commands(exercise: Exercise, uri: vscode.Uri): vscode.Command[] {
    const progress = this.book.progressOf(exercise);
    const command = (title: string, id: string, tooltip: string): vscode.Command => ({
      title,
      tooltip,
      command: `deepLearningLab.${id}`,
      arguments: [{ lesson: exercise.lesson, exercise: exercise.id }],
    });
    const next = progress.hints >= exercise.hints.length ? 1 : progress.hints + 1;
    return [
      {
        title: stateText(progress, this.book.isRunning(exercise), this.book.isChanged(exercise)),
        tooltip: vscode.l10n.t('Shows the checks in the panel'),
        command: 'deepLearningLab.openPanel',
        arguments: [uri],
      },
      command(vscode.l10n.t('Task'), 'openTask', vscode.l10n.t('Opens the task: {0}', exercise.title)),
      command(vscode.l10n.t('Check'), 'checkExercise', vscode.l10n.t('Checks what stands here, saved or not')),
      command(vscode.l10n.t('Hint {0} of {1}', next, exercise.hints.length), 'showHint', exercise.title),
      ...(maySeeSolution(exercise, progress)
        ? [command(vscode.l10n.t('Solution'), 'showSolution', vscode.l10n.t('Puts the solution in place of your code'))]
        : []),
      command(vscode.l10n.t('Reset'), 'resetExercise', vscode.l10n.t('Brings back what this exercise began with')),
    ];
  }
}
