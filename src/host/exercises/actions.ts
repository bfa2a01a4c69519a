import * as vscode from 'vscode';
import type { Exercise } from '../../protocol/exercise';
import { commandOf } from '../app/commands';
import type { CommandId } from '../app/manifest';
import type { Standing } from './standing';
import { maySeeSolution, stateText } from './texts';

type ExerciseCommand = Extract<
  CommandId,
  `deepLearningLab.${'openTask' | 'openLesson' | 'checkExercise' | 'showHint' | 'showSolution' | 'resetExercise' | 'showChecks'}`
>;

/** What can be done about an exercise, beside its code: state, Task, Lesson, Check, Hint, Solution, Reset. */
export function actionsOf(exercise: Exercise, standing: Standing): vscode.Command[] {
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
    command(vscode.l10n.t('Hint {0} of {1}', next, exercise.hints.length), 'deepLearningLab.showHint', exercise.title),
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
