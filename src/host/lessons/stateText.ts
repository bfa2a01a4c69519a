import * as vscode from 'vscode';
import type { Lesson } from '../../protocol/lesson';
import { progress, runs } from '../../words/counts';
import { briefFigure, figure } from '../../words/numbers';
import type { LessonState } from './states';

/** "15 min · not started" or "15 min · 3 runs · 2 of 5 exercises · val_accuracy 0.91", the best one. */
export function lessonText(lesson: Lesson, state: LessonState): string {
  const parts = [vscode.l10n.t('{0} min', lesson.minutes)];
  if (state.kind === 'notStarted') parts.push(vscode.l10n.t('not started'));
  else parts.push(state.runs === 0 ? vscode.l10n.t('started') : runs(state.runs));
  if (state.exercises !== undefined) {
    const { solved, total } = state.exercises;
    parts.push(vscode.l10n.t('{0} of {1} exercises', solved, total));
  }
  if (state.kind === 'started' && state.bestAccuracy !== undefined) {
    parts.push(`val_accuracy ${figure(state.bestAccuracy)}`);
  }
  return parts.join(' · ');
}

/** Beside a title in a narrow view: exercises, else the best accuracy, else how often it was run, or how long it takes. */
export function briefLessonText(lesson: Lesson, state: LessonState): string {
  if (state.kind === 'notStarted') return vscode.l10n.t('{0}′', lesson.minutes);
  if (state.exercises !== undefined) return progress(state.exercises.solved, state.exercises.total);
  if (state.bestAccuracy !== undefined) return briefFigure('val_accuracy', state.bestAccuracy);
  return state.runs === 0 ? vscode.l10n.t('started') : runs(state.runs);
}

/** A tick says that there is nothing left to do: every exercise solved; without exercises, a run to its end. */
export function lessonIcon(state: LessonState): vscode.ThemeIcon {
  if (state.kind === 'notStarted') return new vscode.ThemeIcon('circle-large-outline');
  const { exercises, finished } = state;
  const isDone = exercises === undefined ? finished > 0 : exercises.solved === exercises.total;
  if (!isDone) return new vscode.ThemeIcon('circle-large-filled', new vscode.ThemeColor('charts.blue'));
  return new vscode.ThemeIcon('pass-filled', new vscode.ThemeColor('testing.iconPassed'));
}
