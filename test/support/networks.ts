/** Two networks that are timed and held against Keras; networks.py beside this file has the same. */
import * as tf from '@tensorflow/tfjs';

const { layers } = tf;

/** For pictures [32, 32, 3] of ten classes; logits. */
export const cnn = (): tf.Sequential =>
  tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [32, 32, 3], filters: 32, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 64, activation: 'relu' }),
      layers.dense({ units: 10 }),
    ],
  });

/** 2-16-16-1; one logit. */
export const mlp = (): tf.Sequential =>
  tf.sequential({
    layers: [
      layers.dense({ inputShape: [2], units: 16, activation: 'tanh' }),
      layers.dense({ units: 16, activation: 'tanh' }),
      layers.dense({ units: 1 }),
    ],
  });
