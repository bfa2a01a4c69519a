/** The decision boundary of a model whose output is no probability. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { BoundaryInspector } from '../../../src/trainer/inspect/decisionBoundary';
import { useEngine } from '../lab/tensorflow';
import { inspected, table } from './inspected';

describe('the decision boundary', () => {
  before(useEngine);

  it('is that of the nearest probability where a linear unit goes beyond 0 and 1', async () => {
    const data = table(
      [
        [-1, 0],
        [1, 0],
      ],
      [0, 1],
      ['left', 'right'],
    );
    const context = await inspected({
      title: 'Linear',
      data,
      // From below 0 on the left to above 1 on the right.
      model: () =>
        tf.sequential({
          layers: [tf.layers.dense({ inputShape: [2], units: 1, kernelInitializer: 'ones', biasInitializer: 'ones' })],
        }),
      optimizer: () => tf.train.sgd(0.1),
      loss: 'meanSquaredError',
      epochs: 1,
      batchSize: 1,
    });
    new BoundaryInspector(context).epochEnd(1, 1);
    context.dispose();
    const [boundary] = context.emitted;
    assert.ok(boundary?.kind === 'decisionBoundary');
    const bytes = Buffer.from(boundary.probabilities, 'base64');
    // The lowest row, from left to right: y is about -0.1, so the output about x + 0.9.
    assert.deepEqual([...bytes.subarray(0, 2)], [255, 0]);
    assert.deepEqual([...bytes.subarray(2 * boundary.size - 2, 2 * boundary.size)], [0, 255]);
  });
});
