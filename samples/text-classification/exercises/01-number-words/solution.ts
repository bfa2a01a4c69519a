export function numberWords(text: string, vocabulary: readonly string[]): number[] {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.map((word) => Math.max(1, vocabulary.indexOf(word)));
}
