/** Which words decided, against hand arithmetic: a model that adds up what each word says. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { datasets, losses, tokenizers, type FunctionalExperiment, type Parameters } from '../../../src/lab';
import { isPlainSplit } from '../../../src/lab/fields';
import { DecidingMaker } from '../../../src/learning/pictures/decidingWords';
import { useEngine } from '../lab/tensorflow';
import { picturedText } from './pictured';

const read = () => ({
  train: { texts: ['good bad film film film', 'good good bad'], labels: [1, 0] },
  test: { texts: ['good film', 'bad'], labels: [1, 1] },
});
// <pad>, <unk>, film, good, bad: what a word adds to the logit of class 1.
const SAYS = [0, 0, 0, 2, -1];

const config = (more: Partial<FunctionalExperiment> = {}): FunctionalExperiment => ({
  title: 'Sum',
  data: datasets.texts({
    ...{ name: 'Texts', classes: ['negative', 'positive'], train: 2, test: 2, length: 3, read },
    tokenizer: tokenizers.words({ size: 5 }),
  }),
  parameters: () => ({ says: tf.tensor1d(SAYS) }),
  forward: ({ says }: Parameters, x) => {
    const positive = tf.sum(tf.gather(says!, tf.cast(x, 'int32')), 1, true);
    return tf.concat([tf.zerosLike(positive), positive], 1);
  },
  optimizer: () => tf.train.sgd(0.1),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  epochs: 1,
  batchSize: 2,
  ...more,
});

/** −ln of the probability of class 1, given its logit. */
const lossOf = (logit: number): number => Math.log(1 + Math.exp(-logit));

describe('the words that decided', () => {
  before(useEngine);

  it('are told by the loss without each, and by the attention that the model gives them', async () => {
    const attention: FunctionalExperiment['attention'] = (_, x) =>
      tf.tile(tf.tensor2d([[0.7, 0.2, 0.1]]), [x.shape[0], 1]);
    const { test, ...context } = await picturedText(config({ attention }));
    assert.ok(isPlainSplit(test));
    assert.deepEqual(context.tokenizer.vocabulary, ['<pad>', '<unk>', 'film', 'good', 'bad']);
    const maker = new DecidingMaker({ ...context, test });
    maker.begin(0, 0);
    const before = tf.memory().numTensors;
    maker.paused(1, 0.5);
    maker.paused(1, 0.5);
    assert.equal(tf.memory().numTensors, before);
    context.dispose();
    assert.equal(context.emitted.length, 2);
    const picture = context.emitted[1]!;
    assert.ok(picture.kind === 'decidingWords');
    const rounded = picture.texts.map(({ index, label, predicted, loss, words }) => ({
      ...{ index, label, predicted, loss: loss.toFixed(4) },
      words: words.map((word) => [word.token, word.lossWithout.toFixed(4), word.attention?.toFixed(4)]),
    }));
    assert.deepEqual(rounded, [
      {
        ...{ index: 0, label: 1, predicted: 1, loss: lossOf(2).toFixed(4) },
        words: [
          ['good', lossOf(0).toFixed(4), '0.7000'],
          ['film', lossOf(2).toFixed(4), '0.2000'],
        ],
      },
      // A text of one word stays as it is without it: nothing would be left.
      {
        ...{ index: 1, label: 1, predicted: 0, loss: lossOf(-1).toFixed(4) },
        words: [['bad', lossOf(-1).toFixed(4), '0.7000']],
      },
    ]);
    assert.match(
      picture.summary,
      /1 of 2 texts are classified rightly.*"good": without it the loss is higher by 0\.57/,
    );
  });
});
