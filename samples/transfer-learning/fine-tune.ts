// After model.ts: goes on where its newest run ended, with a part of the body free to learn, by your fourth exercise.
import { experiment, tf, trained } from 'deep-learning-lab';
import transfer, { fineTuning } from './model';

const { layers, rate } = fineTuning(['conv1', 'conv2', 'conv3']);

export default experiment({
  title: 'Fine-tuning',

  data: transfer.data,

  model: () => {
    const model = trained(transfer, './model.ts');
    for (const name of layers) model.getLayer(name).trainable = true;
    return model;
  },

  // The same model, goes on at the same rate, but its body stays frozen.
  compareWith: { label: 'the head alone', model: () => trained(transfer, './model.ts') },

  optimizer: () => tf.train.adam(rate),
  loss: transfer.loss,
  metrics: ['accuracy'],

  epochs: 20,
  batchSize: 20,
  seed: 1,
});
