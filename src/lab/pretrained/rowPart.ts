import * as tf from '@tensorflow/tfjs';

interface RowPartConfig {
  /** Length of a row. */
  readonly row: number;
  /** First column of the part. */
  readonly from: number;
  /** What becomes of the part, without the batch dimension. */
  readonly shape: readonly number[];
  readonly name: string;
}

/** The first layer of a model that sees a part of each row: [batch, row] → [batch, ...shape]. It has no weights. */
export class RowPart extends tf.layers.Layer {
  static readonly className = 'RowPart';

  constructor(private readonly part: RowPartConfig) {
    super({ inputShape: [part.row], name: part.name });
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape {
    const [first] = inputShape;
    return [Array.isArray(first) ? (first[0] ?? null) : (first ?? null), ...this.part.shape];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const rows = Array.isArray(inputs) ? inputs[0] : inputs;
    if (rows === undefined) throw new Error('RowPart was called without input.');
    return tf.tidy(() => {
      const { from, shape } = this.part;
      const length = shape.reduce((product, side) => product * side, 1);
      return tf.reshape(tf.slice(rows, [0, from], [-1, length]), [-1, ...shape]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    const { row, from, shape } = this.part;
    return { ...super.getConfig(), row, from, shape: [...shape] };
  }
}
