/**
 * Text of others (titles, labels, messages) for a terminal: without what would move its cursor, change its title or turn
 * the direction of writing. Line breaks and tabs stay.
 */
export function plain(text: string): string {
  return text.replaceAll(/(?![\n\t])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '');
}
