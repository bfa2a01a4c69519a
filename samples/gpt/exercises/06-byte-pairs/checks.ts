import { exercise, fail } from 'deep-learning-lab/grading';

type Merge = [string, string];
type LearnMerges = (words: string[], count: number) => Merge[];

/** How typical wrong answers differ. */
interface Rules {
  readonly begin?: (words: readonly string[]) => string[][];
  readonly join?: boolean;
  readonly once?: boolean;
  /** Puts the pair that is merged first; of equal ones the first stays. */
  readonly order?: (counted: [string, number][]) => [string, number][];
}

const most = (counted: [string, number][]): [string, number][] => counted.sort(([, a], [, b]) => b - a);

const characters = (words: readonly string[]): string[][] => words.map((word) => Array.from(word));

function merges(words: readonly string[], count: number, rules: Rules = {}): Merge[] {
  const { begin = characters, join = true, once = false, order = most } = rules;
  let rows: readonly (readonly string[])[] = begin(words);
  const found: Merge[] = [];
  while (found.length < count) {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const pairs = row.slice(1).map((right, i) => `${row[i]} ${right}`);
      for (const pair of once ? new Set(pairs) : pairs) counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    const best = order([...counts]).at(0);
    if (best === undefined) break;
    const [left = '', right = ''] = best[0].split(' ');
    found.push([left, right]);
    if (join) rows = rows.map((row) => joined(row, left, right));
  }
  return found;
}

function joined(row: readonly string[], left: string, right: string): string[] {
  const result: string[] = [];
  for (let i = 0; i < row.length; i++) {
    const isPair = row[i] === left && row[i + 1] === right;
    result.push(isPair ? left + right : row[i]);
    if (isPair) i++;
  }
  return result;
}

const MISTAKES: Readonly<Record<string, Rules>> = {
  acrossWords: { begin: (words) => [Array.from(words.join(''))] },
  notJoined: { join: false },
  once: { once: true },
  kinds: { begin: (words) => [...new Set(words)].map((word) => Array.from(word)) },
  lastMet: { order: (counted) => most([...counted].reverse()) },
  rarest: { order: (counted) => counted.sort(([, a], [, b]) => a - b) },
};

const list = (pairs: readonly (readonly unknown[])[]): string =>
  `[${pairs.map(([left, right]) => `['${String(left)}', '${String(right)}']`).join(', ')}]`;

function check(learner: LearnMerges, words: readonly string[], count: number, given?: readonly Merge[]): void {
  const answer: unknown = learner([...words], count);
  const input = `learnMerges([${words.map((word) => `'${word}'`).join(', ')}], ${String(count)})`;
  const expected = list(given ?? merges(words, count));
  if (!Array.isArray(answer) || !answer.every(Array.isArray)) fail({ expected, found: typeof answer, input });
  const found = list(answer as unknown[][]);
  if (found === expected) return;
  const mistake = Object.entries(MISTAKES).find(([, rules]) => list(merges(words, count, rules)) === found)?.[0];
  fail({ ...(mistake === undefined ? {} : { mistake }), expected, found, input });
}

export default exercise<LearnMerges>({
  kind: 'function',
  checks: {
    first: ({ learner }) => {
      check(learner, ['at', 'the', 'the', 'then', 'hen'], 1, [['h', 'e']]);
      check(learner, ['xy', 'ab', 'ab', 'ab', 'xz', 'xz'], 1, [['a', 'b']]);
    },
    // Five times h e, then three times t he; of the n, he n and a t, once each, the n is met first.
    next: ({ learner }) => {
      check(learner, ['he', 'the', 'the', 'then', 'hen', 'at'], 3, [
        ['h', 'e'],
        ['t', 'he'],
        ['the', 'n'],
      ]);
      check(learner, ['low', 'low', 'lower', 'newest', 'newest', 'newest', 'widest', 'widest'], 8);
    },
    ties: ({ learner }) => {
      check(learner, ['ab', 'cd', 'ef'], 2, [
        ['a', 'b'],
        ['c', 'd'],
      ]);
    },
    repeats: ({ learner }) => {
      check(learner, ['banana', 'ba', 'cab'], 3);
      check(learner, ['aaa', 'aaaa', 'xy'], 2);
      check(learner, ['ab'], 5, [['a', 'b']]);
    },
  },
});
