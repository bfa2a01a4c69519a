// mistake: upperCase
export function numberWords(text: string, vocabulary: readonly string[]): number[] {
  const words = text.match(/[A-Za-z]+/g) ?? [];
  return words.map((word) => Math.max(1, vocabulary.indexOf(word)));
}
