import * as tf from '@tensorflow/tfjs';
import assert from 'node:assert/strict';
import { StepCompiler } from '../../../src/learning/compile';
import { nativeBackend } from '../../../src/learning/engine/native/internals';
import { useEngine } from '../lab/tensorflow';
import { mlp, trainStep } from './models';

describe('10,000 compiled steps', function () {
  this.timeout(120_000);
  before(useEngine);

  it('leave no tensor, in tfjs or in TensorFlow, and free the graph', () => {
    const { binding } = nativeBackend()!;
    const graphs = binding.getNumOfSavedModels();
    const model = mlp.model();
    const optimizer = tf.train.adam(0.01);
    const compiler = new StepCompiler({ seed: 1 });
    const train = compiler.compile(trainStep(model, optimizer, mlp.loss), { optimizer, finite: 'loss' });
    const evaluate = compiler.compile(({ x }) => ({ y: model.apply(tf.dropout(x!, 0.1)) as tf.Tensor }));
    const feeds = mlp.feeds(0);
    const step = (i: number): void => {
      train.run(feeds, { step: i })['loss']!.dispose();
      if (i % 100 === 0) evaluate.run({ x: feeds['x']! }, { step: i })['y']!.dispose();
      if (i % 250 === 0) compiler.pull();
    };
    const count = (): readonly number[] => {
      compiler.pull();
      return [tf.memory().numTensors, tf.memory().numDataBuffers, binding.getNumOfTensors()];
    };
    let i = 0;
    while (i < 600) step(i++);
    const before = count();
    const { rss } = process.memoryUsage();
    while (i < 10_000) step(i++);
    assert.deepEqual(count(), before);
    const grown = (process.memoryUsage().rss - rss) / 2 ** 20;
    assert.ok(grown < 64, `the process grew by ${grown.toFixed(1)} MiB`);
    assert.equal(train.state.kind, 'compiled');
    assert.equal(evaluate.state.kind, 'compiled');

    compiler.dispose();
    assert.equal(binding.getNumOfSavedModels(), graphs);
    model.dispose();
    optimizer.dispose();
    tf.dispose(feeds);
  });
});
