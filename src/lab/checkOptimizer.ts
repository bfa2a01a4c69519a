import * as l10n from '@vscode/l10n';
import { describe, invalid } from './check';

export function checkOptimizer(field: string, optimizer: unknown): void {
  if (typeof optimizer === 'function') return;
  throw invalid({
    field,
    expected: l10n.t('a function that makes an optimizer'),
    found: optimizer,
    remedy:
      optimizer === undefined || typeof optimizer === 'string'
        ? l10n.t("Write 'optimizer: () => tf.train.adam(0.001)'.")
        : l10n.t("Put '() =>' before {0}: each run needs a fresh optimizer.", describe(optimizer)),
    ...(typeof optimizer === 'object' && optimizer !== null && field === 'optimizer'
      ? { fixes: [{ kind: 'wrap', field, before: '() => ', after: '' }] }
      : {}),
  });
}
