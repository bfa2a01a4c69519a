/** The test images about which the model is most surely wrong. */
import type * as tf from '@tensorflow/tfjs';
import * as l10n from '@vscode/l10n';
import { confidenceText } from '../../protocol/share';
import { pixels } from './example';
import type { PictureMaker, PictureContext } from './maker';
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
  private count = 0;

  constructor(private readonly context: PictureContext) {}

  testOutput(output: tf.Tensor, firstRow: number): void {
    const probabilities = classProbabilities(output, this.context.fromLogits);
    const { classes, confidences } = mostProbable(probabilities);
    probabilities.dispose();
    classes.forEach((predicted, row) => {
      const index = firstRow + row;
      const label = this.context.test.y[index] ?? 0;
      if (predicted !== label) this.mistakes.push({ index, label, predicted, confidence: confidences[row] ?? 0 });
    });
  }

  epochEnd(step: number, epoch: number): void {
    const worst = this.mistakes.sort((a, b) => b.confidence - a.confidence || a.index - b.index);
    this.count = worst.length;
    this.mistakes = [];
    const { test, experiment } = this.context;
    const { data } = experiment;
    const [height = 0, width = 0, channels = 1] = data.picture?.shape ?? data.inputShape;
    const size = height * width * channels;
    const place = data.picture === undefined ? {} : { row: data.inputShape[0] ?? size, from: data.picture.from };
    this.context.emit({
      kind: 'worstMistakes',
      step,
      epoch,
      classes: data.classes,
      width,
      height,
      channels: channels === 3 ? 3 : 1,
      items: worst.slice(0, KEPT).map((mistake) => ({ ...mistake, pixels: pixels(test, size, mistake.index, place) })),
      summary: this.summarize(worst[0]),
    });
  }

  private summarize(worst: Mistake | undefined): string {
    if (worst === undefined) return l10n.t('No test image is classified wrongly.');
    const { classes } = this.context.experiment.data;
    return l10n.t(
      '{0} test images are classified wrongly. The surest mistake: image {1}, {2}, taken for {3} with {4}.',
      this.count,
      worst.index,
      classes[worst.label] ?? '',
      classes[worst.predicted] ?? '',
      confidenceText(worst.confidence),
    );
  }
}
