/**
 * Writes a run as TensorBoard event files with TensorFlow's own summary writer, laid out as Keras' TensorBoard
 * callback does: `train/` and `validation/`, tags `batch_*` by step and `epoch_*` by epoch. The model to compare with has
 * the same tags in `reference_train/` and `reference_validation/`, so that TensorBoard lays its curves over the others.
 */
import type * as TensorFlow from '@tensorflow/tfjs-node';
import { seriesParts, type Point } from '../../protocol/run';
import fs from 'node:fs';
import path from 'node:path';
import { unwritable } from './folder';

type Writer = ReturnType<typeof TensorFlow.node.summaryFileWriter>;

export async function exportTensorBoard(runFolder: string, outputDirectory: string): Promise<void> {
  const tf = await import('@tensorflow/tfjs-node');
  try {
    fs.mkdirSync(outputDirectory, { recursive: true });
  } catch (error) {
    throw unwritable(outputDirectory, error);
  }
  const writers = new Map<string, Writer>();
  const writer = (name: string): Writer => {
    const made = writers.get(name) ?? tf.node.summaryFileWriter(path.join(outputDirectory, name));
    writers.set(name, made);
    return made;
  };
  for (const { kind, values, step, epoch, learningRate } of pointsOf(runFolder)) {
    for (const [name, value] of Object.entries(values)) {
      const { metric, validation, reference } = seriesParts(name);
      const folder = `${reference ? 'reference_' : ''}${validation ? 'validation' : 'train'}`;
      if (kind === 'step') writer(folder).scalar(`batch_${metric}`, value, step);
      else writer(folder).scalar(`epoch_${metric}`, value, epoch);
    }
    if (kind === 'epoch') writer('train').scalar('epoch_learning_rate', learningRate, epoch);
  }
  for (const made of writers.values()) made.flush();
}

function pointsOf(runFolder: string): Point[] {
  const lines = fs.readFileSync(path.join(runFolder, 'metrics.jsonl'), 'utf8').split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as Point);
}
