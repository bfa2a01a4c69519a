/** The test images about which the model is most surely wrong. */
import type { Batch } from '../../lab/experiment';
import { SOLE } from '../../lab/fields';
import { answerOf } from '../training/batch';
import { layoutOf, pixels } from './example';
import type { Moment, PictureContext, PictureMaker } from './maker';
import { classProbabilities, mostProbable } from './probabilities';

const KEPT = 24;

interface Mistake {
  readonly index: number;
  readonly label: number;
  readonly predicted: number;
  readonly confidence: number;
}

export class MistakesMaker implements PictureMaker {
  private mistakes: Mistake[] = [];

  constructor(private readonly context: PictureContext) {}

  testOutput(output: Batch, firstRow: number): void {
    const probabilities = classProbabilities(answerOf(output, SOLE), this.context.fromLogits);
    const { classes, confidences } = mostProbable(probabilities);
    probabilities.dispose();
    classes.forEach((predicted, row) => {
      const index = firstRow + row;
      const label = this.context.test.y[index] ?? 0;
      if (predicted !== label) this.mistakes.push({ index, label, predicted, confidence: confidences[row] ?? 0 });
    });
  }

  epochEnd({ step, epoch }: Moment): void {
    const worst = this.mistakes.sort((a, b) => b.confidence - a.confidence || a.index - b.index);
    this.mistakes = [];
    const { test, data } = this.context;
    const layout = layoutOf(data);
    const { width, height, channels } = layout;
    this.context.emit({
      kind: 'worstMistakes',
      step,
      epoch,
      classes: data.classes,
      width,
      height,
      channels,
      count: worst.length,
      items: worst.slice(0, KEPT).map((mistake) => ({ ...mistake, pixels: pixels(test, layout, mistake.index) })),
    });
  }
}
