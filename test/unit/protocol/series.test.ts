import assert from 'node:assert/strict';
import { referenceName, seriesParts, validationName } from '../../../src/protocol/run';

describe('the names of series', () => {
  it('say metric, data and model, and are made of them again', () => {
    for (const metric of ['loss', 'accuracy', 'ownMetric', 'interval_x', 'preference_x']) {
      assert.deepEqual(seriesParts(metric), { metric, validation: false, reference: false });
      assert.deepEqual(seriesParts(validationName(metric)), { metric, validation: true, reference: false });
      assert.deepEqual(seriesParts(referenceName(metric)), { metric, validation: false, reference: true });
      const both = validationName(referenceName(metric));
      assert.equal(both, `val_reference_${metric}`);
      assert.deepEqual(seriesParts(both), { metric, validation: true, reference: true });
    }
  });
});
