/** Examples changed by chance, on WebAssembly: the replayed step does what the eager one does. */
import assert from 'node:assert/strict';
import { trainAugmented } from '../support/augmentedTraining';
import { useWasm } from './engine';

describe('augmentation on WebAssembly', () => {
  before(useWasm);

  it('is part of the compiled step: the same losses as eagerly, and nothing is left', async () => {
    const [eager, compiled] = [await trainAugmented(false), await trainAugmented(true)];
    assert.ok(compiled.compiled && !eager.compiled);
    compiled.losses.forEach((loss, step) => {
      assert.ok(Math.abs(loss - eager.losses[step]!) < 1e-4, `step ${step}: ${loss}, ${eager.losses[step]}`);
    });
  });
});
