import assert from 'node:assert/strict';
import { toColumns } from '../../../src/protocol/columns';
import type { Point } from '../../../src/protocol/run';

const point = (kind: Point['kind'], step: number, values: Point['values']): Point => ({
  kind,
  step,
  epoch: step / 2,
  time: step * 0.25,
  learningRate: 0.01 / step,
  values,
});

describe('points as columns', () => {
  it('keeps steps and epochs apart, in order', () => {
    const [steps, epochs, ...rest] = toColumns([
      point('step', 1, { loss: 3 }),
      point('step', 2, { loss: 2 }),
      point('epoch', 2, { loss: 2.5, val_loss: 2.25 }),
      point('step', 3, { loss: 1 }),
    ]);
    assert.deepEqual(rest, []);
    assert.equal(steps?.kind, 'step');
    assert.equal(steps.length, 3);
    assert.deepEqual([...steps.step], [1, 2, 3]);
    assert.deepEqual([...steps.epoch], [0.5, 1, 1.5]);
    assert.deepEqual([...steps.time], [0.25, 0.5, 0.75]);
    assert.deepEqual([...(steps.values['loss'] ?? [])], [3, 2, 1]);
    assert.deepEqual([...(steps.values['learningRate'] ?? [])], [0.01, 0.005, 0.01 / 3]);
    assert.equal(epochs?.kind, 'epoch');
    assert.deepEqual([...(epochs.values['val_loss'] ?? [])], [2.25]);
  });

  it('marks a value that a point does not have with NaN, wherever it first appears', () => {
    const [steps] = toColumns([
      point('step', 1, { loss: 3 }),
      point('step', 2, { loss: 2, accuracy: 0.5 }),
      point('step', 3, { accuracy: 0.75 }),
    ]);
    assert.deepEqual([...(steps?.values['accuracy'] ?? [])], [NaN, 0.5, 0.75]);
    assert.deepEqual([...(steps?.values['loss'] ?? [])], [3, 2, NaN]);
  });

  it('makes nothing of no points', () => {
    assert.deepEqual(toColumns([]), []);
  });
});
