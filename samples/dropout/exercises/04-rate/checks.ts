import { exercise, fail, number, type CheckContext } from 'deep-learning-lab/grading';
import { data, networkWith, trainingLoss } from '../reference';

/** With 2,000 test pictures the accuracy itself is only known to about one percentage point. */
const ACCURACY_TOLERANCE = 0.01;
const LAST_EPOCHS = 5;

interface Outcome {
  /** val_loss − loss, both without dropout. */
  readonly gap: number;
  /** Mean val_accuracy of the last epochs. */
  readonly accuracy: number;
}

async function outcomeOf(rate: number, { train, load }: CheckContext<number>): Promise<Outcome> {
  const { epochs, weights } = await train(networkWith(rate));
  const { train: split } = await load(data);
  const last = epochs.slice(-LAST_EPOCHS);
  const accuracy = last.reduce((sum, values) => sum + values.val_accuracy, 0) / last.length;
  return { gap: epochs[epochs.length - 1].val_loss - trainingLoss(weights, split), accuracy };
}

export default exercise<number>({
  kind: 'number',
  checks: {
    share: ({ learner }) => {
      if (learner >= 0 && learner < 1) return;
      const mistake = learner > 1 ? 'percent' : 'notAShare';
      fail({ mistake, expected: '0 ≤ rate < 1', found: number(learner) });
    },
    // Two whole trainings, of the network as it is without dropout and with it.
    gap: {
      seconds: 180,
      run: async (context) => {
        const rate = context.learner;
        if (!(rate >= 0 && rate < 1)) fail({ mistake: 'notAShare', expected: '0 ≤ rate < 1', found: number(rate) });
        if (rate === 0) fail({ mistake: 'noDropout', expected: 'rate > 0', found: '0' });
        const without = await outcomeOf(0, context);
        const withDropout = await outcomeOf(rate, context);
        const input = `rate = ${number(rate)}`;
        const least = without.accuracy - ACCURACY_TOLERANCE;
        if (withDropout.accuracy < least) {
          const found = `val_accuracy ${number(withDropout.accuracy)}`;
          fail({ mistake: 'tooLarge', expected: `val_accuracy ≥ ${number(least)}`, found, input });
        }
        if (withDropout.gap > without.gap / 2) {
          const found = `val_loss − loss = ${number(withDropout.gap)}`;
          fail({ mistake: 'tooSmall', expected: `val_loss − loss ≤ ${number(without.gap / 2)}`, found, input });
        }
      },
    },
  },
});
