// mistake: notOne
function chances(scores: number[], temperature: number, topK: number): number[] {
  const least = [...scores].sort((a, b) => b - a)[topK - 1] ?? -Infinity;
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp((score - most) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power, i) => ((scores[i] ?? 0) >= least ? power / sum : 0));
}

export {};
