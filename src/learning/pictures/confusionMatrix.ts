/** Which class is taken for which, over the whole test set, after each epoch. */
import type * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import type { PictureMaker, PictureContext } from './maker';
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

  epochEnd(step: number, epoch: number): void {
    const { classes } = this.context.experiment.data;
    const counts = this.counts;
    this.counts = this.empty();
    this.context.emit({ kind: 'confusionMatrix', step, epoch, classes, counts, summary: summarize(classes, counts) });
  }

  private empty(): number[][] {
    const { length } = this.context.experiment.data.classes;
    return Array.from({ length }, () => new Array<number>(length).fill(0));
  }
}

/** 3,530: in both languages of the lab. */
const written = (count: number): string => count.toLocaleString('en-US');

/** Accuracy, and the confusion that happens most. */
function summarize(classes: readonly string[], counts: readonly (readonly number[])[]): string {
  let right = 0;
  let total = 0;
  let worst = { count: 0, label: 0, predicted: 0 };
  counts.forEach((row, label) => {
    row.forEach((count, predicted) => {
      total += count;
      if (label === predicted) right += count;
      else if (count > worst.count) worst = { count, label, predicted };
    });
  });
  const figure = l10n.t('{0} of {1} test examples are classified correctly.', written(right), written(total));
  if (worst.count === 0) return figure;
  const confusion = l10n.t(
    'The most frequent confusion: {0} taken for {1}, {2} times.',
    classes[worst.label] ?? '',
    classes[worst.predicted] ?? '',
    written(worst.count),
  );
  return `${figure} ${confusion}`;
}
