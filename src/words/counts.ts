/** How many of what: one is never "1 runs". */
import * as l10n from '@vscode/l10n';
import { count } from './numbers';

export const runs = (n: number): string => (n === 1 ? l10n.t('1 run') : l10n.t('{0} runs', count(n)));
export const epochs = (n: number): string => (n === 1 ? l10n.t('1 epoch') : l10n.t('{0} epochs', count(n)));
export const steps = (n: number): string => (n === 1 ? l10n.t('1 step') : l10n.t('{0} steps', count(n)));
export const points = (n: number): string => (n === 1 ? l10n.t('1 point') : l10n.t('{0} points', count(n)));
export const examples = (n: number): string => (n === 1 ? l10n.t('1 example') : l10n.t('{0} examples', count(n)));
export const trainingExamples = (n: number): string =>
  n === 1 ? l10n.t('1 training example') : l10n.t('{0} training examples', count(n));

/** How far something is that comes in parts: "2 of 5". */
export const progress = (done: number, of: number): string => l10n.t('{0} of {1}', count(done), count(of));
