/** Models that begin with the weights of another model file's run: what `trained` is to one loaded model file. */
import * as tf from '@tensorflow/tfjs';
import path from 'node:path';
import { checkedBase, untrained, type TrainedFunction } from '../../lab/trained';
import { LabError } from '../../protocol/errors';
import { readWeights } from '../runs/checkpointFile';
import { checkpointFolder } from '../../runFolder/layout';
import { finalCheckpoint, newestFinishedRun } from '../../runFolder/runs';
import { baseChanged, BaseMissing } from './missing';

export class TrainedModels {
  /** Weights of what was handed out: layers that the learner leaves out belong to no model that anyone disposes. */
  private readonly variables: tf.Tensor[] = [];
  private building = false;

  /** @param runs where finished runs are; without, models stay untrained */
  constructor(
    private readonly modelFile: string,
    private readonly runs: string | undefined,
  ) {}

  /** @throws BaseMissing, LabError BASE_CHANGED, EXPERIMENT_INVALID */
  readonly trained: TrainedFunction = (given, file) => {
    const experiment = checkedBase(given, file);
    // A base of the base: its weights are about to be written over.
    if (this.runs === undefined || this.building) return this.made(untrained(experiment));
    const base = path.resolve(path.dirname(this.modelFile), file);
    const run = newestFinishedRun(this.runs, base);
    if (run === undefined) throw new BaseMissing(base, this.runs);
    this.building = true;
    try {
      const model = this.made(untrained(experiment));
      restore(model, checkpointFolder(run.folder, finalCheckpoint(run.record) ?? ''), base);
      return model;
    } finally {
      this.building = false;
    }
  };

  /** Frees all weights that nobody has freed. The models are of no use afterwards. */
  release(): void {
    for (const variable of this.variables) if (!variable.isDisposed) variable.dispose();
    this.variables.length = 0;
  }

  private made(model: tf.LayersModel): tf.LayersModel {
    this.variables.push(...model.weights.map((weight) => weight.read()));
    return model;
  }
}

function restore(model: tf.LayersModel, checkpoint: string, base: string): void {
  const weights = model.weights.map((weight) => ({ name: weight.originalName, tensor: weight.read() }));
  let values: tf.Tensor[];
  try {
    values = readWeights(checkpoint, weights);
  } catch (error) {
    throw error instanceof LabError && error.code === 'CHECKPOINT_OTHER_MODEL' ? baseChanged(base, error) : error;
  }
  model.weights.forEach((weight, index) => {
    const value = values[index];
    if (value !== undefined) weight.write(value);
  });
  tf.dispose(values);
}
