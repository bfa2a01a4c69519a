/**
 * Writes a run as TensorBoard event files with TensorFlow's own summary writer, laid out as Keras' TensorBoard
 * callback does: `train/` and `validation/`, tags `batch_*` by step and `epoch_*` by epoch.
 */
import type { Point } from '../../protocol/run';
import fs from 'node:fs';
import path from 'node:path';
import { unwritable } from './folder';

export async function exportTensorBoard(runFolder: string, outputDirectory: string): Promise<void> {
  const tf = await import('@tensorflow/tfjs-node');
  try {
    fs.mkdirSync(outputDirectory, { recursive: true });
  } catch (error) {
    throw unwritable(outputDirectory, error);
  }
  const train = tf.node.summaryFileWriter(path.join(outputDirectory, 'train'));
  const validation = tf.node.summaryFileWriter(path.join(outputDirectory, 'validation'));
  for (const point of pointsOf(runFolder)) {
    for (const [name, value] of Object.entries(point.values)) {
      if (point.kind === 'step') train.scalar(`batch_${name}`, value, point.step);
      else if (name.startsWith('val_')) validation.scalar(`epoch_${name.slice('val_'.length)}`, value, point.epoch);
      else train.scalar(`epoch_${name}`, value, point.epoch);
    }
    if (point.kind === 'epoch') train.scalar('epoch_learning_rate', point.learningRate, point.epoch);
  }
  train.flush();
  validation.flush();
}

function pointsOf(runFolder: string): Point[] {
  const lines = fs.readFileSync(path.join(runFolder, 'metrics.jsonl'), 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Point);
}
