/** Gradients of Einstein's sums and of running products. */
import * as tf from '@tensorflow/tfjs';
import { named } from './common';

/**
 * d/dA of "A,B->O" is "O,B->A". A label that stands in A alone was summed: its gradient is the same all along the axis.
 * A label that stands twice in A took a diagonal: its gradient lies on that diagonal.
 */
const einsum: tf.GradConfig = {
  kernelName: tf.Einsum,
  saveAllInputs: true,
  gradFunc: (dy, saved, attributes) => {
    const { equation } = attributes as unknown as { equation: string };
    const [left = '', output = ''] = equation.replaceAll(/\s/g, '').split('->');
    const terms = left.split(',');
    if (equation.includes('.')) throw new Error(`No gradient of an einsum with an ellipsis: ${equation}`);
    return Object.fromEntries(
      saved.map((input, index) => [index, () => einsumGradient(dy as tf.Tensor, output, input, index, terms, saved)]),
    );
  },
};

function einsumGradient(
  dy: tf.Tensor,
  output: string,
  input: tf.Tensor,
  index: number,
  terms: readonly string[],
  inputs: readonly tf.Tensor[],
): tf.Tensor {
  const own = terms[index] ?? '';
  const labels = [...new Set(own)];
  const others = terms.flatMap((term, i) => (i === index ? [] : [{ term, tensor: inputs[i] ?? dy }]));
  const known = new Set([output, ...others.map(({ term }) => term)].join(''));
  const kept = labels.filter((label) => known.has(label));
  const equation = `${[output, ...others.map(({ term }) => term)].join()}->${kept.join('')}`;
  const found = tf.einsum(equation, dy, ...others.map(({ tensor }) => tensor));
  const size = (label: string): number => input.shape[own.indexOf(label)] ?? 1;
  const spread = tf.broadcastTo(
    tf.reshape(
      found,
      labels.map((label) => (known.has(label) ? size(label) : 1)),
    ),
    labels.map(size),
  );
  return labels.length === own.length ? spread : tf.einsum(`${labels.join('')}->${own}`, spread);
}

interface Cumprod {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** As TensorFlow's: not finite where a factor is 0. */
const cumprod: tf.GradConfig = {
  kernelName: tf.Cumprod,
  inputsToSave: ['x'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attributes) => {
    const { x, products } = named(saved, 'x', 'products');
    const { axis, exclusive, reverse } = attributes as unknown as Cumprod;
    return { x: () => tf.div(tf.cumsum(tf.mul(dy as tf.Tensor, products), axis, exclusive, !reverse), x) };
  },
};

export const productGradients: readonly tf.GradConfig[] = [einsum, cumprod];
