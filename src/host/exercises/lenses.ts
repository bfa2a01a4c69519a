import * as vscode from 'vscode';
import type { Analysis } from '../../client/source/analysis';
import type { Exercise } from '../../protocol/exercise';
import type { LensContributor } from '../modelFiles/lensContributors';
import { lineOf } from '../modelFiles/lenses';
import { commandOf } from '../app/commands';
import type { CommandId } from '../app/manifest';
import type { ExerciseCatalogue } from '../state/exercises';
import type { Standings } from './standing';
import { maySeeSolution, stateText } from './texts';

type ExerciseCommand = Extract<
  CommandId,
  `deepLearningLab.${'openTask' | 'openLesson' | 'checkExercise' | 'showHint' | 'showSolution' | 'resetExercise' | 'showChecks'}`
>;

/** Above each exercise of a working copy: state, Check, Hint, Solution, Reset; above the experiment, how many are solved. */
export class ExerciseLenses implements LensContributor, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.TextDocument | undefined>();
  private readonly subscription: vscode.Disposable;
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly catalogue: ExerciseCatalogue,
    private readonly standings: Standings,
  ) {
    this.subscription = standings.onDidChange(() => {
      this.changed.fire(undefined);
    });
  }

  lenses(document: vscode.TextDocument, { declarations, experiment }: Analysis): readonly vscode.CodeLens[] {
    if (!vscode.workspace.isTrusted) return [];
    const exercises = this.catalogue.known(document.uri.fsPath)?.exercises ?? [];
    const ofEach = exercises.flatMap((exercise) => {
      const declaration = declarations.find(({ name }) => name === exercise.name);
      if (declaration === undefined) return [];
      const at = lineOf(declaration.range);
      return this.commands(exercise).map((command) => new vscode.CodeLens(at, command));
    });
    if (exercises.length === 0 || experiment === undefined) return ofEach;
    const solved = exercises.filter((exercise) => this.standings.of(exercise).progress.passedAt !== undefined).length;
    const title = vscode.l10n.t('{0} of {1} exercises', solved, exercises.length);
    const command = commandOf(title, 'deepLearningLab.openPanel', document.uri);
    return [...ofEach, new vscode.CodeLens(lineOf(experiment.statementRange), command)];
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  private commands(exercise: Exercise): vscode.Command[] {
    const standing = this.standings.of(exercise);
    const { progress } = standing;
    const command = (title: string, id: ExerciseCommand, tooltip: string): vscode.Command => ({
      ...commandOf(title, id, { lesson: exercise.lesson, exercise: exercise.id }),
      tooltip,
    });
    const next = progress.hints >= exercise.hints.length ? 1 : progress.hints + 1;
    return [
      command(stateText(standing), 'deepLearningLab.showChecks', vscode.l10n.t('Shows the checks in the panel')),
      command(vscode.l10n.t('Task'), 'deepLearningLab.openTask', vscode.l10n.t('Opens the task: {0}', exercise.title)),
      command(
        vscode.l10n.t('Lesson'),
        'deepLearningLab.openLesson',
        vscode.l10n.t('Shows the exercise’s place in the notebook'),
      ),
      command(
        vscode.l10n.t('Check'),
        'deepLearningLab.checkExercise',
        vscode.l10n.t('Checks what stands here, saved or not'),
      ),
      command(
        vscode.l10n.t('Hint {0} of {1}', next, exercise.hints.length),
        'deepLearningLab.showHint',
        exercise.title,
      ),
      ...(maySeeSolution(exercise, progress)
        ? [
            command(
              vscode.l10n.t('Solution'),
              'deepLearningLab.showSolution',
              vscode.l10n.t('Puts the solution in place of your code'),
            ),
          ]
        : []),
      command(
        vscode.l10n.t('Reset'),
        'deepLearningLab.resetExercise',
        vscode.l10n.t('Brings back what this exercise began with'),
      ),
    ];
  }
}
