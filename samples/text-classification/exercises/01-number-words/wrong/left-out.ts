// mistake: leftOut
export function numberWords(text: string, vocabulary: readonly string[]): number[] {
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.map((word) => vocabulary.indexOf(word)).filter((id) => id >= 0);
}
