// mistake: zeroScores
function chances(scores: number[], temperature: number, topK: number): number[] {
  const least = [...scores].sort((a, b) => b - a)[topK - 1] ?? -Infinity;
  const powers = scores.map((score) => Math.exp(score >= least ? score / temperature : 0));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

export {};
