import { tf } from 'deep-learning-lab';
import { exercise, expectClose, fail } from 'deep-learning-lab/grading';

type Kept = [tf.Tensor2D, tf.Tensor2D];
type AttendNext = (q: tf.Tensor2D, k: tf.Tensor2D, v: tf.Tensor2D, kept: Kept) => tf.Tensor[];

const shares = (q: tf.Tensor2D, keys: tf.Tensor2D, root = Math.sqrt(q.shape[1])): tf.Tensor2D =>
  tf.softmax(tf.div<tf.Tensor2D>(tf.matMul(q, keys, false, true), root));
const both = (old: tf.Tensor2D, next: tf.Tensor2D): tf.Tensor2D => tf.concat<tf.Tensor2D>([old, next]);

function answerOf(learner: AttendNext, given: Parameters<AttendNext>, input: string): tf.Tensor2D[] {
  const answer: unknown = learner(...given);
  const isWhole = Array.isArray(answer) && answer.length === 3 && answer.every((one) => one instanceof tf.Tensor);
  if (!isWhole) fail({ expected: '[output, keys, values]', found: typeof answer, input });
  return answer as tf.Tensor2D[];
}

function check(learner: AttendNext, given: Parameters<AttendNext>, input: string, expected?: tf.Tensor): void {
  const [q, k, v, [oldKeys, oldValues]] = given;
  const [keys, values] = [both(oldKeys, k), both(oldValues, v)];
  expectClose(answerOf(learner, given, input)[0], expected ?? tf.matMul(shares(q, keys), values), {
    input,
    mistakes: {
      ...(oldKeys.shape[0] === 0 ? {} : { withoutItself: () => tf.matMul(shares(q, oldKeys), oldValues) }),
      onlyItself: () => v,
      notScaled: () => tf.matMul(shares(q, keys, 1), values),
      alike: () => tf.mean(values, 0, true),
    },
  });
}

function checkKept(learner: AttendNext, given: Parameters<AttendNext>, input: string): void {
  const [, k, v, kept] = given;
  const [, ...found] = answerOf(learner, given, input);
  [k, v].forEach((next, i) => {
    const old = kept[i] ?? next;
    expectClose(found[i], both(old, next), { input, mistakes: { front: () => both(next, old), notKept: () => old } });
  });
}

const random = (rows: number, width: number, seed: number): tf.Tensor2D =>
  tf.randomNormal<tf.Rank.R2>([rows, width], 0, 1, 'float32', seed);

export default exercise<AttendNext>({
  kind: 'function',
  checks: {
    // Width 4, so the scores 0 and 2 ln 3 are halved: shares of 1/4 and 3/4.
    byHand: ({ learner }) => {
      const [q, k] = [tf.tensor2d([1, 0, 0, 0], [1, 4]), tf.tensor2d([2 * Math.log(3), 5, 0, 0], [1, 4])];
      const kept: Kept = [tf.tensor2d([0, 7, 0, 0], [1, 4]), tf.tensor2d([4, 0, 0, 8], [1, 4])];
      const v = tf.tensor2d([0, 8, 0, 8], [1, 4]);
      const input = 'q = [1, 0, 0, 0], k = [2 ln 3, 5, 0, 0], v = [0, 8, 0, 8]; kept: [0, 7, 0, 0] and [4, 0, 0, 8]';
      check(learner, [q, k, v, kept], input, tf.tensor2d([1, 6, 0, 8], [1, 4]));
    },
    grows: ({ learner }) => {
      const kept: Kept = [random(3, 4, 1), random(3, 4, 2)];
      checkKept(learner, [random(1, 4, 3), random(1, 4, 4), random(1, 4, 5), kept], 'three tokens are kept');
    },
    // The whole text in one go, with a mask, against one token after the other.
    same: ({ learner }) => {
      const [length, width] = [6, 8];
      const [q, k, v] = [random(length, width, 6), random(length, width, 7), random(length, width, 8)];
      const scores = tf.div(tf.matMul(q, k, false, true), Math.sqrt(width));
      const seen = tf.linalg.bandPart(tf.ones([length, length]), -1, 0);
      const masked = tf.where(tf.cast(seen, 'bool'), scores, tf.fill([length, length], -1e9));
      const whole = tf.matMul(tf.softmax(masked), v);
      let kept: Kept = [tf.zeros([0, width]), tf.zeros([0, width])];
      for (let t = 0; t < length; t++) {
        const row = (x: tf.Tensor2D): tf.Tensor2D => tf.slice2d(x, [t, 0], [1, width]);
        const given: Parameters<AttendNext> = [row(q), row(k), row(v), kept];
        const input = `token ${String(t)} of ${String(length)}`;
        check(learner, given, input, tf.slice(whole, [t, 0], [1, width]));
        checkKept(learner, given, input);
        kept = [both(kept[0], row(k)), both(kept[1], row(v))];
      }
    },
  },
});
