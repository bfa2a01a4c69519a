// mistake: lowest
function chances(scores: number[], temperature: number, topK: number): number[] {
  const largest = [...scores].sort((a, b) => a - b)[topK - 1] ?? Infinity;
  const powers = scores.map((score) => (score <= largest ? Math.exp(score / temperature) : 0));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

export {};
