// mistake: characters
export function numberWords(text: string, vocabulary: readonly string[]): number[] {
  return Array.from(text.toLowerCase(), (word) => Math.max(1, vocabulary.indexOf(word)));
}
