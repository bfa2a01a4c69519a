import * as l10n from '@vscode/l10n';
import type { PictureData } from '../../protocol/pictures';
import { tokenName } from '../tokens';
import { shareText } from '../shares';

type Sampled = Extract<PictureData, { readonly kind: 'sampledText' }>;

export function describeSampled({ settings, text, next }: Sampled): string {
  const written = l10n.t('After "{0}" it writes: "{1}".', settings.prompt.trim(), text.trim());
  const [likeliest] = next;
  if (likeliest === undefined) return written;
  const { token, probability } = likeliest;
  return `${written} ${l10n.t('The likeliest next token is "{0}", {1}.', tokenName(token), shareText(probability))}`;
}
