/** Finds the table by which a model looks up its tokens, whoever wrote it: by what its forward pass does. */
import * as tf from '@tensorflow/tfjs';
import type { Learner } from '../training/learner';
import { record, type Operation } from './tape';
import { undisturbed } from './undisturbed';

export interface EmbeddingTable {
  /** Among the learner's weights. */
  readonly name: string;
  readonly width: number;
}

/**
 * The first weight whose rows are gathered by the very numbers of the tokens. Undefined where there is none: a product with
 * one-hot rows, say, is not recognised.
 * @param length tokens that the model takes
 * @param vocabulary how many tokens there are: the table has a row for each
 */
export function findTable(learner: Learner, length: number, vocabulary: number): EmbeddingTable | undefined {
  return undisturbed(0, () => {
    // Not as positions are numbered, which begin at 0.
    const row = Int32Array.from({ length }, (_, i) => (i * 7 + 3) % vocabulary);
    const x = tf.tensor2d(row, [1, length], 'int32');
    let found: EmbeddingTable | undefined;
    const look = ({ kernel, inputs: { x: table, indices } }: Operation): void => {
      if (found !== undefined || kernel !== 'GatherV2' || table?.rank !== 2 || indices?.size !== length) return;
      const [rows = 0, width = 0] = table.shape;
      const weight = learner.weights.find(({ tensor }) => tensor.dataId === table.dataId);
      if (weight === undefined || rows < vocabulary || width < 2) return;
      const asked = indices.dataSync<'int32'>();
      if (row.every((id, i) => id === asked[i])) found = { name: weight.name, width };
    };
    return record(
      () => learner.forward(x, false),
      look,
      () => found,
    );
  });
}
