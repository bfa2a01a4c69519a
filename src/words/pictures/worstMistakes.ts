import * as l10n from '@vscode/l10n';
import type { PictureData } from '../../protocol/pictures';
import { count as number } from '../numbers';
import { confidenceText } from '../shares';

type Mistakes = Extract<PictureData, { readonly kind: 'worstMistakes' }>;

export function describeMistakes({ classes, count, items }: Mistakes): string {
  const [worst] = items;
  if (worst === undefined) return l10n.t('No test image is classified wrongly.');
  const surest = l10n.t(
    'The surest mistake: image {0}, {1}, taken for {2} with {3}.',
    worst.index,
    classes[worst.label] ?? '',
    classes[worst.predicted] ?? '',
    confidenceText(worst.confidence),
  );
  const how =
    count === 1
      ? l10n.t('One test image is classified wrongly.')
      : l10n.t('{0} test images are classified wrongly.', number(count));
  return `${how} ${surest}`;
}
