import * as l10n from '@vscode/l10n';
import type { PictureData } from '../../protocol/pictures';
import { tokenText } from '../tokens';

type Deciding = Extract<PictureData, { readonly kind: 'decidingWords' }>;

export function describeDeciding({ texts }: Deciding): string {
  const right = texts.filter(({ label, predicted }) => label === predicted).length;
  const how = l10n.t('{0} of {1} texts are classified rightly.', right, texts.length);
  const all = texts.flatMap(({ loss, words }) =>
    words.map(({ token, lossWithout }) => ({ token, by: lossWithout - loss })),
  );
  const [most] = all.sort((a, b) => b.by - a.by);
  if (most === undefined || most.by <= 0) return how;
  return `${how} ${l10n.t('The word that helps most is "{0}": without it the loss is higher by {1}.', tokenText(most.token), most.by.toFixed(2))}`;
}
