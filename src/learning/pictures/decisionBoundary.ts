/** The plane of a 2-D data set, coloured by what the model says at each point of a grid. */
import * as tf from '@tensorflow/tfjs';
import { SOLE } from '../../lab/fields';
import { answerOf } from '../training/batch';
import type { PictureMaker, PictureContext } from './maker';
import { classProbabilities } from './probabilities';

const SIZE = 64;
const MARGIN = 0.1;
const MAX_POINTS = 400;

export class BoundaryMaker implements PictureMaker {
  private readonly xRange: readonly [number, number];
  private readonly yRange: readonly [number, number];
  private readonly points: { x: number; y: number; label: number }[] = [];
  private drawn: number | undefined;

  constructor(private readonly context: PictureContext) {
    const { test } = context;
    const column = (offset: number): number[] =>
      Array.from({ length: test.length }, (_, row) => test.x[row * 2 + offset] ?? 0);
    const xs = column(0);
    const ys = column(1);
    this.xRange = paddedRange(xs);
    this.yRange = paddedRange(ys);
    for (let row = 0; row < Math.min(test.length, MAX_POINTS); row++) {
      this.points.push({ x: xs[row] ?? 0, y: ys[row] ?? 0, label: test.y[row] ?? 0 });
    }
  }

  /** It moves with the curves beside it. */
  stepEnd(step: number, epoch: number): void {
    if (this.context.isNewsDue()) this.draw(step, epoch);
  }

  paused(step: number, epoch: number): void {
    this.draw(step, epoch);
  }

  end(step: number, epoch: number): void {
    this.draw(step, epoch);
  }

  private draw(step: number, epoch: number): void {
    if (step === this.drawn) return;
    this.drawn = step;
    const { data, executor, fromLogits, emit } = this.context;
    const grid = tf.tensor2d(this.gridPoints(), [SIZE * SIZE, 2]);
    const output = answerOf(executor.predict(grid), SOLE);
    const probabilities = classProbabilities(output, fromLogits);
    // A linear unit goes beyond 0 and 1: clamped, for other bytes would begin again at the other end.
    const bytes = Uint8ClampedArray.from(probabilities.dataSync(), (value) => value * 255);
    tf.dispose([grid, output, probabilities]);
    emit({
      kind: 'decisionBoundary',
      step,
      epoch,
      size: SIZE,
      xRange: this.xRange,
      yRange: this.yRange,
      classes: data.classes,
      probabilities: Buffer.from(bytes).toString('base64'),
      points: this.points,
    });
  }

  /** Row-major from the lowest y. */
  private gridPoints(): Float32Array {
    const values = new Float32Array(SIZE * SIZE * 2);
    const at = ([low, high]: readonly [number, number], index: number): number =>
      low + ((high - low) * (index + 0.5)) / SIZE;
    for (let row = 0; row < SIZE; row++) {
      for (let column = 0; column < SIZE; column++) {
        const offset = (row * SIZE + column) * 2;
        values[offset] = at(this.xRange, column);
        values[offset + 1] = at(this.yRange, row);
      }
    }
    return values;
  }
}

function paddedRange(values: readonly number[]): readonly [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const margin = (high - low || 1) * MARGIN;
  return [low - margin, high + margin];
}
