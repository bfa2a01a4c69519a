/** Takes the translated texts that the host wrote into the page, and the language of its numbers. */
import * as l10n from '@vscode/l10n';
import { L10N_ELEMENT } from '../../src/protocol/panel';
import { setLocale } from '../../src/words/numbers';

export function configureL10n(page: Document): void {
  const contents = page.getElementById(L10N_ELEMENT)?.dataset['contents'] ?? '';
  if (contents !== '') l10n.config({ contents });
  if (page.documentElement.lang !== '') setLocale(page.documentElement.lang);
}
