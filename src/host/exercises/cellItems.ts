/** Below a cell of a lesson's notebook whose fence names an exercise: where the learner stands, and what can be done. */
import * as vscode from 'vscode';
import { lessonIdOf } from '../../client/lessons/labFolder';
import type { Exercise, ExerciseVerdict } from '../../protocol/exercise';
import type { App } from '../app/app';
import { commandOf } from '../app/commands';
import { NOTEBOOK_TYPE } from '../app/manifest';
import type { ExerciseReference } from '../app/subjects';
import type { ExerciseCatalogue } from '../state/exercises';
import { actionsOf } from './actions';
import { exerciseIdOf } from './homes';
import type { Standing, Standings } from './standing';
import { reasonOf, stateText } from './texts';

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
      return exercise === undefined || !vscode.workspace.isTrusted ? [] : itemsOf(exercise, standings.of(exercise));
    },
  };
  app.lifetime.add(vscode.notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, provider));
}

async function exerciseOfCell(
  app: App,
  catalogue: ExerciseCatalogue,
  cell: vscode.NotebookCell,
): Promise<Exercise | undefined> {
  const id = exerciseIdOf(cell);
  const { uri } = cell.notebook;
  const lesson = uri.scheme === 'file' ? lessonIdOf(app.lab(), uri.fsPath) : undefined;
  if (id === undefined || lesson === undefined) return undefined;
  return (await catalogue.ofLesson(lesson)).find((exercise) => exercise.id === id);
}

/** What a cell is itself: the task is the text above it. */
const ELSEWHERE: ReadonlySet<string> = new Set(['deepLearningLab.openTask', 'deepLearningLab.openLesson']);

/** Of an exercise in the cell itself, what a function in a model file has above it, and why it has not passed. */
export function itemsOf(exercise: Exercise, standing: Standing): vscode.NotebookCellStatusBarItem[] {
  if (exercise.home === 'model') return linksOf(exercise, standing);
  const [state, ...actions] = actionsOf(exercise, standing).filter(({ command }) => !ELSEWHERE.has(command));
  const { progress, running, changed } = standing;
  const { last } = progress;
  const isWrong = last?.passed === false && running === undefined && !changed;
  return [
    ...(state === undefined ? [] : [itemOf(state)]),
    ...(isWrong
      ? [
          itemOf({
            ...commandOf(firstReason(last), 'deepLearningLab.showChecks', about(exercise)),
            tooltip: reasonOf(last),
          }),
        ]
      : []),
    ...actions.map(itemOf),
  ];
}

/** Where the code stands in the model file: the way there, where the learner stands, a check. */
function linksOf(exercise: Exercise, standing: Standing): vscode.NotebookCellStatusBarItem[] {
  const check = vscode.l10n.t('Check');
  return [
    {
      ...commandOf(`$(go-to-file) ${exercise.title}`, 'deepLearningLab.openExercise', about(exercise)),
      tooltip: vscode.l10n.t('Opens the code: {0}', exercise.title),
    },
    {
      ...commandOf(stateText(standing), 'deepLearningLab.showChecks', about(exercise)),
      tooltip: vscode.l10n.t('Shows the checks in the panel'),
    },
    {
      ...commandOf(`$(check) ${check}`, 'deepLearningLab.checkExercise', about(exercise)),
      tooltip: vscode.l10n.t('Checks what stands in the model file, saved or not'),
    },
  ].map(itemOf);
}

const about = ({ lesson, id }: Exercise): ExerciseReference => ({ lesson, exercise: id });

function itemOf(command: vscode.Command): vscode.NotebookCellStatusBarItem {
  const item = new vscode.NotebookCellStatusBarItem(command.title, vscode.NotebookCellStatusBarAlignment.Left);
  item.command = command;
  if (command.tooltip !== undefined) item.tooltip = command.tooltip;
  return item;
}

/** What is wrong, in one line. */
function firstReason({ checks, error }: ExerciseVerdict): string {
  const wrong = checks.find(({ status }) => status !== 'passed');
  return error?.message ?? wrong?.message ?? wrong?.title ?? '';
}
