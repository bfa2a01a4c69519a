/** Tokens as people see them: what leaves no mark gets one, and a name for who hears it. */
import * as l10n from '@vscode/l10n';

const MARKS: Readonly<Record<string, string>> = { ' ': '␣', '\n': '⏎', '\r': '⏎', '\t': '⇥', '\u3000': '␣' };

/** "␣the", "⏎"; other characters without a mark by their number: "U+200B". */
export function tokenText(token: string): string {
  const shown = Array.from(token, (character) => {
    const mark = MARKS[character];
    if (mark !== undefined) return mark;
    return /[\p{Cc}\p{Cf}\p{Z}]/u.test(character) ? codeOf(character) : character;
  });
  return shown.length === 0 ? '∅' : shown.join('');
}

/** For who hears it: "space", "line break", else as it is shown. */
export function tokenName(token: string): string {
  switch (token) {
    case ' ':
      return l10n.t('space');
    case '\n':
      return l10n.t('line break');
    default:
      return tokenText(token);
  }
}

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
