/** Model files after public reports, in our own words: how each is written, and the data that all of them import. */

/** A module beside the model files: data from a seed. */
export const DATA = `import type { Dataset } from 'deep-learning-lab';

export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Declared {
  readonly inputShape: number[];
  readonly classes?: string[];
  readonly targetShape?: number[];
  readonly kind?: 'points' | 'images' | 'table';
  readonly train?: number;
  readonly test?: number;
}

/** Rows as \`row\` makes them: inputs, and a label or targets. */
export function rows(
  { inputShape, classes = [], targetShape = [], kind = 'table', train = 80, test = 40 }: Declared,
  row: (draw: () => number, index: number) => readonly [number[], number | number[]],
): Dataset {
  const split = (length: number, seed: number) => {
    const draw = random(seed);
    const made = Array.from({ length }, (_, index) => row(draw, index));
    const targets = made.flatMap(([, y]) => y);
    const y = classes.length > 0 && targetShape.length === 0 ? Int32Array.from(targets) : Float32Array.from(targets);
    return { length, x: Float32Array.from(made.flatMap(([x]) => x)), y };
  };
  const load = async () => ({ train: split(train, 3), test: split(test, 4) });
  return { name: 'made up', kind, inputShape, classes, targetShape, train, test, licence: 'ours', load };
}

/** A sum of three numbers, each with a weight of its own. */
export const sums = () =>
  rows({ inputShape: [3], targetShape: [1] }, (draw) => {
    const x = [draw() - 0.5, draw() - 0.5, draw() - 0.5];
    return [x, [x[0]! + 2 * x[1]! - x[2]! + 0.1]];
  });

/** Three clouds in six dimensions. */
export const clouds = () =>
  rows({ inputShape: [6], classes: ['a', 'b', 'c'] }, (draw, index) => {
    const label = index % 3;
    return [Array.from({ length: 6 }, (_, i) => Math.cos(2 * label + i) + 0.4 * draw()), label];
  });
`;

export interface Parts {
  readonly data?: string;
  /** The layers of a sequential model, or a whole function after "=". */
  readonly layers?: string;
  readonly model?: string;
  readonly parameters?: string;
  readonly forward?: string;
  readonly optimizer?: string;
  readonly loss?: string;
  readonly more?: string;
  readonly before?: string;
  readonly batchSize?: number;
  readonly epochs?: number;
}

const CLASSIFIER = "tf.layers.dense({ inputShape, units: 8, activation: 'tanh' }), tf.layers.dense({ units: classes })";
const REGRESSION = "tf.layers.dense({ inputShape, units: 8, activation: 'tanh' }), tf.layers.dense({ units: 1 })";

/** The text of a model file; what is left out is a small regression. */
export function file(parts: Parts): string {
  const { data = 'sums()', layers = data === 'clouds()' ? CLASSIFIER : REGRESSION, forward, parameters } = parts;
  const model = parts.model ?? `({ inputShape, classes }) => tf.sequential({ layers: [${layers}] })`;
  const made =
    forward === undefined ? `model: ${model},` : `parameters: ${parameters ?? '() => ({})'},\n  forward: ${forward},`;
  return `import { experiment, losses, tf } from 'deep-learning-lab';
import { clouds, random, rows, sums } from './data';
${parts.before ?? ''}
export default experiment({
  title: 'After a report',
  data: ${data},
  ${made}
  optimizer: () => ${parts.optimizer ?? 'tf.train.adam(0.02)'},
  loss: ${parts.loss ?? "'meanSquaredError'"},
  ${parts.more ?? ''}
  epochs: ${parts.epochs ?? 3},
  batchSize: ${parts.batchSize ?? 20},
});
`;
}

/** A loss of the learner's own over class scores. */
export const scores = (body: string): string => `{ name: 'own', fromLogits: true, compute: (y, p) => ${body} }`;
