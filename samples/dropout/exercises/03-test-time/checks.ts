import { tf } from 'deep-learning-lab';
import { exercise, expectTensor, fail, isClose, number, show } from 'deep-learning-lab/grading';

type Dropout = (x: tf.Tensor, rate: number, training: boolean) => tf.Tensor;

const SHAPE = [100, 100];

export default exercise<Dropout>({
  kind: 'function',
  checks: {
    testTime: ({ learner }) => {
      const x = tf.randomUniform(SHAPE, 1, 2);
      const input = 'dropout(x, 0.4, false), x [100, 100]';
      const found = expectTensor(learner(x, 0.4, false), SHAPE, { input });
      if (isClose(found, x)) return;
      const mistake = isClose(found, tf.mul(x, 0.6)) ? 'scaledAtTest' : 'activeAtTest';
      const zeros = tf.mean(tf.cast(tf.equal(found, 0), 'float32')).dataSync()[0];
      fail({ mistake, expected: 'x', found: `${number(100 * zeros)} % = 0`, input });
    },
    training: ({ learner }) => {
      const x = tf.randomUniform(SHAPE, 1, 2);
      const input = 'dropout(x, 0.4, true), x [100, 100]';
      const found = expectTensor(learner(x, 0.4, true), SHAPE, { input });
      if (isClose(found, x)) fail({ mistake: 'inactiveInTraining', expected: '≈ 40 % = 0', found: 'x', input });
      const kept = tf.cast(tf.notEqual(found, 0), 'float32');
      const share = 1 - tf.mean(kept).dataSync()[0];
      if (Math.abs(share - 0.4) > 0.03) {
        fail({ mistake: 'share', expected: '≈ 40 % = 0', found: `${number(100 * share)} % = 0`, input });
      }
      if (!isClose(found, tf.div(tf.mul(x, kept), 0.6))) {
        const ratio = tf.div(tf.sum(found), tf.sum(tf.mul(x, kept))).dataSync()[0];
        fail({ mistake: 'scale', expected: `x · ${number(1 / 0.6)}`, found: `x · ${number(ratio)}`, input });
      }
    },
    fresh: ({ learner }) => {
      const x = tf.ones([200]);
      const input = 'dropout(x, 0.5, true), x = [1, 1, …]';
      const [first, second] = [learner(x, 0.5, true), learner(x, 0.5, true)];
      expectTensor(second, [200], { input });
      if (isClose(expectTensor(first, [200], { input }), second)) {
        fail({ mistake: 'sameMask', expected: '≠', found: show(tf.sum(first)), input });
      }
    },
  },
});
