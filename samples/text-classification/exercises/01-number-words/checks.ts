import { exercise, fail } from 'deep-learning-lab/grading';

type NumberWords = (text: string, vocabulary: readonly string[]) => number[];

const VOCABULARY = ['<pad>', '<unk>', 'the', 'film', 'is', 'not', 'good', 'a'];

const right: NumberWords = (text, vocabulary) =>
  (text.toLowerCase().match(/[a-z]+/g) ?? []).map((word) => Math.max(1, vocabulary.indexOf(word)));

/** What typical wrong answers give. */
const MISTAKES: Readonly<Record<string, NumberWords>> = {
  upperCase: (text, vocabulary) =>
    (text.match(/[A-Za-z]+/g) ?? []).map((word) => Math.max(1, vocabulary.indexOf(word))),
  punctuation: (text, vocabulary) =>
    text
      .toLowerCase()
      .split(' ')
      .map((word) => Math.max(1, vocabulary.indexOf(word))),
  minusOne: (text, vocabulary) => (text.toLowerCase().match(/[a-z]+/g) ?? []).map((word) => vocabulary.indexOf(word)),
  leftOut: (text, vocabulary) => right(text, vocabulary).filter((id) => id > 1),
  asPadding: (text, vocabulary) => right(text, vocabulary).map((id) => (id === 1 ? 0 : id)),
  characters: (text, vocabulary) =>
    Array.from(text.toLowerCase(), (character) => Math.max(1, vocabulary.indexOf(character))),
};

const list = (ids: readonly number[]): string => `[${ids.join(', ')}]`;

function check(learner: NumberWords, text: string, vocabulary: readonly string[] = VOCABULARY): void {
  const answer: unknown = learner(text, vocabulary);
  const input = `numberWords('${text}', [${vocabulary.map((word) => `'${word}'`).join(', ')}])`;
  const expected = right(text, vocabulary);
  if (!Array.isArray(answer)) fail({ expected: list(expected), found: typeof answer, input });
  const found = answer.map(Number);
  if (list(found) === list(expected)) return;
  const mistake = Object.entries(MISTAKES).find(([, wrong]) => list(wrong(text, vocabulary)) === list(found))?.[0];
  fail({ ...(mistake === undefined ? {} : { mistake }), expected: list(expected), found: list(found), input });
}

export default exercise<NumberWords>({
  kind: 'function',
  checks: {
    numbers: ({ learner }) => {
      check(learner, 'the film is good');
    },
    words: ({ learner }) => {
      check(learner, 'The film: not good, NOT a film!');
    },
    unknown: ({ learner }) => {
      check(learner, 'the plot is good');
    },
    other: ({ learner }) => {
      check(learner, 'Good, good day.', ['<pad>', '<unk>', 'day', 'good']);
    },
  },
});
