/**
 * Pictures of the model while it trains. A maker listens to the training and emits the newest
 * picture of its kind; the sentence that says what it shows is the caller's.
 */
import type { PlainDataset, PlainSplit, Split } from '../../lab/dataset';
import type { Experiment } from '../../lab/experiment';
import type { Tokenizer } from '../../lab/tokenizers/tokenizer';
import type { PictureData, PictureKind } from '../../protocol/pictures';
import type { PictureSettings } from '../../protocol/textPictures';
import type { Executor } from '../training/executor';
import type { Learner } from '../training/learner';
import type { TrainingListener } from '../training/listener';
import type { TrainingState } from '../training/state';

/** `begin`, `paused`, `end`: whoever looks has time. */
export type PictureMaker = Pick<TrainingListener, 'begin' | 'stepEnd' | 'testOutput' | 'paused' | 'end'> & {
  epochEnd?(moment: Moment): void;
  /**
   * Draws at once as a learner wishes; what is of another kind is not its own. Called between two steps, and after the end
   * as long as the model is there.
   * @throws LabError for what cannot be drawn; then the settings stay as they were
   */
  readonly set?: (settings: PictureSettings) => void | Promise<void>;
  /** Nobody looks any more. */
  dispose?(): void;
};

export type Moment = Pick<TrainingState, 'step' | 'epoch'>;

export interface PictureContext {
  readonly experiment: Experiment;
  readonly data: PlainDataset;
  readonly executor: Executor;
  /** Its weights are current after `executor.sync()`. */
  readonly learner: Learner;
  readonly test: PlainSplit;
  readonly fromLogits: boolean;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Whether whoever watches is to be told now, so that a picture may move with the curves. */
  readonly isNewsDue: () => boolean;
  /** Whether anybody watches at all. */
  readonly isWatched: () => boolean;
  readonly emit: (picture: PictureData) => void;
  /** A picture could not be made; the training goes on without it. */
  readonly failed: (kind: PictureKind, error: unknown) => void;
}

/** Of data whose rows are tokens. */
export interface TextContext extends Omit<PictureContext, 'test'> {
  readonly test: Split;
  readonly tokenizer: Tokenizer;
}
