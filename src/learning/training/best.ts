/** Keeps the weights of the best epoch while a model trains, and puts them back at the end. */
import * as tf from '@tensorflow/tfjs';
import type { Metrics } from '../../protocol/run';
import type { Learner } from './learner';

export class BestWeights {
  private kept: { readonly epoch: number; readonly loss: number; readonly weights: readonly tf.Tensor[] } | undefined;

  /** @param sync makes the learner's weights current */
  constructor(
    private readonly learner: Learner,
    private readonly sync: () => void,
  ) {}

  afterEpoch(epoch: number, values: Metrics): void {
    const loss = values['val_loss'] ?? values['loss'];
    if (loss === undefined || !(loss < (this.kept?.loss ?? Number.POSITIVE_INFINITY))) return;
    this.dispose();
    this.sync();
    // Variables get other tensors when they are assigned: a clone keeps these without a copy.
    this.kept = { epoch, loss, weights: this.learner.weights.map(({ tensor }) => tf.clone(tensor)) };
  }

  /** @returns the epoch that the weights are of; undefined where none was better than what is there */
  restore(): number | undefined {
    const { kept } = this;
    if (kept === undefined) return undefined;
    this.sync();
    this.learner.setWeights(kept.weights);
    return kept.epoch;
  }

  dispose(): void {
    tf.dispose([...(this.kept?.weights ?? [])]);
    this.kept = undefined;
  }
}
