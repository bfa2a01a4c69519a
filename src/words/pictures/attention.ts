import * as l10n from '@vscode/l10n';
import type { PictureData } from '../../protocol/pictures';

type Attended = Extract<PictureData, { readonly kind: 'attention' }>;

export function describeAttention({ tokens, layers, more = 0 }: Attended): string {
  const heads = layers.reduce((sum, layer) => sum + layer.heads, 0);
  const what = l10n.t(
    'What each of {0} tokens looks at, in {1} heads of {2} layers: shares, which make 100% together.',
    tokens.length,
    heads,
    layers.length,
  );
  return more === 0 ? what : `${what} ${l10n.t('Of the text, these are the first tokens; {0} more follow.', more)}`;
}
