/** Shares in percent as people read them: 100% is said of a whole only, never of what rounds to it. */
export function shareText(share: number): string {
  if (!(share >= 0.995 && share < 1)) return `${Math.round(share * 100)}%`;
  return share < 0.9995 ? `${(share * 100).toFixed(1)}%` : '> 99.9%';
}

/** A model's probability; float32 has no number between 1 and what is just below it. */
export function confidenceText(confidence: number): string {
  return confidence === 1 ? '> 99.9%' : shareText(confidence);
}
