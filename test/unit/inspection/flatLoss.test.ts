/** A loss without a slope trains without an error and learns nothing: the editor says so at its line. */
import assert from 'node:assert/strict';
import { inspecting } from './inspecting';

const text = (compute: string, fromLogits = true): string => `
import { datasets, experiment, tf } from 'deep-learning-lab';
export default experiment({
  title: 'Test',
  data: datasets.spirals({ train: 30, test: 10 }),
  model: ({ inputShape }) =>
    tf.sequential({ layers: [tf.layers.dense({ inputShape, units: 3${fromLogits ? '' : ", activation: 'softmax'"} })] }),
  optimizer: () => tf.train.adam(0.01),
  loss: { name: 'own', fromLogits: ${String(fromLogits)}, compute: (y: any, out: any): any => ${compute} },
  epochs: 1,
  batchSize: 10,
});
`;

describe('inspecting a loss of the learner', () => {
  const { inspect, only } = inspecting();

  for (const [what, compute] of [
    ['counts mistakes', "tf.mean(tf.cast(tf.notEqual(tf.argMax(out, -1), tf.cast(y, 'int32')), 'float32'))"],
    ['rounds', 'tf.mean(tf.round(out))'],
    ['compares', "tf.mean(tf.cast(tf.greater(out, 0.5), 'float32'))"],
  ] as const) {
    it(`warns of one that ${what}: it has no slope`, async () => {
      const source = text(compute);
      const { error, severity } = await only(source);
      assert.deepEqual([error.code, severity], ['MODEL_LOSS_FLAT', 'warning']);
      assert.equal(error.field, 'loss');
      assert.match(error.remedy ?? '', /as a metric/);
    });
  }

  for (const [what, compute, fromLogits] of [
    ['a cross-entropy', "tf.losses.softmaxCrossEntropy(tf.oneHot(tf.cast(y, 'int32'), 3), out)", true],
    [
      'one with one-hot targets and a product',
      "tf.neg(tf.mean(tf.mul(tf.oneHot(tf.cast(y, 'int32'), 3), tf.log(out))))",
      false,
    ],
    [
      'a hinge, flat where the margin is kept',
      "tf.mean(tf.relu(tf.sub(1, tf.mul(out, tf.sub(tf.mul(2, tf.oneHot(tf.cast(y, 'int32'), 3)), 1)))))",
      true,
    ],
    ['one that is level away from zero', 'tf.tanh(tf.mul(1000, tf.sum(tf.square(out))))', true],
    ['one that reads only one class', 'tf.mean(out.slice([0, 2], [-1, 1]))', true],
  ] as const) {
    it(`says nothing of ${what}`, async () => {
      assert.deepEqual((await inspect(text(compute, fromLogits))).problems, []);
    });
  }
});
