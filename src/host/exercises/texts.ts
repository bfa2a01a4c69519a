import * as vscode from 'vscode';
import type { LabErrorData } from '../../protocol/errors';
import type { CheckVerdict, Exercise, ExerciseProgress, ExerciseVerdict } from '../../protocol/exercise';
import type { Standing } from './standing';

/** One line on where the learner stands, with an icon in front. */
export function stateText({ progress, running, changed }: Standing): string {
  if (running !== undefined) return `$(loading~spin) ${vscode.l10n.t('checking …')}`;
  const text = verdictOf(progress);
  return changed ? `${text} · ${vscode.l10n.t('changed since the last check')}` : text;
}

function verdictOf({ last, passedAt }: ExerciseProgress): string {
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
export function verdictText(verdict: CheckVerdict): string {
  return [verdict.message ?? verdict.title, ...around(verdict)].join('\n');
}

/** For what it was found, and what to read. */
export function around({ input, term }: CheckVerdict): string[] {
  return [...(input === undefined ? [] : [vscode.l10n.t('Input: {0}', input)]), vscode.l10n.t('Look up: {0}', term)];
}

/** The first check that failed, in full; of the others how many. */
export function reasonOf({
  checks,
  error,
}: Pick<ExerciseVerdict, 'checks'> & { readonly error?: LabErrorData | undefined }): string {
  if (error !== undefined) return [error.message, error.remedy].filter((part) => part !== undefined).join('\n');
  const [first, ...others] = checks.filter(({ status }) => status !== 'passed');
  if (first === undefined) return '';
  const lines = [first.message === undefined ? first.title : `${first.title}: ${first.message}`];
  if (first.expected !== undefined) lines.push(vscode.l10n.t('expected: {0}', first.expected));
  if (first.found !== undefined) lines.push(vscode.l10n.t('found: {0}', first.found));
  lines.push(...around(first));
  if (others.length > 0) lines.push(vscode.l10n.t('{0} more checks did not pass.', others.length));
  return lines.join('\n');
}
