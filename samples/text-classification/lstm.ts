import { experiment, losses, tf } from 'deep-learning-lab';
import { data } from './model';

export default experiment({
  title: 'Bidirectional LSTM',
  data,

  model: ({ classes }) => {
    const tokens = tf.input({ shape: [32], dtype: 'int32' });
    const apply = (layer: tf.layers.Layer, x: tf.SymbolicTensor): tf.SymbolicTensor =>
      layer.apply(x) as tf.SymbolicTensor;

    // A vector for each word. maskZero tells the layers behind it which positions are padding.
    let x = apply(
      tf.layers.embedding({ inputDim: data.vocabularySize, outputDim: 50, maskZero: true, name: 'words' }),
      tokens,
    );
    x = apply(tf.layers.dropout({ rate: 0.5 }), x);
    // Reads the sentence from the left and from the right, 32 numbers of memory each.
    const lstm = tf.layers.lstm({ units: 32 });
    x = apply(tf.layers.bidirectional({ layer: lstm, mergeMode: 'concat' }), x);
    x = apply(tf.layers.dropout({ rate: 0.5 }), x);
    return tf.model({ inputs: tokens, outputs: apply(tf.layers.dense({ units: classes }), x) });
  },

  // It begins with GloVe's vectors, as the other network does.
  initialWeights: () => ({ 'words/embeddings': data.vectors() }),

  optimizer: () => tf.train.adam(0.002),
  loss: losses.sparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ['accuracy'],

  epochs: 7,
  batchSize: 32,
  seed: 1,
  restoreBest: true,
});
