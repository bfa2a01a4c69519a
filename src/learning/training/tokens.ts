/** A layer that looks things up needs whole numbers within its table: anything else is taken for another row, without a word. */
import * as tf from '@tensorflow/tfjs';
import type { Dataset, Split } from '../../lab/dataset';
import { LearningError } from '../errors';

export interface Lookup {
  readonly layer: string;
  /** Rows of its table. */
  readonly size: number;
}

/** The layer that looks up the model's own input, where there is one. */
export function lookupOf(model: tf.LayersModel): Lookup | undefined {
  const [input] = model.inputs;
  const embedding = model.layers.find(
    (layer) =>
      layer.getClassName() === 'Embedding' &&
      layer.inboundNodes.some(({ inputTensors }) => inputTensors.some(({ id }) => id === input?.id)),
  );
  const size = embedding?.getConfig()['inputDim'];
  return embedding === undefined || typeof size !== 'number' ? undefined : { layer: embedding.name, size };
}

/** @throws LearningError NOT_TOKENS: which split, and the first row that cannot be looked up */
export function checkTokens(
  { layer, size }: Lookup,
  dataset: Pick<Dataset, 'name' | 'inputShape'>,
  data: { readonly train: Split; readonly test: Split },
): void {
  const fault = { code: 'NOT_TOKENS', dataset: dataset.name, layer, size } as const;
  const width = dataset.inputShape.reduce((product, side) => product * side, 1);
  for (const split of ['train', 'test'] as const) {
    const { x } = data[split];
    // Bytes are scaled to 0 … 1 before the model sees them.
    if (x instanceof Uint8Array) throw new LearningError({ ...fault, split });
    const index = x.findIndex((value) => !(value >= 0 && value < size && Number.isInteger(value)));
    if (index < 0) continue;
    throw new LearningError({ ...fault, split, row: Math.floor(index / width), found: x[index] ?? Number.NaN });
  }
}
