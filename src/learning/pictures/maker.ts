/** Pictures of the model while it trains. An maker listens to the loop and emits the newest picture of its kind. */
import type * as tf from '@tensorflow/tfjs';
import type { Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { Picture, PictureKind } from '../../protocol/run';
import type { Executor } from '../training/executor';
import type { Learner } from '../training/learner';

export interface PictureMaker {
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

export interface PictureContext {
  readonly experiment: Experiment;
  readonly executor: Executor;
  /** Its weights are current after `executor.sync()`. */
  readonly learner: Learner;
  readonly test: Split;
  readonly fromLogits: boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Whether whoever watches is to be told now, so that a picture may move with the curves. */
  readonly isNewsDue: () => boolean;
  readonly emit: (picture: Picture) => void;
  /** A picture could not be made; the training goes on without it. */
  readonly failed: (kind: PictureKind, error: unknown) => void;
}
