// mistake: punctuation
export function numberWords(text: string, vocabulary: readonly string[]): number[] {
  const words = text.toLowerCase().split(' ');
  return words.map((word) => Math.max(1, vocabulary.indexOf(word)));
}
