/** Below a cell of a lesson's notebook whose fence names an exercise: where the learner stands, the code, a check. */
import * as vscode from 'vscode';
import { lessonIdOf } from '../../client/lessons/labFolder';
import { exerciseOf } from '../../notebook/document';
import { layoutOf } from '../../notebook/metadata';
import type { Exercise } from '../../protocol/exercise';
import type { App } from '../app/app';
import { commandOf } from '../app/commands';
import { NOTEBOOK_TYPE } from '../app/manifest';
import type { ExerciseCatalogue } from '../state/exercises';
import type { Standings } from './standing';
import { stateText } from './texts';

export function showInCells(app: App, catalogue: ExerciseCatalogue, standings: Standings): void {
  const changed = app.lifetime.add(new vscode.EventEmitter<void>());
  app.lifetime.add(
    standings.onDidChange(() => {
      changed.fire();
    }),
  );
  const provider: vscode.NotebookCellStatusBarItemProvider = {
    onDidChangeCellStatusBarItems: changed.event,
    provideCellStatusBarItems: async (cell) => {
      const exercise = await exerciseOfCell(app, catalogue, cell);
      return exercise === undefined || !vscode.workspace.isTrusted ? [] : itemsOf(exercise, standings);
    },
  };
  app.lifetime.add(vscode.notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, provider));
}

async function exerciseOfCell(
  app: App,
  catalogue: ExerciseCatalogue,
  { metadata, notebook }: vscode.NotebookCell,
): Promise<Exercise | undefined> {
  const id = exerciseOf(layoutOf(metadata)?.open ?? '');
  const lesson = notebook.uri.scheme === 'file' ? lessonIdOf(app.lab(), notebook.uri.fsPath) : undefined;
  if (id === undefined || lesson === undefined) return undefined;
  return (await catalogue.ofLesson(lesson)).find((exercise) => exercise.id === id);
}

function itemsOf(exercise: Exercise, standings: Standings): vscode.NotebookCellStatusBarItem[] {
  const about = { lesson: exercise.lesson, exercise: exercise.id };
  const { Left } = vscode.NotebookCellStatusBarAlignment;
  const item = (text: string, command: vscode.Command, tooltip: string): vscode.NotebookCellStatusBarItem => {
    const made = new vscode.NotebookCellStatusBarItem(text, Left);
    made.command = command;
    made.tooltip = tooltip;
    return made;
  };
  const code = vscode.l10n.t('Opens the code: {0}', exercise.title);
  const check = vscode.l10n.t('Check');
  return [
    item(`$(go-to-file) ${exercise.title}`, commandOf(exercise.title, 'deepLearningLab.openExercise', about), code),
    item(
      stateText(standings.of(exercise)),
      commandOf(check, 'deepLearningLab.showChecks', about),
      vscode.l10n.t('Shows the checks in the panel'),
    ),
    item(
      `$(check) ${check}`,
      commandOf(check, 'deepLearningLab.checkExercise', about),
      vscode.l10n.t('Checks what stands in the model file, saved or not'),
    ),
  ];
}
