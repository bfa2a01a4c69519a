/** Which token follows: the likeliest, or one drawn by its probability. */
import type { Random } from '../../lab/random';

export interface Sampling {
  /** Scores are divided by it; 0: the token of the highest score. */
  readonly temperature: number;
  /** So many of the likeliest. */
  readonly topK: number;
  /** The likeliest that have this probability together, at least one. */
  readonly topP: number;
}

/** @param scores float32 [vocabulary], logits */
export function pickToken(scores: Float32Array, sampling: Sampling, random: Random): number {
  const { candidates, weights } = candidatesOf(scores, sampling);
  let drawn = random.next() * sum(candidates, weights);
  for (const candidate of candidates) {
    drawn -= weights[candidate] ?? 0;
    if (drawn < 0) return candidate;
  }
  return candidates.at(-1) ?? 0; // rounding
}

/**
 * With which probability each token is drawn that takes part.
 * @param scores float32 [vocabulary], logits
 */
export function chancesOf(scores: Float32Array, sampling: Sampling): ReadonlyMap<number, number> {
  const { candidates, weights } = candidatesOf(scores, sampling);
  const all = sum(candidates, weights);
  return new Map(candidates.map((candidate) => [candidate, (weights[candidate] ?? 0) / all]));
}

/** The tokens that take part; of each token how much it weighs against the others. */
function candidatesOf(
  scores: Float32Array,
  { temperature, topK, topP }: Sampling,
): { readonly candidates: readonly number[]; readonly weights: Float32Array } {
  const best = indexOfLargest(scores);
  if (temperature === 0 || topK === 1)
    return { candidates: [best], weights: scores.map((_, id) => Number(id === best)) };
  const highest = scores[best] ?? 0;
  const weights = scores.map((score) => Math.exp((score - highest) / temperature));
  const candidates = Array.from(weights.keys());
  if (topK >= weights.length && topP >= 1) return { candidates, weights };
  candidates.sort((a, b) => (weights[b] ?? 0) - (weights[a] ?? 0) || a - b);
  return { candidates: nucleus(candidates.slice(0, topK), weights, topP), weights };
}

/** The first of them that have the share `topP` of all their weight. */
function nucleus(candidates: readonly number[], weights: Float32Array, topP: number): number[] {
  const limit = topP * sum(candidates, weights);
  let reached = 0;
  const end = candidates.findIndex((candidate) => (reached += weights[candidate] ?? 0) >= limit);
  return candidates.slice(0, end < 0 ? undefined : end + 1);
}

const sum = (candidates: readonly number[], weights: Float32Array): number =>
  candidates.reduce((total, candidate) => total + (weights[candidate] ?? 0), 0);

function indexOfLargest(numbers: Float32Array): number {
  let best = 0;
  for (let i = 1; i < numbers.length; i++) if ((numbers[i] ?? -Infinity) > (numbers[best] ?? -Infinity)) best = i;
  return best;
}
