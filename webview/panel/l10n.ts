/** Takes the translated texts that the host wrote into the page: <meta id="l10n" data-contents="…JSON…">. */
import * as l10n from '@vscode/l10n';
import { setLocale } from './text/format';

export function configureL10n(page: Document): void {
  const contents = page.getElementById('l10n')?.dataset['contents'];
  if (contents !== undefined && contents !== '') l10n.config({ contents });
  if (page.documentElement.lang !== '') setLocale(page.documentElement.lang);
}
