/** The decision boundary of a model whose output is no probability. */
import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { BoundaryMaker } from '../../../src/learning/pictures/decisionBoundary';
import { useEngine } from '../lab/tensorflow';
import { pictured, table } from './pictured';

describe('the decision boundary', () => {
  before(useEngine);

  it('is drawn as often as a run is told about; at a pause and at the end at once, and no step twice', async () => {
    const context = await pictured({
      title: 'Pace',
      data: table([[0, 1]], [0], ['left', 'right']),
      model: () => tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 2 })] }),
      optimizer: () => tf.train.sgd(0.1),
      loss: 'sparseCategoricalCrossentropy',
      epochs: 1,
      batchSize: 1,
    });
    let isDue = true;
    const boundary = new BoundaryMaker({ ...context, isNewsDue: () => isDue });
    const at = (due: boolean, step: number): void => {
      isDue = due;
      boundary.stepEnd(step, 0.1);
    };
    at(true, 1);
    at(false, 2);
    at(true, 3);
    at(false, 4);
    boundary.paused(4, 0.1);
    boundary.paused(5, 0.1);
    boundary.end(5, 0.1);
    boundary.end(6, 0.1);
    context.dispose();
    assert.deepEqual(
      context.emitted.map(({ step }) => step),
      [1, 3, 4, 5, 6],
    );
  });

  it('is that of the nearest probability where a linear unit goes beyond 0 and 1', async () => {
    const data = table(
      [
        [-1, 0],
        [1, 0],
      ],
      [0, 1],
      ['left', 'right'],
    );
    const context = await pictured({
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
    new BoundaryMaker(context).end(1, 1);
    context.dispose();
    const [boundary] = context.emitted;
    assert.ok(boundary?.kind === 'decisionBoundary');
    const bytes = Buffer.from(boundary.probabilities, 'base64');
    // The lowest row, from left to right: y is about -0.1, so the output about x + 0.9.
    assert.deepEqual([...bytes.subarray(0, 2)], [255, 0]);
    assert.deepEqual([...bytes.subarray(2 * boundary.size - 2, 2 * boundary.size)], [0, 255]);
  });
});
