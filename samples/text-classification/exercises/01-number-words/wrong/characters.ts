// mistake: characters
export function numberWords(text: string, vocabulary: readonly string[]): number[] {
  return [...text.toLowerCase()].map((word) => Math.max(1, vocabulary.indexOf(word)));
}
