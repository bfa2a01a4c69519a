/** Which class is taken for which, over the whole test set, after each epoch. */
import type * as tf from '@tensorflow/tfjs';
import type { Moment, PictureContext, PictureMaker } from './maker';
import { classProbabilities, mostProbable } from './probabilities';

export class ConfusionMaker implements PictureMaker {
  private counts: number[][];

  constructor(private readonly context: PictureContext) {
    this.counts = this.empty();
  }

  testOutput(output: tf.Tensor, firstRow: number): void {
    const probabilities = classProbabilities(output, this.context.fromLogits);
    const { classes } = mostProbable(probabilities);
    probabilities.dispose();
    classes.forEach((predicted, index) => {
      const row = this.counts[this.context.test.y[firstRow + index] ?? 0];
      if (row?.[predicted] !== undefined) row[predicted] += 1;
    });
  }

  epochEnd({ step, epoch }: Moment): void {
    const { classes } = this.context.experiment.data;
    const counts = this.counts;
    this.counts = this.empty();
    this.context.emit({ kind: 'confusionMatrix', step, epoch, classes, counts });
  }

  private empty(): number[][] {
    const { length } = this.context.experiment.data.classes;
    return Array.from({ length }, () => new Array<number>(length).fill(0));
  }
}
