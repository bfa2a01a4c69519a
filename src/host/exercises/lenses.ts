import * as vscode from 'vscode';
import type { Analysis } from '../../client/source/analysis';
import type { LensContributor } from '../modelFiles/lensContributors';
import { lineOf } from '../modelFiles/lenses';
import { commandOf } from '../app/commands';
import type { ExerciseCatalogue } from '../state/exercises';
import { actionsOf } from './actions';
import type { Standings } from './standing';

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
      if (exercise.home !== 'model' || declaration === undefined) return [];
      const at = lineOf(declaration.range);
      return actionsOf(exercise, this.standings.of(exercise)).map((command) => new vscode.CodeLens(at, command));
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
}
