import * as l10n from '@vscode/l10n';
import type { PictureData } from '../../protocol/pictures';
import { count as number } from '../numbers';

type Confusion = Extract<PictureData, { readonly kind: 'confusionMatrix' }>;

/** Accuracy, and the confusion that happens most. */
export function describeConfusion({ classes, counts }: Confusion): string {
  let right = 0;
  let total = 0;
  let worst = { count: 0, label: 0, predicted: 0 };
  counts.forEach((row, label) => {
    row.forEach((count, predicted) => {
      total += count;
      if (label === predicted) right += count;
      else if (count > worst.count) worst = { count, label, predicted };
    });
  });
  const figure = l10n.t('{0} of {1} test examples are classified correctly.', number(right), number(total));
  if (worst.count === 0) return figure;
  const [label, predicted] = [classes[worst.label] ?? '', classes[worst.predicted] ?? ''];
  const confusion =
    worst.count === 1
      ? l10n.t('The most frequent confusion: {0} taken for {1}, once.', label, predicted)
      : l10n.t('The most frequent confusion: {0} taken for {1}, {2} times.', label, predicted, number(worst.count));
  return `${figure} ${confusion}`;
}
