import * as vscode from 'vscode';
import type { CheckVerdict, Exercise, ExerciseProgress } from '../../protocol/exercise';

/** One line on where the learner stands, with an icon in front. */
export function stateText(progress: ExerciseProgress, running: boolean): string {
  if (running) return `$(loading~spin) ${vscode.l10n.t('checking …')}`;
  const { last, passedAt } = progress;
  if (last === undefined) return `$(circle-large-outline) ${vscode.l10n.t('not checked yet')}`;
  if (last.passed) return `$(pass-filled) ${vscode.l10n.t('passed')}`;
  const right = last.checks.filter(({ status }) => status === 'passed').length;
  const state = `$(error) ${vscode.l10n.t('{0} of {1} checks passed', right, last.checks.length)}`;
  return passedAt === undefined ? state : `${state} · ${vscode.l10n.t('passed before')}`;
}

/** The solution may be seen after a pass, or when all hints have been. */
export function maySeeSolution({ hints }: Exercise, progress: ExerciseProgress): boolean {
  return progress.passedAt !== undefined || progress.hints >= hints.length;
}

/** What a verdict says beside expected and found. */
export function verdictText({ title, message, input, term }: CheckVerdict): string {
  return [
    message ?? title,
    ...(input === undefined ? [] : [vscode.l10n.t('Input: {0}', input)]),
    vscode.l10n.t('Look up: {0}', term),
  ].join('\n');
}
