import { tf } from 'deep-learning-lab';
import { exercise, expectTensor, fail, number } from 'deep-learning-lab/grading';

type Mask = (shape: number[], rate: number) => tf.Tensor;

const mean = (tensor: tf.Tensor): number => tf.mean(tensor).dataSync()[0];

export default exercise<Mask>({
  kind: 'function',
  checks: {
    binary: ({ learner }) => {
      const input = 'mask([40, 25], 0.3)';
      const values = expectTensor(learner([40, 25], 0.3), [40, 25], { input }).dataSync();
      const other = values.find((value) => value !== 0 && value !== 1);
      if (other === undefined) return;
      const mistake = Math.abs(other - 1 / 0.7) < 1e-4 ? 'scaled' : 'notBinary';
      fail({ mistake, expected: '0, 1', found: number(other), input });
    },
    // 40,000 draws: the share strays from its expected value by about 0.002.
    share: ({ learner }) => {
      for (const rate of [0.3, 0.8]) {
        const input = `mask([200, 200], ${number(rate)})`;
        const share = mean(tf.equal(expectTensor(learner([200, 200], rate), [200, 200], { input }), 0).cast('float32'));
        if (Math.abs(share - rate) < 0.015) continue;
        const mistake = Math.abs(share - (1 - rate)) < 0.015 ? 'inverted' : share === 0 ? 'nothingDropped' : 'share';
        fail({ mistake, expected: number(rate), found: number(share), input });
      }
    },
    fresh: ({ learner }) => {
      const input = 'mask([100], 0.5)';
      const first = expectTensor(learner([100], 0.5), [100], { input });
      const second = expectTensor(learner([100], 0.5), [100], { input });
      const same = mean(tf.cast(tf.equal(first, second), 'float32'));
      if (same === 1) fail({ mistake: 'sameEachTime', expected: '≈ 0.5', found: '1', input });
    },
    // Each number is dropped by itself: rows and columns differ.
    apart: ({ learner }) => {
      const input = 'mask([200, 200], 0.5)';
      const found = expectTensor(learner([200, 200], 0.5), [200, 200], { input });
      const spreads = [0, 1].map((axis) => {
        const shares = tf.mean(found, axis);
        return tf.sub(tf.max(shares), tf.min(shares)).dataSync()[0];
      });
      const widest = Math.max(...spreads);
      if (widest > 0.6) fail({ mistake: 'together', expected: '≈ 0.2', found: number(widest), input });
      if (widest === 0) fail({ mistake: 'nothingDropped', expected: '≈ 0.2', found: '0', input });
    },
  },
});
