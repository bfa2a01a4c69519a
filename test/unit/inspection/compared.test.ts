/** The model to compare with is looked at as well: its own faults, and nothing said twice. */
import assert from 'node:assert/strict';
import { inspecting } from './inspecting';

const text = (compareWith: string): string => `
import { datasets, experiment, losses, tf } from 'deep-learning-lab';
const network = (units: number) => ({ inputShape }: { inputShape: number[] }) =>
  tf.sequential({
    layers: [
      tf.layers.dense({ inputShape, units: 4, activation: 'relu' }),
      tf.layers.dense({ units }),
    ],
  });
export default experiment({
  title: 'Test',
  data: datasets.spirals({ train: 30, test: 10 }),
  model: network(3),
  ${compareWith}
  optimizer: () => tf.train.adam(0.01),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],
  epochs: 1,
  batchSize: 10,
});
`;

describe('inspecting a model file that compares two models', () => {
  const { inspect, only } = inspecting();

  it('shows the shapes of its own model, as without', async () => {
    const without = await inspect(text(''));
    const other = await inspect(text("compareWith: { label: 'x', model: network(3) }, sizes: [10, 20],"));
    const shapes = ({ layers }: typeof without): unknown =>
      layers.map(({ type, outputShapes }) => ({ type, outputShapes }));
    assert.equal(without.layers.length, 3);
    assert.deepEqual(shapes(other), shapes(without));
    assert.deepEqual(other.problems, []);
  });

  it('finds what is wrong with the other one, where it is', async () => {
    const source = text("compareWith: { label: 'x', model: network(5) },");
    const { error } = await only(source);
    assert.equal(error.code, 'MODEL_SHAPE');
    const line = source.split('\n')[error.location!.line - 1] ?? '';
    assert.match(line, /tf\.layers\.dense\(\{ units \}\)/);
  });

  it('says at compareWith what has no place of its own', async () => {
    const { error } = await only(text("compareWith: { label: 'x', optimizer: () => 'adam' as never },"));
    assert.deepEqual([error.code, error.field], ['EXPERIMENT_INVALID', 'compareWith']);
  });

  it('names a misspelt field of the comparison and what was meant', async () => {
    const { error } = await only(text("compareWith: { lable: 'x' },"));
    assert.match(error.remedy ?? '', /Did you mean 'label' instead of 'lable'/);
  });

  it('says a mistake of both once', async () => {
    const both = text("compareWith: { label: 'x' },").replace('network(3)', 'network(5)');
    assert.equal((await only(both)).error.code, 'MODEL_SHAPE');
  });
});
