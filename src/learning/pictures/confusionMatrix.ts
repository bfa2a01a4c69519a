/** Which class is taken for which, over the whole test set, after each epoch. */
import type { Batch } from '../../lab/experiment';
import { SOLE } from '../../lab/fields';
import { answerOf } from '../training/batch';
import type { Moment, PictureContext, PictureMaker } from './maker';
import { classProbabilities, mostProbable } from './probabilities';

export class ConfusionMaker implements PictureMaker {
  private counts: number[][];

  constructor(private readonly context: PictureContext) {
    this.counts = this.empty();
  }

  testOutput(output: Batch, firstRow: number): void {
    const probabilities = classProbabilities(answerOf(output, SOLE), this.context.fromLogits);
    const { classes } = mostProbable(probabilities);
    probabilities.dispose();
    classes.forEach((predicted, index) => {
      const row = this.counts[this.context.test.y[firstRow + index] ?? 0];
      if (row?.[predicted] !== undefined) row[predicted] += 1;
    });
  }

  epochEnd({ step, epoch }: Moment): void {
    const { classes } = this.context.data;
    const counts = this.counts;
    this.counts = this.empty();
    this.context.emit({ kind: 'confusionMatrix', step, epoch, classes, counts });
  }

  private empty(): number[][] {
    const { length } = this.context.data.classes;
    return Array.from({ length }, () => new Array<number>(length).fill(0));
  }
}
