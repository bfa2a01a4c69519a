import * as l10n from '@vscode/l10n';
import type { PictureData } from '../../protocol/pictures';
import { shareText } from '../shares';
import { tokenText } from '../tokens';

type Embedding = Extract<PictureData, { readonly kind: 'wordEmbedding' }>;

export function describeEmbedding({ table, word, neighbours, explained }: Embedding): string {
  const [nearest] = neighbours;
  const first =
    nearest === undefined
      ? ''
      : `${l10n.t('Nearest to "{0}" is "{1}", with a cosine of {2}.', tokenText(word), tokenText(nearest.token), nearest.cosine.toFixed(2))} `;
  return `${first}${l10n.t('The map shows {0} of what differs between the frequent words, two of {1} dimensions.', shareText(explained), table.width)}`;
}
