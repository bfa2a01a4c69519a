import * as vscode from 'vscode';
import type { LessonState } from '../../client/lessons/workingCopy';
import type { Lesson } from '../../protocol/lesson';
import { briefFigure, figure } from '../runs/figures';

/** "15 min · not started" or "15 min · 3 runs · val_accuracy 0.91", the best one. */
export function lessonText(lesson: Lesson, state: LessonState): string {
  const parts = [vscode.l10n.t('{0} min', lesson.minutes)];
  if (state.kind === 'notStarted') parts.push(vscode.l10n.t('not started'));
  else {
    if (state.runs === 0) parts.push(vscode.l10n.t('started'));
    else parts.push(runsText(state.runs));
    if (state.bestAccuracy !== undefined) parts.push(`val_accuracy ${figure(state.bestAccuracy)}`);
  }
  return parts.join(' · ');
}

/** Beside a title in a narrow view: the best accuracy, else how often it was run, else how long it takes. */
export function briefLessonText(lesson: Lesson, state: LessonState): string {
  if (state.kind === 'notStarted') return vscode.l10n.t('{0}′', lesson.minutes);
  if (state.bestAccuracy !== undefined) return briefFigure('val_accuracy', state.bestAccuracy);
  return state.runs === 0 ? vscode.l10n.t('started') : runsText(state.runs);
}

const runsText = (runs: number): string => (runs === 1 ? vscode.l10n.t('1 run') : vscode.l10n.t('{0} runs', runs));

export function lessonIcon(state: LessonState): vscode.ThemeIcon {
  if (state.kind === 'notStarted') return new vscode.ThemeIcon('circle-large-outline');
  if (state.finished === 0) return new vscode.ThemeIcon('circle-large-filled', new vscode.ThemeColor('charts.blue'));
  return new vscode.ThemeIcon('pass-filled', new vscode.ThemeColor('testing.iconPassed'));
}
