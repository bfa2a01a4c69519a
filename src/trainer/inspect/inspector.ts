/** Pictures of the model while it trains. An inspector listens to the loop and emits the newest picture of its kind. */
import type * as tf from '@tensorflow/tfjs';
import type { Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { Inspection } from '../../protocol/run';
import type { Executor } from '../training/executor';
import type { Learner } from '../training/learner';

export interface Inspector {
  /** Before the first step. */
  begin?(step: number, epoch: number): void;
  stepEnd?(step: number, epoch: number): void;
  /** Output of the model for test rows from `firstRow` on; valid during the call only. */
  testOutput?(output: tf.Tensor, firstRow: number): void;
  epochEnd?(step: number, epoch: number): void;
  /** The run waits: whoever looks has time. */
  paused?(step: number, epoch: number): void;
  /** No more steps follow. */
  end?(step: number, epoch: number): void;
}

export interface InspectorContext {
  readonly experiment: Experiment;
  readonly executor: Executor;
  /** Its weights are current after `executor.sync()`. */
  readonly learner: Learner;
  readonly test: Split;
  readonly fromLogits: boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  readonly emit: (inspection: Inspection) => void;
}
