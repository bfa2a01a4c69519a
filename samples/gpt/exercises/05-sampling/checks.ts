import { tf } from 'deep-learning-lab';
import { exercise, expectClose, fail } from 'deep-learning-lab/grading';

type Chances = (scores: number[], temperature: number, topK: number) => number[];

/** Shares by TensorFlow; a score of -Infinity gets none. */
const softmax = (scores: readonly number[]): number[] => Array.from(tf.softmax(tf.tensor1d([...scores])).dataSync());

const lowestKept = (scores: readonly number[], topK: number): number =>
  [...scores].sort((a, b) => b - a)[topK - 1] ?? -Infinity;

const right: Chances = (scores, temperature, topK) => {
  const least = lowestKept(scores, topK);
  return softmax(scores.map((score) => (score >= least ? score / temperature : -1e9)));
};

/** What typical wrong answers give. */
const MISTAKES: Readonly<Record<string, Chances>> = {
  noTemperature: (scores, _, topK) => right(scores, 1, topK),
  multiplied: (scores, temperature, topK) => right(scores, 1 / temperature, topK),
  noTopK: (scores, temperature) => right(scores, temperature, scores.length),
  notOne: (scores, temperature, topK) => {
    const least = lowestKept(scores, topK);
    return right(scores, temperature, scores.length).map((share, i) => ((scores[i] ?? 0) >= least ? share : 0));
  },
  zeroScores: (scores, temperature, topK) => {
    const least = lowestKept(scores, topK);
    return softmax(scores.map((score) => (score >= least ? score / temperature : 0)));
  },
  lowest: (scores, temperature, topK) => {
    const most = lowestKept(
      scores.map((score) => -score),
      topK,
    );
    return softmax(scores.map((score) => (-score >= most ? score / temperature : -1e9)));
  },
  overflow: (scores, temperature, topK) => {
    const least = lowestKept(scores, topK);
    const powers = scores.map((score) => (score >= least ? Math.exp(score / temperature) : 0));
    const sum = powers.reduce((total, power) => total + power, 0);
    return powers.map((power) => power / sum);
  },
};

function check(learner: Chances, [scores, temperature, topK]: Parameters<Chances>, given?: readonly number[]): void {
  const answer: unknown = learner([...scores], temperature, topK);
  const expected = [...(given ?? right(scores, temperature, topK))];
  const shown = scores.length > 6 ? `${String(scores.length)} scores` : `[${scores.join(', ')}]`;
  const input = `chances(${shown}, ${String(temperature)}, ${String(topK)})`;
  if (!Array.isArray(answer)) fail({ expected: `[${expected.join(', ')}]`, found: typeof answer, input });
  expectClose(tf.tensor1d(answer.map(Number)), tf.tensor1d(expected), {
    input,
    mistakes: Object.fromEntries(
      Object.entries(MISTAKES).map(([key, wrong]) => [key, () => tf.tensor1d(wrong(scores, temperature, topK))]),
    ),
  });
}

const LN = Math.log;

export default exercise<Chances>({
  kind: 'function',
  checks: {
    // Halved, ln 1, ln 4 and ln 25 are the logarithms of 1, 2 and 5: shares of 8.
    temperature: ({ learner }) => {
      check(learner, [[0, LN(4), LN(25)], 2, 3], [1 / 8, 2 / 8, 5 / 8]);
      check(learner, [[1, 3, 2], 1, 10]);
    },
    topK: ({ learner }) => {
      check(learner, [[LN(3), LN(7), 0, LN(5)], 1, 2], [0, 7 / 12, 0, 5 / 12]);
      check(learner, [[4, 2, 3], 1, 1], [1, 0, 0]);
    },
    both: ({ learner }) => {
      const scores = Array.from({ length: 60 }, (_, i) => Math.sin(7 * i) * 3);
      check(learner, [scores, 0.8, 20]);
      check(learner, [scores, 1.5, 5]);
    },
    large: ({ learner }) => {
      check(learner, [[500, 499, 100], 0.5, 2]);
    },
  },
});
